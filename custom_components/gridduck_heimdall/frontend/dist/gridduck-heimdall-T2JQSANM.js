import{H as a,I as b}from"./gridduck-heimdall-7Y6R4NMN.js";import"./gridduck-heimdall-YS4O4LJA.js";export{a as LimitCard,b as LinesCard};

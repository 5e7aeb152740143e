import{I as a,J as b}from"./gridduck-heimdall-RUMD42JO.js";import"./gridduck-heimdall-YS4O4LJA.js";export{a as LimitCard,b as LinesCard};

import{B as a,C as b}from"./gridduck-heimdall-3A6MNBLM.js";import"./gridduck-heimdall-DFT6INVJ.js";export{a as LimitCard,b as LinesCard};

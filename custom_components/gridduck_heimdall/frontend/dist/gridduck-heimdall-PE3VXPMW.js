import{B as a,C as b}from"./gridduck-heimdall-C6A4UJJN.js";import"./gridduck-heimdall-DFT6INVJ.js";export{a as LimitCard,b as LinesCard};

import{B as a,C as b}from"./gridduck-heimdall-KK2EL63U.js";import"./gridduck-heimdall-DFT6INVJ.js";export{a as LimitCard,b as LinesCard};

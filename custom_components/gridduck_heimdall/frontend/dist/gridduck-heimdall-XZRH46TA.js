import{B as a,C as b}from"./gridduck-heimdall-ME5LUMTN.js";import"./gridduck-heimdall-O44XPRC3.js";export{a as LimitCard,b as LinesCard};

import{A as a,B as b}from"./gridduck-heimdall-HVWR5JHP.js";import"./gridduck-heimdall-O44XPRC3.js";export{a as LimitCard,b as LinesCard};

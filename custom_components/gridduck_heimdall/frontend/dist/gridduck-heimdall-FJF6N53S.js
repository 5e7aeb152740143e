import{B as a,C as b}from"./gridduck-heimdall-XR2RS4KC.js";import"./gridduck-heimdall-O44XPRC3.js";export{a as LimitCard,b as LinesCard};

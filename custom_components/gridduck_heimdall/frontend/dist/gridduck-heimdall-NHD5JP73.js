import{B as a,C as b}from"./gridduck-heimdall-T2CADO5X.js";import"./gridduck-heimdall-GSLYIWTM.js";export{a as LimitCard,b as LinesCard};

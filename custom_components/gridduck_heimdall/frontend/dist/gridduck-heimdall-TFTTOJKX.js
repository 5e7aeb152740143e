import{B as a,C as b}from"./gridduck-heimdall-SVNSOQBU.js";import"./gridduck-heimdall-GSLYIWTM.js";export{a as LimitCard,b as LinesCard};

import{B as a,C as b}from"./gridduck-heimdall-26QFPIS2.js";import"./gridduck-heimdall-BJ73BQIB.js";export{a as LimitCard,b as LinesCard};

import{B as a,C as b}from"./gridduck-heimdall-NBJNMD77.js";import"./gridduck-heimdall-BJ73BQIB.js";export{a as LimitCard,b as LinesCard};

import{B as a,C as b}from"./gridduck-heimdall-SWMXQ6PG.js";import"./gridduck-heimdall-DFT6INVJ.js";export{a as LimitCard,b as LinesCard};

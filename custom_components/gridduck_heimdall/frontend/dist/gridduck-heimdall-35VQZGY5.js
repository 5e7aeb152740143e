import{B as a,C as b}from"./gridduck-heimdall-VSCV7Z5R.js";import"./gridduck-heimdall-DFT6INVJ.js";export{a as LimitCard,b as LinesCard};

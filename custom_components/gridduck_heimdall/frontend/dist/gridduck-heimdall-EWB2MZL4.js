import{D as a,E as b}from"./gridduck-heimdall-LK2PPNGB.js";import"./gridduck-heimdall-BJ73BQIB.js";export{a as LimitCard,b as LinesCard};

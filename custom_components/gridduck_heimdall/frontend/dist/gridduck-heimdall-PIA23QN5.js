import{G as a,H as b}from"./gridduck-heimdall-2H7ZMCWT.js";import"./gridduck-heimdall-P6A6PGJO.js";export{a as LimitCard,b as LinesCard};

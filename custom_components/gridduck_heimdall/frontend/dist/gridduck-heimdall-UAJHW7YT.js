import{G as a,H as b}from"./gridduck-heimdall-KUEYHU2M.js";import"./gridduck-heimdall-P6A6PGJO.js";export{a as LimitCard,b as LinesCard};

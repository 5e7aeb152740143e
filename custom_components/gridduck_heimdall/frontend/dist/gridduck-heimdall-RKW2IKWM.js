import{G as a,H as b}from"./gridduck-heimdall-PYO2XDEV.js";import"./gridduck-heimdall-EP7JVYEZ.js";export{a as LimitCard,b as LinesCard};

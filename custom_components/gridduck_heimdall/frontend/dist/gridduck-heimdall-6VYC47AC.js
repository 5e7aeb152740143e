import{A as a,B as b}from"./gridduck-heimdall-H6465C54.js";import"./gridduck-heimdall-QT7S6ANG.js";export{a as LimitCard,b as LinesCard};

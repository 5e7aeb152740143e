import{D as a,E as b}from"./gridduck-heimdall-PAJ6RDVO.js";import"./gridduck-heimdall-BJ73BQIB.js";export{a as LimitCard,b as LinesCard};

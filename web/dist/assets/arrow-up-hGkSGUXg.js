import{aw as o}from"./index-DNhW1ko5.js";const a={name:"arrow-up",size:24,node:[["path",{d:"m5 12 7-7 7 7",key:"hav0vg"}],["path",{d:"M12 19V5",key:"x0mq9r"}]]};a.node;const r=o(a);export{r as A};

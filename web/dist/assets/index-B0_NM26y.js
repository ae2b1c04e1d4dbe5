import{bU as r}from"./index-DNhW1ko5.js";var a=r();export{a as r};

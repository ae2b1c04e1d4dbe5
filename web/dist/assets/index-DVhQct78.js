import{bU as r}from"./index-ChDna6Hp.js";var a=r();export{a as r};

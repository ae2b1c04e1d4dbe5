import{r}from"./index-DNhW1ko5.js";function n(t,e=200){const[s,o]=r.useState(t);return r.useEffect(()=>{const u=setTimeout(()=>o(t),e);return()=>clearTimeout(u)},[t,e]),s}export{n as u};

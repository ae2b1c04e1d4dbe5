function a(e,i=location.origin){return`${i}/song/${e.id}`}function c(e,i="",t=location.origin){const n=`${e.title} – ${e.artist}
${a(e,t)}`;return i.trim()?`${i.trim()}

${n}`:n}function $(e,i=location.origin){const t=i.replace(/[.*+?^${}()|[\]\\]/g,"\\$&"),n=new RegExp(`(?<!\\S)${t}/song/(\\d{1,15})(?=[\\s.,;:!?)]|$)`).exec(e);if(!n)return{text:e,songId:void 0,label:void 0};let r=e.slice(0,n.index);const o=e.slice(n.index+n[0].length);let l;const s=/(?:^|\n)([^\n]+ – [^\n]+)\n$/.exec(r);return s&&(l=s[1],r=r.slice(0,s.index)),{text:`${r.trim()}${r.trim()&&o.trim()?`
`:""}${o.trim()}`,songId:Number(n[1]),label:l}}function d(e){return e.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)'])/).map((i,t)=>({kind:t%2?"link":"text",value:i})).filter(({value:i})=>i)}export{$ as r,c as s,d as t};

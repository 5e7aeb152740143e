import{g as ne}from"./gridduck-heimdall-UUPDOOYV.js";import{a as l,b as W,c as L,d as Y,e as V,f as H,g as Z,h as J,i as Q,j as X,k as q,l as I,m as T,n as ee,o as te}from"./gridduck-heimdall-XZ6KO6VA.js";import{a as j,b as c,c as h,d as m,f as z,g as G,h as K}from"./gridduck-heimdall-CKDJZ3OC.js";import{b as D,f as O,g as M,i as N,j as U}from"./gridduck-heimdall-KPY7GBIA.js";function g(t,e,n){n!=null&&Number.isFinite(n)&&(t[e]=n)}function we(t,e,n){let r=new Map,s=new Map(t.headroom.map(a=>[a.start,a.mean]));for(let a of["current","dlr","aar"])for(let{start:i,end:o,mean:d}of t[a]){if(o<=e||i>=n)continue;let u=r.get(i)??{start:i,end:o,fields:{}};r.set(i,u),g(u.fields,a,d);let f=s.get(i);a==="current"&&typeof d=="number"&&typeof f=="number"&&g(u.fields,"inForce",d+f)}return[...r.values()].sort((a,i)=>a.start-i.start).map(({start:a,end:i,fields:o})=>({start:a,end:i,at:(a+Math.min(i,n))/2,ahead:!1,fallback:t.fallback.some(d=>d.start<i&&d.end>a),atRisk:C(o.current,o.inForce),...o}))}function C(t,e){return t!==void 0&&e!==void 0&&t>e}function Re(t,e){let n={};for(let r of["current","inForce","dlr","aar"])g(n,r,t[r]);return{start:e,end:e,at:e,ahead:!1,fallback:t.fallback??!1,atRisk:C(n.current,n.inForce),...t.limitedBy===void 0?{}:{limitedBy:t.limitedBy},...t.limitingSpan===void 0?{}:{limitingSpan:t.limitingSpan},...n}}function ve(t,e,n){for(let r=e-24*l;r>n-48*l;r-=24*l){let s=r<n?t.get(r):void 0;if(s!==void 0)return s}}function Fe(t,e,n){let{now:r,confidence:s}=n,a=new Map;for(let{start:i,end:o,mean:d}of t.current)typeof d=="number"&&o-i===l&&a.set(i,d);return e.filter(({start:i})=>i+l>r&&i<r+n.ahead*l).map(i=>{let o={};g(o,"inForce",i.in_force.prediction),g(o,"cautious",i.in_force[s]),g(o,"dlr",i.dlr?.prediction),g(o,"aar",i.aar?.prediction),g(o,"expected",ve(a,i.start,r));let d=Math.max(i.start,r),u=i.start+l;return{start:d,end:u,at:(d+u)/2,ahead:!0,fallback:!1,atRisk:C(o.expected,o.cautious??o.inForce),...i.limited_by===null?{}:{limitedBy:i.limited_by},...i.limiting_span===null?{}:{limitingSpan:i.limiting_span},...o}})}function re(t,e,n,r){let s=r.now-r.back*l;return[...we(t,s,r.now),Re(e,r.now),...Fe(t,n,r)]}function ie(t,e,n){return Y(t,r=>!n||n(r)?r[e]:void 0)}var ae=t=>I(t,({atRisk:e})=>e);var se=["current","inForce","cautious","dlr","aar","expected"];function oe(t,e,n){let r=n.flatMap(s=>se.map(a=>s[a]??0));return new W(t,e.from,e.to,Math.max(...r,e.staticRating??0,1))}function Oe(t,e){return ie(e,"cautious",r=>r.inForce!==void 0&&r.cautious!==void 0).map(r=>{let s=V(t,r,i=>i.inForce),a=V(t,r,i=>i.cautious).reverse();return h`<path class="band" d="M${[...s,...a].join("L")}Z" />`})}function de(t){return t.some(({cautious:e,inForce:n=e})=>e!==void 0&&e!==n)}function P(t){return t.some(({dlr:e,inForce:n})=>e!==void 0&&(n===void 0||Math.abs(e-n)>1))}function ue(t,e,n,r,s,a){let{width:i,height:o}=t.size,d=L(t.x(n.now)),u=n.staticRating===void 0?"":L(t.y(n.staticRating)),f=(p,F=p)=>H(t,e,_=>_[p],F),S=s?se.filter(p=>s[p]!==void 0):[];return c`<svg viewBox="0 0 ${i} ${o}" aria-hidden="true" focusable="false">
    ${Q} ${X(t,ae(e))} ${J(t,r)}
    ${Z(t,e,p=>p.current)} ${Oe(t,e)}
    ${u===""?m:h`<line class="line static" x1=${t.left} x2=${t.right} y1=${u} y2=${u} />`}
    ${f("aar")} ${P(e)?f("dlr"):m} ${f("expected")}
    ${f("current")} ${f("cautious")} ${f("inForce")}
    ${H(t,e,p=>p.fallback?p.inForce:void 0,"fallback")}
    <line class="now" x1=${d} x2=${d} y1=${t.top} y2=${t.bottom} />
    <text class="tick now-text" x=${Number(d)+4} y=${t.top+10}>${a}</text>
    ${s?q(t,s.at,S.map(p=>[p,s[p]??0])):m}
  </svg>`}var x={current:[],headroom:[],dlr:[],aar:[],fallback:[]};function le(t,e){let n=new N(t);return{current:n.find(e,"current","sensor"),headroom:n.find(e,"headroom","sensor"),loading:n.find(e,"loading","sensor"),limitedBy:n.find(e,"limited_by","sensor"),limitingSpan:n.find(e,"limiting_span","sensor"),dlr:n.find(e,"dlr","sensor"),aar:n.find(e,"aar","sensor"),staticRating:n.find(e,"static_rating","number"),fallback:n.find(e,"dlr_fallback","binary_sensor")}}var Me=t=>t===void 0||t==="unknown"||t==="unavailable"?void 0:t,Le={kA:1e3,A:1,mA:.001};function y(t,e){let n=U(t,e),r=e&&t.states[e]?.attributes.unit_of_measurement;return n===void 0?void 0:n*(Le[String(r)]??1)}function E(t,e){let n=y(t,e.current),r=y(t,e.headroom),s=e.loading===void 0?void 0:t.states[e.loading],a=e.limitingSpan&&Me(t.states[e.limitingSpan]?.state);return{current:n,inForce:n===void 0||r===void 0?void 0:n+r,dlr:y(t,e.dlr),aar:y(t,e.aar),limitedBy:s?.attributes.limited_by??void 0,limitingSpan:a||void 0,fallback:s?.attributes.fallback===!0}}function ce(t,e,n,r){return t.callWS({type:"recorder/statistics_during_period",start_time:new Date(r).toISOString(),statistic_ids:e,period:n,types:["mean"],units:{electric_current:"A"}})}async function Ve(t,e,n,r){if(!e)return[];let a=(await t.callWS({type:"history/history_during_period",start_time:new Date(n).toISOString(),end_time:new Date(r).toISOString(),entity_ids:[e],minimal_response:!0,no_attributes:!0}))[e]??[];return a.flatMap(({s:i,lu:o},d)=>{let u=a[d+1]?.lu;return i==="on"?[{start:o*1e3,end:u===void 0?r:u*1e3}]:[]})}async function fe(t,e,n,r){let{current:s,headroom:a,dlr:i,aar:o}=e,d=[s,a,i,o].filter($=>$!==void 0);if(!d.length)return x;let u=Math.floor(r/l)*l,f=u-Math.max(n,24)*l,[S,p,F]=await Promise.all([ce(t,d,"hour",f),ce(t,d,"5minute",u-l),Ve(t,e.fallback,f,r)]),_=$=>{if($===void 0)return[];let A=S[$]??[],$e=A.at(-1)?.end??0;return[...A,...(p[$]??[]).filter(xe=>xe.start>=$e)]};return{current:_(s),headroom:_(a),dlr:_(i),aar:_(o),fallback:F}}function k(t,e,n){switch(e){case"inForce":return t("in_force");case"cautious":return t("certain",{percent:n.replace(/^p/,"")});default:return t(e)}}var He=["current","expected","inForce","cautious","dlr","aar"],Te={circuit_rating:"circuit_rating",dlr:"dlr",aar:"aar",static_rating:"static_rating"};function me(t,e){let n=Te[e];return n?t(n):e}function B(t,e,n,r,s){let a=He.flatMap(i=>{let o=t[i];return o===void 0?[]:[{key:i,name:k(s,i,n),value:r.amperes(o)}]});return e!==void 0&&a.push({key:"static",name:s("static_rating"),value:r.amperes(e)}),t.limitingSpan!==void 0&&a.push({key:"other",name:s("limiting_span"),value:t.limitingSpan}),a}function w(t,e,n){return t.start===t.end?n("now"):e.moment(t.start)}function pe(t,e,n,r,s){let i=B(t,e,n,r,s).map(({name:d,value:u})=>`${d} ${u}`);t.fallback&&i.push(s("fallback")),t.atRisk&&i.push(s("risk"));let o=i.length?i.join(", "):s("unknown");return`${w(t,r,s)}: ${o}`}var Ce=["current","expected","inForce","dlr","aar"],v=t=>h`<line class="line ${t}" x1="1" x2="21" y1="5" y2="5" />`,he=t=>h`<rect class=${t} width="22" height="10" />`,R=(t,e)=>c`<li><svg class="sample" viewBox="0 0 22 10">${t}</svg>${e}</li>`;function ge(t,e,n,r){let s=Ce.filter(a=>t.some(i=>i[a]!==void 0)&&(a!=="dlr"||P(t)));return c`<ul class="legend" aria-hidden="true">
    ${s.map(a=>R(h`${a==="current"?he("area"):m}${v(a)}`,k(r,a,n)))}
    ${de(t)?R(he("band"),k(r,"cautious",n)):m}
    ${e===void 0?m:R(v("static"),r("static_rating"))}
    ${t.some(({fallback:a})=>a)?R(h`${v("inForce")}${v("fallback")}`,r("fallback")):m}
    ${t.some(({atRisk:a})=>a)?R(h`<path class="hatch" d="M2,10L8,0M9,10L15,0M16,10L22,0" />`,r("risk")):m}
  </ul>`}var be=[K,te,j`
    .expected {
      stroke: var(--current);
      stroke-dasharray: 1 4;
      stroke-linecap: round;
    }
    .inForce {
      stroke: var(--rating);
      stroke-width: 2.5;
    }
    .cautious {
      stroke: var(--rating);
      stroke-width: 1;
    }
    .band {
      fill: var(--rating);
      opacity: 0.22;
    }
    .dlr {
      stroke: var(--dlr);
      stroke-width: 1.5;
    }
    .aar {
      stroke: var(--aar);
      stroke-width: 1.5;
      stroke-dasharray: 6 4;
    }
    .static {
      stroke: var(--static);
      stroke-dasharray: 2 3;
    }
    /* A white dash on the rating: broken, whatever its colour. */
    .fallback {
      stroke: var(--card-background-color, #fff);
      stroke-width: 2.5;
      stroke-dasharray: 3 5;
    }
  `];var Pe=["current","expected","inForce","cautious","dlr","aar"];function _e(t,e,n,r,s){let a=Pe.filter(o=>t.some(d=>d[o]!==void 0)),i=t.filter(({start:o,end:d})=>o===d||d-o>l/2);return c`<table class="hidden">
    <caption>${e}</caption>
    <thead>
      <tr>
        <th scope="col">${s("time")}</th>
        ${a.map(o=>c`<th scope="col">${k(s,o,n)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${i.map(o=>c`<tr>
          <th scope="row">
            ${w(o,r,s)}${o.fallback?`, ${s("fallback")}`:""}${o.atRisk?`, ${s("risk")}`:""}
          </th>
          ${a.map(d=>{let u=o[d];return c`<td>${u===void 0?s("unknown"):r.amperes(u)}</td>`})}
        </tr>`)}
    </tbody>
  </table>`}function ye(t,e,n,r,s,a){let i=B(e,n,r,s,a);return ee(t,e.at,w(e,s,a),i.map(({name:o,value:d})=>[o,d]),[...e.fallback?[a("fallback")]:[],...e.atRisk?[a("risk")]:[]])}var ke=(t,e,n,r)=>typeof t=="number"&&Number.isFinite(t)?Math.min(Math.max(t,e),n):r,Se=class extends T{static styles=be;static properties={...T.properties,_recorded:{state:!0},_forecast:{state:!0},_status:{state:!0}};_entities={};_frame;_subscription=new z(e=>{this._forecast=e},e=>{e==="unauthorized"?this._status="not_permitted":e==="not_found"?this._status="gone":this._forecast={loaded:!1,forecast:null}});_history=new G(()=>this.hass?fe(this.hass,this._entities,this._back,Date.now()):Promise.resolve(x),e=>{this._recorded=e,(this._status==="loading"||this._status==="failed")&&(this._status="ready")},()=>{this._status==="loading"&&(this._status="failed")});constructor(){super(),this._recorded=x,this._status="loading"}disconnectedCallback(){super.disconnectedCallback(),this._subscription.stop(),this._history.stop()}get watched(){return Object.values(this._entities)}prepare(e,n,r){if(this.isPointing(r))return;let s=r.has("hass")?r.get("hass"):e,a=n.device_id??"";(s?.entities!==e.entities||r.has("config"))&&(this._entities=le(e,a)),this._follow(e,a);let i={now:Date.now(),back:this._back,ahead:this._ahead,confidence:this._confidence},o=this._forecast?.forecast?.hours??[];this.slots=re(this._recorded,E(e,this._entities),o,i),this._frame={now:i.now,from:i.now-this._back*l,to:i.now+this._ahead*l,staticRating:this._staticRating},this.plane=oe(this.size,this._frame,this.slots)}get _back(){return ke(this.config?.hours_back,6,168,24)}get _ahead(){return ke(this.config?.hours_ahead,0,72,48)}get _confidence(){let e=this.config?.confidence??"";return ne.includes(e)?e:"p95"}get _staticRating(){let e=this.hass&&y(this.hass,this._entities.staticRating);return e||void 0}get slotsPerDay(){return 24*this.slots.length/(this._back+this._ahead)}_follow(e,n){let r=e.devices[n],s=r&&O(r)==="line"&&this.isConnected,a=s?{type:`${D}/forecast`,device_id:n}:void 0;this._subscription.follow(e,a)&&(this._recorded=x,this._forecast=void 0,this._status="loading"),this._history.follow(s?[n,this._back,...Object.values(this._entities)].join():"")}draw(e,n){let r=e.devices[n.device_id??""],s=this._message(r!==void 0,O(r)==="line");if(!r||s)return c`<ha-card>
        ${r?c`<h2>${n.name??M(r)}</h2>`:m}
        <p class="message center" role="status">${s}</p>
      </ha-card>`;let a=n.name??M(r),i=this.formats;return c`<ha-card>
      <h2>${a}</h2>
      ${this._summary(e)}
      ${this._plot(a)}
      ${ge(this.slots,this._staticRating,this._confidence,this.say)}
      ${i?_e(this.slots,a,this._confidence,i,this.say):m}
    </ha-card>`}_message(e,n){let r=this.say;if(!this.config?.device_id||e&&!n)return r("what_to_choose");if(!e||this._status==="gone")return r("gone");if(this._status==="not_permitted")return r("not_permitted");if(this._status==="failed")return r("unavailable");if(this._status==="loading")return r("loading");let s=["current","inForce","dlr","aar"];return this.slots.some(i=>s.some(o=>i[o]!==void 0))?void 0:r("no_data")}_summary(e){let n=this.say,r=this.formats,s=this._entities.loading&&e.states[this._entities.loading],a=this._entities.headroom&&e.states[this._entities.headroom],i=E(e,this._entities),o=[];s&&o.push(n("loading_of",{value:e.formatEntityState(s)})),a&&o.push(n("headroom",{value:e.formatEntityState(a)})),i.limitedBy&&o.push(n("limited_by",{rating:me(n,i.limitedBy)})),i.fallback&&o.push(c`<span class="alert">${n("fallback")}</span>`);let d=this.slots.find(f=>f.atRisk&&f.ahead);d&&r&&o.push(c`<span class="alert">${n("risk_from",{time:r.moment(d.start)})}</span>`);let u=this._forecast&&!this._forecast.forecast?.hours.length&&this._ahead>0;return c`
      <p class="summary">
        ${o.map((f,S)=>c`${S?" · ":m}${f}`)}
      </p>
      ${this._forecast?.loaded===!1?c`<p class="message" role="status">${n("not_loaded")}</p>`:u?c`<p class="message" role="status">${n("forecast_missing")}</p>`:m}
    `}_plot(e){let{formats:n,plane:r,_frame:s,say:a}=this;return!n||!r||!s?m:this.plot(a("line_chart",{name:e}),i=>ue(r,this.slots,s,n,i,a("now")),i=>ye(r,i,this._staticRating,this._confidence,n,a))}sentence(e){return this.formats?pe(e,this._staticRating,this._confidence,this.formats,this.say):""}};export{Se as LineCard};

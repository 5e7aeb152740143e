import{a as f,b as h,c as w,d as g}from"./gridduck-heimdall-5D2NQKCZ.js";import{a as _,b as D,f as x,g as j,h as I,i as P,j as N,k as A,l as W,m as k,n as q,o as B}from"./gridduck-heimdall-XZ6KO6VA.js";import{a as O,b as l,c as v,d,f as T,g as E,h as C}from"./gridduck-heimdall-CKDJZ3OC.js";import{b as S,f as $,g as b,i as R}from"./gridduck-heimdall-KPY7GBIA.js";var H=["load","limit","curtailed"],y={load:[],limit:[],curtailed:[]};function U(m,t,e,s){let r=e-s*_,i=new Map;for(let o of H)for(let{start:a,end:u,mean:c}of m[o]){if(u<=r||a>=e||typeof c!="number")continue;let p=(a+Math.min(u,e))/2,M=i.get(a)??{start:a,end:u,at:p};M[o]=c,i.set(a,M)}return[...[...i.values()].sort((o,a)=>o.start-a.start),{start:e,end:e,at:e,...t}]}function z({action:m,sent:t,error:e}){return t?m:e===null?"advice":"failure"}var Q={state:["sensor","state"],load:["sensor","load"],limit:["sensor","limit"],headroom:["sensor","headroom"],curtailed:["sensor","power_curtailed"],count:["sensor","assets_curtailed"],unmet:["sensor","unmet_power"],next:["sensor","next_return"],available:["sensor","available"],mean:["sensor","expected_mean"],mode:["select","mode"],restore:["button","restore"],risk:["binary_sensor","peak_at_risk"]};function K(m,t){let e=new R(m);return Object.fromEntries(Object.entries(Q).map(([s,[r,i]])=>[s,e.find(t,`load_limit_${i}`,r)]))}async function V(m,t,e){let s=H.flatMap(n=>t[n]??[]);if(!s.length)return y;let r=await m.callWS({type:"recorder/statistics_during_period",start_time:new Date(Date.now()-e*_).toISOString(),statistic_ids:s,period:"5minute",types:["mean"],units:{electric_current:"A",power:"kW"}}),i=n=>n?r[n]??[]:[];return{load:i(t.load),limit:i(t.limit),curtailed:i(t.curtailed)}}var Y=[C,B,O`
    .body {
      flex: 1 0 180px;
      min-height: 180px;
    }
    .limit {
      stroke: var(--rating);
      stroke-width: 2.5;
    }
    .hatch {
      stroke: var(--aar);
    }
    .choice {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
    }
    details {
      margin-top: 10px;
    }
    summary {
      min-height: 32px;
      align-content: center;
      cursor: pointer;
    }
    ha-card {
      overflow-y: auto;
    }
  `];var J="event.load_limit_decision",F=(m,t)=>w(m,J,"reason",t),G=class extends k{static styles=Y;static properties={...k.properties,_history:{state:!0},_message:{state:!0},_status:{state:!0},_busy:{state:!0}};_entities={};_subscription=new T(t=>{this._message=t,this._status=void 0},t=>{this._status=t==="unauthorized"?"not_permitted":t==="not_found"?"limit_gone":"unavailable"});_past=new E(()=>this.hass?V(this.hass,this._entities,this._back):Promise.resolve(y),t=>{this._history=t},()=>{});constructor(){super(),this._history=y,this._busy=!1}disconnectedCallback(){super.disconnectedCallback(),this._subscription.stop(),this._past.stop()}get watched(){return Object.values(this._entities)}get slotsPerDay(){return 288}get _back(){let t=this.config?.hours_back;return typeof t=="number"&&t>0?Math.min(Math.max(t,6),72):24}get _unit(){let t=this._entities.load;return(t&&this.hass?.states[t]?.attributes.device_class)==="power"?"kW":"A"}prepare(t,e,s){if(this.isPointing(s))return;let r=s.has("hass")?s.get("hass"):t,i=e.device_id??"";(r?.entities!==t.entities||s.has("config"))&&(this._entities=K(t,i));let n=$(t.devices[i])==="load_limit"&&this.isConnected,o=n?{type:`${S}/load_limit`,device_id:i}:void 0;this._subscription.follow(t,o)&&(this._message=void 0,this._history=y,this._status="loading");let{load:a,limit:u,curtailed:c}=this._entities;this._past.follow(n?[i,this._back,a,u,c].join():""),this._place(t)}_place(t){let e=Date.now(),{load:s,limit:r,curtailed:i}=this._entities,n=Object.fromEntries(Object.entries({load:g(t,s),limit:g(t,r),curtailed:g(t,i)}).filter(([,a])=>a!==void 0));this.slots=U(this._history,n,e,this._back);let o=this.slots.flatMap(a=>[a.load??0,a.limit??0]);this.plane=new D(this.size,e-this._back*_,e,Math.max(...o,1))}draw(t,e){let{say:s}=this,r=t.devices[e.device_id??""],i=e.device_id?r?$(r)!=="load_limit"?"limit_choose":this._status:"limit_gone":"limit_choose";if(!r||i)return l`<ha-card>
        ${r?l`<h2>${e.name||b(r)}</h2>`:d}
        <p class="message center" role="status">${s(i??"limit_gone")}</p>
      </ha-card>`;let n=e.name||b(r);return l`<ha-card>
      <h2>${n}</h2>
      ${this._summary(t)} ${this._window(t)} ${this._chart(n)} ${this._legend()}
      ${this._off(t)} ${this._controls(t)} ${this._decisions(t)} ${this._table(n)}
    </ha-card>`}_summary(t){let{say:e}=this,{state:s,load:r,limit:i,headroom:n,unmet:o}=this._entities,a=(...p)=>s!==void 0&&p.includes(t.states[s]?.state??""),u=a("not_enough","no_response","no_data","unavailable"),c=[h(t,r)?e("load_of",{value:f(t,r)??""}):e("load_unknown"),h(t,i)?e("limit_of",{value:f(t,i)??""}):"",h(t,n)?e("headroom",{value:f(t,n)??""}):""].filter(Boolean);return l`
      <p class="summary" role="status">
        <b class=${u?"alert":""}>${f(t,s)??e("unknown")}</b>
        ${c.map(p=>l` · ${p}`)}
        ${a("not_enough")&&h(t,o)?l` · <span class="alert">${e("unmet",{value:f(t,o)??""})}</span>`:d}
      </p>
      ${this._message?.loaded===!1?l`<p class="message" role="status">${e("limit_not_loaded")}</p>`:d}
    `}_window(t){let{available:e,mean:s,risk:r}=this._entities;if(!h(t,e))return d;let{say:i}=this,n=(g(t,e)??0)<0,o=r!==void 0&&t.states[r]?.state==="on";return l`<p class="summary">
      <span class=${n?"alert":""}>
        ${i("available",{value:f(t,e)??""})}
      </span>
      ${h(t,s)?l` · ${i("mean",{value:f(t,s)??""})}`:d}
      ${o?l` · <span class="alert">${i("peak_risk")}</span>`:d}
    </p>`}_chart(t){let{formats:e,plane:s,slots:r}=this;if(!e||!s)return d;let{width:i,height:n}=s.size,o=W(r,({curtailed:a=0})=>a>0);return this.plot(this.say("limit_chart",{name:t}),a=>l`<svg viewBox="0 0 ${i} ${n}" aria-hidden="true" focusable="false">
        ${P} ${N(s,o)} ${I(s,e)}
        ${j(s,r,({load:u})=>u)}
        ${x(s,r,({load:u})=>u,"current")}
        ${x(s,r,({limit:u})=>u,"limit")}
        ${a?A(s,a.at,[...a.load===void 0?[]:[["current",a.load]],...a.limit===void 0?[]:[["limit",a.limit]]]):d}
      </svg>`,a=>q(s,a.at,this._time(a),this._values(a)))}_time(t){return t.start===t.end?this.say("now"):this.formats?.moment(t.start)??""}_values({load:t,limit:e,curtailed:s}){let{formats:r,say:i,_unit:n}=this;if(!r)return[];let o=[];return t!==void 0&&o.push([i("load"),r.quantity(t,n)]),e!==void 0&&o.push([i("limit"),r.quantity(e,n)]),s&&o.push([i("curtailed"),r.quantity(s,"kW")]),o}sentence(t){let e=this._values(t).map(([s,r])=>`${s} ${r}`);return`${this._time(t)}: ${e.join(", ")||this.say("unknown")}`}_legend(){let{say:t}=this,e=(r,i)=>l`<li><svg class="sample" viewBox="0 0 22 10">${r}</svg>${i}</li>`,s=r=>v`<line class="line ${r}" x1="1" x2="21" y1="5" y2="5" />`;return l`<ul class="legend" aria-hidden="true">
      ${e(v`<rect class="area" width="22" height="10" />${s("current")}`,t("load"))}
      ${e(s("limit"),t("limit"))}
      ${e(v`<path class="hatch" d="M2,10L8,0M9,10L15,0M16,10L22,0" />`,t("was_curtailed"))}
    </ul>`}_off(t){let{formats:e,say:s}=this,r=this._message?.curtailed??[],i=Date.now();return l`<h3>${s("off_now")}</h3>
      ${r.length&&e?l`<ul class="rows">
              ${r.map(n=>{let o=n.device_id?t.devices[n.device_id]:void 0,a=n.by_action?n.why:n.reason?F(t,n.reason):"";return l`<li>
                  <span>${o?b(o):n.name}</span>
                  <span>
                    ${n.returning?s("returning"):s("until",{time:e.timeNear(n.until,i)})}
                  </span>
                  <small>
                    ${[a,e.quantity(n.power/1e3,"kW")].filter(Boolean).join(" · ")}
                  </small>
                </li>`})}
            </ul>`:l`<p class="message">${s("nothing_off")}</p>`}`}_controls(t){let{say:e}=this,{mode:s,restore:r}=this._entities,i=s===void 0?void 0:t.states[s],n=i?.attributes.options??[];return l`<div class="buttons">
      ${i&&i.state!=="unavailable"?l`<div class="choice" role="group" aria-label=${e("mode")}>
              ${n.map(o=>l`<button
                  aria-pressed=${o===i.state}
                  ?disabled=${this._busy}
                  @click=${()=>this._call(t,"select","select_option",s,{option:o})}
                >
                  ${t.formatEntityState(i,o)}
                </button>`)}
            </div>`:d}
      ${r?l`<button
              ?disabled=${this._busy||!this._message?.curtailed.length}
              @click=${()=>this._call(t,"button","press",r)}
            >
              ${e("restore")}
            </button>`:d}
    </div>`}async _call(t,e,s,r,i={}){if(r){this._busy=!0;try{await t.callService(e,s,i,{entity_id:r})}catch{}finally{this._busy=!1}}}_decisions(t){let{formats:e,say:s}=this,r=this._message?.decisions??[];return!r.length||!e?d:l`<details>
      <summary>${s("decisions")}</summary>
      <ul class="rows">
        ${r.map(i=>{let n=w(t,J,"event_type",z(i)),o=p=>p===null?"":e.quantity(p,i.unit||"kW"),a=i.load===null||i.limit===null?"":s("load_against",{load:o(i.load),limit:o(i.limit)}),u=i.load_after===null?"":s("load_after",{load:o(i.load_after)}),c=i.error??F(t,i.reason);return l`<li>
            <span>${n}: ${i.asset}</span>
            <span>${e.moment(i.at)}</span>
            <small>${[c,a,u].filter(Boolean).join(" · ")}</small>
          </li>`})}
      </ul>
    </details>`}_table(t){let{say:e}=this,s=this.slots.filter(({start:r,end:i})=>r===i||Math.floor(r/_)*_===r);return l`<table class="hidden">
      <caption>${t}</caption>
      ${s.map(r=>l`<tr>
          <th scope="row">${this._time(r)}</th>
          <td>
            ${this._values(r).map(([i,n])=>`${i} ${n}`).join(", ")||e("unknown")}
          </td>
        </tr>`)}
    </table>`}};export{G as LimitCard};

import{a as h,b as O,c as S}from"./gridduck-heimdall-5D2NQKCZ.js";import{a as k,b as a,d as m,e as y,f as A,h as H}from"./gridduck-heimdall-CKDJZ3OC.js";import{b as w,f as $,g as f,h as _,i as x,k as C}from"./gridduck-heimdall-KPY7GBIA.js";function D(o,e){let t=new x(o),n=_(o,"asset"),s=new Map;for(let{via_device_id:i}of n)i&&s.set(i,(s.get(i)??0)+1);return n.flatMap(i=>{let d=C(o,i);if(e&&d?.id!==e)return[];let{id:r}=i;return[{device:i,site:d,below:s.get(r)??0,entities:{switch:t.find(r,"asset","switch"),state:t.find(r,"state","binary_sensor"),power:t.ofClass(r,"power"),override:t.find(r,"override","sensor"),ends:t.find(r,"override_ends","sensor"),end:t.find(r,"end_override","button"),connection:t.find(r,"connection","binary_sensor")}}]})}var E=({entities:o})=>(o.switch??o.end)!==void 0;function b(o,{entities:e}){let t=e.switch?o.states[e.switch]?.attributes:void 0,n=e.override?o.states[e.override]?.state:void 0,s=t?.override??n;if(s!=="boost"&&s!=="snooze")return{kind:"none"};let i=t?.until??(e.ends&&o.states[e.ends]?.state),d=typeof i=="string"?Date.parse(i):NaN;return Number.isNaN(d)?{kind:s}:{kind:s,until:d}}function R(o,e){let t=new Map(e.map(n=>[n,b(o,n).kind==="none"?1:0]));return[...e].sort((n,s)=>(t.get(n)??0)-(t.get(s)??0))}function T(o,e,t){let n=o===void 0?0:Math.max(0,(o-t)/6e4);return Math.min(Math.ceil(n+e),1440)}function z(o,e){if(!e)return;let t=o.devices[e];return t?$(t)==="site"?void 0:"site_choose":"site_gone"}var g=({device:o})=>f(o);var B=[15,30,60,120,240,480],N={boost:"boost",snooze:"snooze",extend:"extend",resume:"end"};function j(o,e,t,n,{choose:s,command:i,close:d}){let{asset:r,minutes:p,confirm:c,busy:u}=o,v=e==="none"?["boost","snooze"]:["extend",e==="boost"?"snooze":"boost","resume"],V=l=>l<60?n("minutes",{count:String(l)}):l===60?n("hour"):n("hours",{count:String(l/60)});return a`<dialog aria-labelledby="title" @close=${d}>
    <h2 id="title">${g(r)}</h2>
    <p class="summary" role="status">${t}</p>
    ${r.below?a`<p class="message">${n("below",{count:String(r.below)})}</p>`:m}
    <label>
      ${n("duration")}
      <select @change=${l=>s(Number(l.target.value))}>
        ${B.map(l=>a`<option value=${l} ?selected=${l===p}>${V(l)}</option>`)}
      </select>
    </label>
    <div class="buttons">
      ${c?a`<button ?disabled=${u} class="alert" @click=${()=>i(c)}>
              ${n("confirm",{command:n(N[c])})}
            </button>`:v.map(l=>a`<button ?disabled=${u} @click=${()=>i(l)}>
                ${n(N[l])}
              </button>`)}
      <button
        @click=${l=>l.currentTarget.closest("dialog")?.close()}
      >
        ${n("close")}
      </button>
    </div>
  </dialog>`}var I={boost:["boost_running","boost_until"],snooze:["snooze_running","snooze_until"]},L=30,P=class extends y{static styles=[H,k`
      ha-card {
        overflow-y: auto;
      }
      .rows > li {
        align-items: center;
        flex-wrap: nowrap;
      }
      .name {
        flex: 1;
        min-width: 0;
      }
      .name small {
        display: block;
      }
      .power {
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      dialog {
        border: none;
        border-radius: 16px;
        padding: 20px;
        width: min(380px, 82vw);
        background: var(--card-background-color, #fff);
        color: var(--primary-text-color);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        margin-top: 10px;
      }
    `];static properties={...y.properties,_site:{state:!0},_many:{state:!0},_open:{state:!0},_curtailed:{state:!0}};_assets=[];_subscription=new A(({curtailed:e})=>{this._curtailed=new Map(e.map(t=>[t.device_id,t]))},()=>{});constructor(){super(),this._site="",this._many=!1,this._curtailed=new Map}disconnectedCallback(){super.disconnectedCallback(),this._subscription.stop()}get watched(){return this._assets.flatMap(({entities:e})=>Object.values(e))}prepare(e,t,n){let s=n.has("hass")?n.get("hass"):e;(s?.entities!==e.entities||s.devices!==e.devices||n.has("config")||n.has("_site"))&&(this._assets=D(e,t.device_id??this._site)),this._subscription.follow(e,this.isConnected&&this._assets.length?{type:`${w}/curtailed`}:void 0)}updated(){let e=this.renderRoot.querySelector("dialog");e&&!e.open&&e.showModal()}draw(e,t){let{say:n}=this,s=e.devices[t.device_id??""],i=t.name||(s?f(s):n("assets")),d=z(e,t.device_id);if(d)return a`<ha-card><p class="message center" role="status">${n(d)}</p></ha-card>`;let r=t.show==="overridden",p=this._assets.filter(v=>!r||b(e,v).kind!=="none"),c=R(e,p),u=this._many?c:c.slice(0,L);return a`<ha-card>
      <h2>${i}</h2>
      ${this._filter(e,t)}
      ${u.length?a`<ul class="rows">
              ${u.map(v=>this._row(e,v,!t.device_id))}
            </ul>`:a`<p class="message center" role="status">
              ${n(r&&this._assets.length?"nothing_overridden":"no_assets")}
            </p>`}
      ${u.length<c.length?a`<div class="buttons">
              <button @click=${()=>this._many=!0}>
                ${n("more",{count:String(c.length-u.length)})}
              </button>
            </div>`:m}
      ${this._dialog(e)}
    </ha-card>`}_filter(e,t){let n=t.device_id?[]:_(e,"site");if(n.length<2)return m;let{say:s}=this;return a`<label>
      ${s("site")}
      <select
        @change=${i=>{this._site=i.target.value,this._many=!1}}
      >
        <option value="">${s("all_sites")}</option>
        ${n.map(i=>a`<option value=${i.id} ?selected=${i.id===this._site}>
            ${f(i)}
          </option>`)}
      </select>
    </label>`}_status(e,t){let{formats:n,say:s}=this,{entities:i}=t,{kind:d,until:r}=b(e,t);if(i.connection&&e.states[i.connection]?.state==="off")return h(e,i.connection)??"";if(d!=="none"&&n){let p=r===void 0?"":n.timeNear(r,Date.now()),[c,u]=I[d];return p?s(u,{time:p}):s(c)}return h(e,i.switch??i.state??i.connection)??s("unknown")}_reason(e,t){let n=this._curtailed.get(t.device.id);if(!n)return"";let s=n.reason&&S(e,"event.load_limit_decision","reason",n.reason);return[n.why,s].filter(Boolean).join(": ")}_row(e,t,n){let{power:s}=t.entities,i=[this._status(e,t),this._reason(e,t),n&&t.site?f(t.site):""].filter(Boolean);return a`<li>
      <span class="name">${g(t)}<small>${i.join(" · ")}</small></span>
      <span class="power">${O(e,s)?h(e,s):m}</span>
      ${E(t)?a`<button
              aria-haspopup="dialog"
              aria-label=${this.say("control_of",{name:g(t)})}
              @click=${()=>this._open={asset:t,minutes:60,confirm:void 0,busy:!1}}
            >
              ${this.say("control")}
            </button>`:m}
    </li>`}_dialog(e){let t=this._open;if(!t)return m;let{kind:n}=b(e,t.asset);return j(t,n,this._status(e,t.asset),this.say,{choose:s=>this._open={...t,minutes:s},command:s=>{this._command(e,t,s)},close:()=>this._open=void 0})}async _command(e,t,n){let{asset:s,minutes:i}=t,{kind:d,until:r}=b(e,s);if(s.below&&n!=="resume"&&t.confirm!==n){this._open={...t,confirm:n};return}this._open={...t,busy:!0};let p=n==="extend"?d:n,c=n==="extend"?T(r,i,Date.now()):i,u=n==="resume"?{}:{duration:{minutes:c}};try{await e.callService(w,p,u,{device_id:s.device.id}),this._open=void 0}catch{this._open={...t,confirm:void 0,busy:!1}}}};export{P as AssetsCard};

var rt=globalThis,st=rt.ShadowRoot&&(rt.ShadyCSS===void 0||rt.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,bt=Symbol(),Gt=new WeakMap,q=class{constructor(t,e,n){if(this._$cssResult$=!0,n!==bt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(st&&t===void 0){let n=e!==void 0&&e.length===1;n&&(t=Gt.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),n&&Gt.set(e,t))}return t}toString(){return this.cssText}},Wt=i=>new q(typeof i=="string"?i:i+"",void 0,bt),vt=(i,...t)=>{let e=i.length===1?i[0]:t.reduce((n,r,s)=>n+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+i[s+1],i[0]);return new q(e,i,bt)},qt=(i,t)=>{if(st)i.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let n=document.createElement("style"),r=rt.litNonce;r!==void 0&&n.setAttribute("nonce",r),n.textContent=e.cssText,i.appendChild(n)}},$t=st?i=>i:i=>i instanceof CSSStyleSheet?(t=>{let e="";for(let n of t.cssRules)e+=n.cssText;return Wt(e)})(i):i;var{is:Xe,defineProperty:Je,getOwnPropertyDescriptor:Qe,getOwnPropertyNames:ti,getOwnPropertySymbols:ei,getPrototypeOf:ii}=Object,ot=globalThis,Yt=ot.trustedTypes,ni=Yt?Yt.emptyScript:"",ri=ot.reactiveElementPolyfillSupport,Y=(i,t)=>i,wt={toAttribute(i,t){switch(t){case Boolean:i=i?ni:null;break;case Object:case Array:i=i==null?i:JSON.stringify(i)}return i},fromAttribute(i,t){let e=i;switch(t){case Boolean:e=i!==null;break;case Number:e=i===null?null:Number(i);break;case Object:case Array:try{e=JSON.parse(i)}catch{e=null}}return e}},Xt=(i,t)=>!Xe(i,t),Zt={attribute:!0,type:String,converter:wt,reflect:!1,useDefault:!1,hasChanged:Xt};Symbol.metadata??=Symbol("metadata"),ot.litPropertyMetadata??=new WeakMap;var E=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=Zt){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(t,n,e);r!==void 0&&Je(this.prototype,t,r)}}static getPropertyDescriptor(t,e,n){let{get:r,set:s}=Qe(this.prototype,t)??{get(){return this[e]},set(o){this[e]=o}};return{get:r,set(o){let a=r?.call(this);s?.call(this,o),this.requestUpdate(t,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??Zt}static _$Ei(){if(this.hasOwnProperty(Y("elementProperties")))return;let t=ii(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(Y("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(Y("properties"))){let e=this.properties,n=[...ti(e),...ei(e)];for(let r of n)this.createProperty(r,e[r])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[n,r]of e)this.elementProperties.set(n,r)}this._$Eh=new Map;for(let[e,n]of this.elementProperties){let r=this._$Eu(e,n);r!==void 0&&this._$Eh.set(r,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let n=new Set(t.flat(1/0).reverse());for(let r of n)e.unshift($t(r))}else t!==void 0&&e.push($t(t));return e}static _$Eu(t,e){let n=e.attribute;return n===!1?void 0:typeof n=="string"?n:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let n of e.keys())this.hasOwnProperty(n)&&(t.set(n,this[n]),delete this[n]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return qt(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,n){this._$AK(t,n)}_$ET(t,e){let n=this.constructor.elementProperties.get(t),r=this.constructor._$Eu(t,n);if(r!==void 0&&n.reflect===!0){let s=(n.converter?.toAttribute!==void 0?n.converter:wt).toAttribute(e,n.type);this._$Em=t,s==null?this.removeAttribute(r):this.setAttribute(r,s),this._$Em=null}}_$AK(t,e){let n=this.constructor,r=n._$Eh.get(t);if(r!==void 0&&this._$Em!==r){let s=n.getPropertyOptions(r),o=typeof s.converter=="function"?{fromAttribute:s.converter}:s.converter?.fromAttribute!==void 0?s.converter:wt;this._$Em=r;let a=o.fromAttribute(e,s.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(t,e,n,r=!1,s){if(t!==void 0){let o=this.constructor;if(r===!1&&(s=this[t]),n??=o.getPropertyOptions(t),!((n.hasChanged??Xt)(s,e)||n.useDefault&&n.reflect&&s===this._$Ej?.get(t)&&!this.hasAttribute(o._$Eu(t,n))))return;this.C(t,e,n)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:n,reflect:r,wrapped:s},o){n&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,o??e??this[t]),s!==!0||o!==void 0)||(this._$AL.has(t)||(this.hasUpdated||n||(e=void 0),this._$AL.set(t,e)),r===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,s]of this._$Ep)this[r]=s;this._$Ep=void 0}let n=this.constructor.elementProperties;if(n.size>0)for(let[r,s]of n){let{wrapped:o}=s,a=this[r];o!==!0||this._$AL.has(r)||a===void 0||this.C(r,void 0,s,a)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(n=>n.hostUpdate?.()),this.update(e)):this._$EM()}catch(n){throw t=!1,this._$EM(),n}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};E.elementStyles=[],E.shadowRootOptions={mode:"open"},E[Y("elementProperties")]=new Map,E[Y("finalized")]=new Map,ri?.({ReactiveElement:E}),(ot.reactiveElementVersions??=[]).push("2.1.2");var Ct=globalThis,Jt=i=>i,at=Ct.trustedTypes,Qt=at?at.createPolicy("lit-html",{createHTML:i=>i}):void 0,se="$lit$",M=`lit$${Math.random().toFixed(9).slice(2)}$`,oe="?"+M,si=`<${oe}>`,F=document,X=()=>F.createComment(""),J=i=>i===null||typeof i!="object"&&typeof i!="function",Mt=Array.isArray,oi=i=>Mt(i)||typeof i?.[Symbol.iterator]=="function",xt=`[ 	
\f\r]`,Z=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,te=/-->/g,ee=/>/g,P=RegExp(`>|${xt}(?:([^\\s"'>=/]+)(${xt}*=${xt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),ie=/'/g,ne=/"/g,ae=/^(?:script|style|textarea|title)$/i,Ot=i=>(t,...e)=>({_$litType$:i,strings:t,values:e}),m=Ot(1),p=Ot(2),qi=Ot(3),L=Symbol.for("lit-noChange"),u=Symbol.for("lit-nothing"),re=new WeakMap,D=F.createTreeWalker(F,129);function ce(i,t){if(!Mt(i)||!i.hasOwnProperty("raw"))throw Error("invalid template strings array");return Qt!==void 0?Qt.createHTML(t):t}var ai=(i,t)=>{let e=i.length-1,n=[],r,s=t===2?"<svg>":t===3?"<math>":"",o=Z;for(let a=0;a<e;a++){let c=i[a],d,l,h=-1,v=0;for(;v<c.length&&(o.lastIndex=v,l=o.exec(c),l!==null);)v=o.lastIndex,o===Z?l[1]==="!--"?o=te:l[1]!==void 0?o=ee:l[2]!==void 0?(ae.test(l[2])&&(r=RegExp("</"+l[2],"g")),o=P):l[3]!==void 0&&(o=P):o===P?l[0]===">"?(o=r??Z,h=-1):l[1]===void 0?h=-2:(h=o.lastIndex-l[2].length,d=l[1],o=l[3]===void 0?P:l[3]==='"'?ne:ie):o===ne||o===ie?o=P:o===te||o===ee?o=Z:(o=P,r=void 0);let $=o===P&&i[a+1].startsWith("/>")?" ":"";s+=o===Z?c+si:h>=0?(n.push(d),c.slice(0,h)+se+c.slice(h)+M+$):c+M+(h===-2?a:$)}return[ce(i,s+(i[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),n]},Q=class i{constructor({strings:t,_$litType$:e},n){let r;this.parts=[];let s=0,o=0,a=t.length-1,c=this.parts,[d,l]=ai(t,e);if(this.el=i.createElement(d,n),D.currentNode=this.el.content,e===2||e===3){let h=this.el.content.firstChild;h.replaceWith(...h.childNodes)}for(;(r=D.nextNode())!==null&&c.length<a;){if(r.nodeType===1){if(r.hasAttributes())for(let h of r.getAttributeNames())if(h.endsWith(se)){let v=l[o++],$=r.getAttribute(h).split(M),A=/([.?@])?(.*)/.exec(v);c.push({type:1,index:s,name:A[2],strings:$,ctor:A[1]==="."?kt:A[1]==="?"?At:A[1]==="@"?Et:z}),r.removeAttribute(h)}else h.startsWith(M)&&(c.push({type:6,index:s}),r.removeAttribute(h));if(ae.test(r.tagName)){let h=r.textContent.split(M),v=h.length-1;if(v>0){r.textContent=at?at.emptyScript:"";for(let $=0;$<v;$++)r.append(h[$],X()),D.nextNode(),c.push({type:2,index:++s});r.append(h[v],X())}}}else if(r.nodeType===8)if(r.data===oe)c.push({type:2,index:s});else{let h=-1;for(;(h=r.data.indexOf(M,h+1))!==-1;)c.push({type:7,index:s}),h+=M.length-1}s++}}static createElement(t,e){let n=F.createElement("template");return n.innerHTML=t,n}};function V(i,t,e=i,n){if(t===L)return t;let r=n!==void 0?e._$Co?.[n]:e._$Cl,s=J(t)?void 0:t._$litDirective$;return r?.constructor!==s&&(r?._$AO?.(!1),s===void 0?r=void 0:(r=new s(i),r._$AT(i,e,n)),n!==void 0?(e._$Co??=[])[n]=r:e._$Cl=r),r!==void 0&&(t=V(i,r._$AS(i,t.values),r,n)),t}var St=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:n}=this._$AD,r=(t?.creationScope??F).importNode(e,!0);D.currentNode=r;let s=D.nextNode(),o=0,a=0,c=n[0];for(;c!==void 0;){if(o===c.index){let d;c.type===2?d=new tt(s,s.nextSibling,this,t):c.type===1?d=new c.ctor(s,c.name,c.strings,this,t):c.type===6&&(d=new Rt(s,this,t)),this._$AV.push(d),c=n[++a]}o!==c?.index&&(s=D.nextNode(),o++)}return D.currentNode=F,r}p(t){let e=0;for(let n of this._$AV)n!==void 0&&(n.strings!==void 0?(n._$AI(t,n,e),e+=n.strings.length-2):n._$AI(t[e])),e++}},tt=class i{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,n,r){this.type=2,this._$AH=u,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=V(this,t,e),J(t)?t===u||t==null||t===""?(this._$AH!==u&&this._$AR(),this._$AH=u):t!==this._$AH&&t!==L&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):oi(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==u&&J(this._$AH)?this._$AA.nextSibling.data=t:this.T(F.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:n}=t,r=typeof n=="number"?this._$AC(t):(n.el===void 0&&(n.el=Q.createElement(ce(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(e);else{let s=new St(r,this),o=s.u(this.options);s.p(e),this.T(o),this._$AH=s}}_$AC(t){let e=re.get(t.strings);return e===void 0&&re.set(t.strings,e=new Q(t)),e}k(t){Mt(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,n,r=0;for(let s of t)r===e.length?e.push(n=new i(this.O(X()),this.O(X()),this,this.options)):n=e[r],n._$AI(s),r++;r<e.length&&(this._$AR(n&&n._$AB.nextSibling,r),e.length=r)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let n=Jt(t).nextSibling;Jt(t).remove(),t=n}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},z=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,n,r,s){this.type=1,this._$AH=u,this._$AN=void 0,this.element=t,this.name=e,this._$AM=r,this.options=s,n.length>2||n[0]!==""||n[1]!==""?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=u}_$AI(t,e=this,n,r){let s=this.strings,o=!1;if(s===void 0)t=V(this,t,e,0),o=!J(t)||t!==this._$AH&&t!==L,o&&(this._$AH=t);else{let a=t,c,d;for(t=s[0],c=0;c<s.length-1;c++)d=V(this,a[n+c],e,c),d===L&&(d=this._$AH[c]),o||=!J(d)||d!==this._$AH[c],d===u?t=u:t!==u&&(t+=(d??"")+s[c+1]),this._$AH[c]=d}o&&!r&&this.j(t)}j(t){t===u?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},kt=class extends z{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===u?void 0:t}},At=class extends z{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==u)}},Et=class extends z{constructor(t,e,n,r,s){super(t,e,n,r,s),this.type=5}_$AI(t,e=this){if((t=V(this,t,e,0)??u)===L)return;let n=this._$AH,r=t===u&&n!==u||t.capture!==n.capture||t.once!==n.once||t.passive!==n.passive,s=t!==u&&(n===u||r);r&&this.element.removeEventListener(this.name,this,n),s&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},Rt=class{constructor(t,e,n){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(t){V(this,t)}};var ci=Ct.litHtmlPolyfillSupport;ci?.(Q,tt),(Ct.litHtmlVersions??=[]).push("3.3.3");var de=(i,t,e)=>{let n=e?.renderBefore??t,r=n._$litPart$;if(r===void 0){let s=e?.renderBefore??null;n._$litPart$=r=new tt(t.insertBefore(X(),s),s,void 0,e??{})}return r._$AI(i),r};var Ht=globalThis,O=class extends E{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=de(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return L}};O._$litElement$=!0,O.finalized=!0,Ht.litElementHydrateSupport?.({LitElement:O});var di=Ht.litElementPolyfillSupport;di?.({LitElement:O});(Ht.litElementVersions??=[]).push("4.2.2");var li={comma_decimal:["en-US","en"],decimal_comma:["de","es","it"],space_comma:["fr","sv","cs"],quote_decimal:["de-CH"]};function ui(i){switch(i.number_format){case"language":return i.language;case"system":return;case"none":return"en-US";default:return li[i.number_format]??i.language}}var ct=class{timeZone;#t;#e;#i;#n;#r;constructor(t){let{locale:e}=t;this.timeZone=e.time_zone==="server"?t.config.time_zone:void 0,this.#t=new Intl.NumberFormat(ui(e),{maximumFractionDigits:0,useGrouping:e.number_format!=="none"});let n=this.timeZone===void 0?{}:{timeZone:this.timeZone},r={hour:"numeric",minute:"2-digit",...n};(e.time_format==="12"||e.time_format==="24")&&(r.hourCycle=e.time_format==="12"?"h12":"h23");let s=e.time_format==="system"?void 0:e.language;this.#e=new Intl.DateTimeFormat(s,r),this.#i=new Intl.DateTimeFormat(s,{weekday:"short",...r}),this.#n=new Intl.DateTimeFormat(e.language,{weekday:"short",day:"numeric",...n}),this.#r=new Intl.DateTimeFormat("en",{hour:"numeric",minute:"numeric",hourCycle:"h23",...n})}number(t){return this.#t.format(t)}amperes(t){return`${this.number(t)} A`}percent(t){return`${this.number(t)} %`}time(t){return this.#e.format(t)}moment(t){return this.#i.format(t)}day(t){return this.#n.format(t)}minuteOfDay(t){let e=this.#r.formatToParts(t),n=r=>Number(e.find(s=>s.type===r)?.value);return n("hour")*60+n("minute")}};var H="gridduck_heimdall";function y(i){let t=i?.identifiers.find(([e])=>e===H)?.[1]??"";return t.slice(0,t.indexOf(":"))}function R(i){return i.name_by_user??i.name??i.id}function _(i,t){let e=new Intl.Collator(i.locale.language,{numeric:!0}).compare;return Object.values(i.devices).filter(n=>y(n)===t).sort((n,r)=>e(R(n),R(r)))}var w=class{constructor(t){this.hass=t;for(let e of Object.values(t.entities))if(e.platform===H&&e.device_id&&!e.hidden){let n=this.#t.get(e.device_id);n?n.push(e):this.#t.set(e.device_id,[e])}}hass;#t=new Map;find(t,e,...n){return this.#t.get(t)?.find(({entity_id:r,translation_key:s})=>s===e&&(!n.length||n.includes(le(r))))?.entity_id}all(t,e){return e.flatMap(n=>this.find(t,n)??[])}ofClass(t,e){return this.#t.get(t)?.find(({entity_id:n})=>le(n)==="sensor"&&this.hass.states[n]?.attributes.device_class===e)?.entity_id}number(t){return Tt(this.hass,t)}};function Tt(i,t){let e=t===void 0?void 0:i.states[t]?.state,n=e===void 0||e===""?NaN:Number(e);return Number.isFinite(n)?n:void 0}function le(i){return i.slice(0,i.indexOf("."))}function ue(i,t){let e=new Set,n=t;for(;n&&y(n)!=="site"&&!e.has(n.id);)e.add(n.id),n=n.via_device_id?i.devices[n.via_device_id]:void 0;return n&&y(n)==="site"?n:void 0}function he(i,t){let e=t.via_device_id?i.devices[t.via_device_id]:void 0;return y(e)==="facility"?e:void 0}var fe={activity:"Activity",aar:"Ambient-adjusted rating",ahead:"Hours ahead",assets:"Assets",back:"Hours back",card_description:"Current and ratings of an overhead line, past and ahead.",card_name:"Line: current and ratings",certain:"{percent} % certain",circuit_rating:"Circuit rating",confidence:"Confidence",current:"Current",dashboard_description:"Overhead lines, load limits, sites and what happened, made from what you have.",device:"Line",dlr:"Dynamic line rating",empty:"Nothing here yet",empty_text:`Add an account of GridDuck or Heimdall Power, and its sites and lines appear here by themselves.

[Add an account](/config/integrations/integration/gridduck_heimdall)`,expected:"Load a day earlier",fallback:"Fallback",forecast_missing:"No forecast at present.",gone:"This line no longer exists. Choose another one in the settings of the card, or remove the card.",headroom:"Headroom {value}",in_force:"Rating in force",limited_by:"Limit: {rating}",limiting_span:"Limiting span",line_chart:"{name}: values over time. Arrow keys move through time.",lines:"Lines",load_limits:"Load limits",loading:"Loading…",loading_of:"Loading {value}",no_data:"There are no measurements and no forecast of this line yet.",not_loaded:"The account of this line is not loaded: shown is what was recorded.",not_permitted:"You are not permitted to see this line.",now:"Now",overridden:"Boosted or snoozed now",overview:"Overview",past:"Last seven days",risk:"Hours at risk",risk_from:"At risk from {time}",sites:"Sites",static_rating:"Static rating",time:"Time",tightest:"Highest loading",trouble:"Needs attention",unknown:"unknown",unavailable:"Home Assistant did not answer. The card tries again by itself.",what_to_choose:"Choose a line in the settings of this card."},me={en:fe};function B(i,t,e={}){let n=i.split("-")[0]??"en";return(me[i]?.[t]??me[n]?.[t]??fe[t]).replace(/\{(\w+)\}/g,(s,o)=>e[o]??s)}function T(i,t,e){e!=null&&Number.isFinite(e)&&(i[t]=e)}function hi(i,t,e){let n=new Map,r=new Map(i.headroom.map(s=>[s.start,s.mean]));for(let s of["current","dlr","aar"])for(let{start:o,end:a,mean:c}of i[s]){if(a<=t||o>=e)continue;let d=n.get(o)??{start:o,end:a,fields:{}};n.set(o,d),T(d.fields,s,c);let l=r.get(o);s==="current"&&typeof c=="number"&&typeof l=="number"&&T(d.fields,"inForce",c+l)}return[...n.values()].sort((s,o)=>s.start-o.start).map(({start:s,end:o,fields:a})=>({start:s,end:o,at:(s+Math.min(o,e))/2,ahead:!1,fallback:i.fallback.some(c=>c.start<o&&c.end>s),atRisk:Pt(a.current,a.inForce),...a}))}function Pt(i,t){return i!==void 0&&t!==void 0&&i>t}function mi(i,t){let e={};for(let n of["current","inForce","dlr","aar"])T(e,n,i[n]);return{start:t,end:t,at:t,ahead:!1,fallback:i.fallback??!1,atRisk:Pt(e.current,e.inForce),...i.limitedBy===void 0?{}:{limitedBy:i.limitedBy},...i.limitingSpan===void 0?{}:{limitingSpan:i.limitingSpan},...e}}function fi(i,t,e){for(let n=t-24*36e5;n>e-48*36e5;n-=24*36e5){let r=n<e?i.get(n):void 0;if(r!==void 0)return r}}function pi(i,t,e){let{now:n,confidence:r}=e,s=new Map;for(let{start:o,end:a,mean:c}of i.current)typeof c=="number"&&a-o===36e5&&s.set(o,c);return t.filter(({start:o})=>o+36e5>n&&o<n+e.ahead*36e5).map(o=>{let a={};T(a,"inForce",o.in_force.prediction),T(a,"cautious",o.in_force[r]),T(a,"dlr",o.dlr?.prediction),T(a,"aar",o.aar?.prediction),T(a,"expected",fi(s,o.start,n));let c=Math.max(o.start,n),d=o.start+36e5;return{start:c,end:d,at:(c+d)/2,ahead:!0,fallback:!1,atRisk:Pt(a.expected,a.cautious??a.inForce),...o.limited_by===null?{}:{limitedBy:o.limited_by},...o.limiting_span===null?{}:{limitingSpan:o.limiting_span},...a}})}function pe(i,t,e,n){let r=n.now-n.back*36e5;return[...hi(i,r,n.now),mi(t,n.now),...pi(i,e,n)]}function dt(i,t,e){let n=[],r=[],s=-1/0;for(let o of i)o[t]===void 0||e&&!e(o)||(o.start-s>36e5/2&&r.length&&(n.push(r),r=[]),r.push(o),s=o.end);return r.length&&n.push(r),n}function ge(i,t){let e=-1,n=1/0;return i.forEach((r,s)=>{let o=Math.abs(r.at-t);o<n&&([e,n]=[s,o])}),e}function _e(i){let t=[];for(let{atRisk:e,start:n,end:r}of i){if(!e||n===r)continue;let s=t.at(-1);s&&n-s.end<=36e5/12?s.end=r:t.push({start:n,end:r})}return t}function ye(i,t){let e=Math.max(i,1)/Math.max(t,1),n=10**Math.floor(Math.log10(e)),r=[1,2,5,10].map(o=>o*n).find(o=>o>=e)??10*n,s=Math.ceil(Math.max(i,1)/r);return Array.from({length:s+1},(o,a)=>a*r)}var gi=[1,2,3,6,12,24];function be(i,t,e,n){let r=(t-i)/36e5,s=gi.find(d=>r/d<=e)??24,o=[],a=36e5/4;for(let d=Math.ceil(i/a)*a;d<=t;d+=a){let l=n.minuteOfDay(d);l%(60*s)===0&&o.push({at:d,day:l===0}),l%60===0&&(d+=3*a)}let c=Math.ceil(o.length/Math.max(e,1));return c>1?o.filter((d,l)=>l%c===0):o}var I={top:8,right:10,bottom:22,left:46},lt=class{constructor(t,e,n){this.size=t;this.frame=e;this.right=Math.max(t.width-I.right,I.left+1),this.bottom=Math.max(t.height-I.bottom,I.top+1);let r=["current","inForce","cautious","dlr","aar","expected"],s=n.flatMap(o=>r.map(a=>o[a]??0));this.values=ye(Math.max(...s,e.staticRating??0,1)*1.02,Math.max(2,Math.round((this.bottom-this.top)/45)))}size;frame;left=I.left;right;top=I.top;bottom;values;x(t){let{from:e,to:n}=this.frame,r=(t-e)/(n-e);return this.left+Math.min(Math.max(r,0),1)*(this.right-this.left)}y(t){let e=this.values.at(-1)??1;return this.bottom-t/e*(this.bottom-this.top)}time(t){let{from:e,to:n}=this.frame;return e+(t-this.left)/(this.right-this.left)*(n-e)}},f=i=>i.toFixed(1);function ut(i,t,e){return t.map(n=>`${f(i.x(n.at))},${f(i.y(n[e]??0))}`)}function N(i,t,e,n,r){return dt(t,e,r).map(s=>{let[o]=s;return s.length===1&&o?p`<circle class="dot ${n}" r="2"
          cx=${f(i.x(o.at))} cy=${f(i.y(o[e]??0))} />`:p`<path class="line ${n}" d="M${ut(i,s,e).join("L")}" />`})}function _i(i,t){return dt(t,"current").map(e=>{let n=f(i.x(e[0]?.at??0)),r=f(i.x(e.at(-1)?.at??0));return p`<path class="area" d="M${n},${f(i.bottom)}L${ut(i,e,"current").join("L")}L${r},${f(i.bottom)}Z" />`})}function yi(i,t){return dt(t,"cautious",n=>n.inForce!==void 0&&n.cautious!==void 0).map(n=>{let r=ut(i,n,"inForce"),s=ut(i,n,"cautious").reverse();return p`<path class="band" d="M${[...r,...s].join("L")}Z" />`})}function bi(i,t){let e=Math.max(2,Math.floor((i.right-i.left)/62)),n=be(i.frame.from,i.frame.to,e,t);return p`
    ${i.values.map(r=>p`
        <line class="grid" x1=${i.left} x2=${i.right}
          y1=${f(i.y(r))} y2=${f(i.y(r))} />
        <text class="tick" text-anchor="end" x=${i.left-6}
          y=${f(i.y(r)+4)}>${t.number(r)}</text>`)}
    ${n.map(({at:r,day:s})=>{let o=i.x(r),a=o<i.left+20?"start":o>i.right-20?"end":"middle";return p`
        <line class="grid ${s?"day":""}" x1=${f(o)} x2=${f(o)}
          y1=${i.top} y2=${i.bottom} />
        <text class="tick ${s?"day":""}" text-anchor=${a} x=${f(o)}
          y=${i.bottom+16}>${s?t.day(r):t.time(r)}</text>`})}`}function vi(i,t){let e=f(i.x(t.at)),n=["current","inForce","cautious","dlr","aar","expected"].filter(r=>t[r]!==void 0);return p`
    <line class="pointer" x1=${e} x2=${e} y1=${i.top} y2=${i.bottom} />
    ${n.map(r=>p`<circle class="mark ${r}" r="3.5" cx=${e}
        cy=${f(i.y(t[r]??0))} />`)}`}function ve(i){return i.some(({cautious:t,inForce:e=t})=>t!==void 0&&t!==e)}function Dt(i){return i.some(({dlr:t,inForce:e})=>t!==void 0&&(e===void 0||Math.abs(t-e)>1))}function $e(i,t,e,n,r){let{width:s,height:o}=i.size,{frame:a}=i,c=f(i.x(a.now)),d=a.staticRating===void 0?"":f(i.y(a.staticRating));return m`<svg viewBox="0 0 ${s} ${o}" aria-hidden="true" focusable="false">
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)">
        <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
    </defs>
    ${_e(t).map(({start:l,end:h})=>p`<rect class="risk" fill="url(#hatch)" y=${i.top}
        x=${f(i.x(l))} height=${i.bottom-i.top}
        width=${f(Math.max(i.x(h)-i.x(l),2))} />`)}
    ${bi(i,e)} ${_i(i,t)} ${yi(i,t)}
    ${d===""?u:p`<line class="line static" x1=${i.left} x2=${i.right} y1=${d} y2=${d} />`}
    ${N(i,t,"aar","aar")}
    ${Dt(t)?N(i,t,"dlr","dlr"):u}
    ${N(i,t,"expected","expected")} ${N(i,t,"current","current")}
    ${N(i,t,"cautious","cautious")} ${N(i,t,"inForce","inForce")}
    ${N(i,t,"inForce","fallback",l=>l.fallback)}
    <line class="now" x1=${c} x2=${c} y1=${i.top} y2=${i.bottom} />
    <text class="tick now-text" x=${Number(c)+4} y=${i.top+10}>${r}</text>
    ${n?vi(i,n):u}
  </svg>`}var ht={current:[],headroom:[],dlr:[],aar:[],fallback:[]};function Ft(i,t){let e=new w(i);return{current:e.find(t,"current","sensor"),headroom:e.find(t,"headroom","sensor"),loading:e.find(t,"loading","sensor"),limitedBy:e.find(t,"limited_by","sensor"),limitingSpan:e.find(t,"limiting_span","sensor"),dlr:e.find(t,"dlr","sensor"),aar:e.find(t,"aar","sensor"),staticRating:e.find(t,"static_rating","number"),fallback:e.find(t,"dlr_fallback","binary_sensor")}}var $i=i=>i===void 0||i==="unknown"||i==="unavailable"?void 0:i,wi={kA:1e3,A:1,mA:.001};function j(i,t){let e=Tt(i,t),n=t&&i.states[t]?.attributes.unit_of_measurement;return e===void 0?void 0:e*(wi[String(n)]??1)}function Lt(i,t){let e=j(i,t.current),n=j(i,t.headroom),r=t.loading===void 0?void 0:i.states[t.loading],s=t.limitingSpan&&$i(i.states[t.limitingSpan]?.state);return{current:e,inForce:e===void 0||n===void 0?void 0:e+n,dlr:j(i,t.dlr),aar:j(i,t.aar),limitedBy:r?.attributes.limited_by??void 0,limitingSpan:s||void 0,fallback:r?.attributes.fallback===!0}}function we(i,t,e,n){return i.callWS({type:"recorder/statistics_during_period",start_time:new Date(n).toISOString(),statistic_ids:t,period:e,types:["mean"],units:{electric_current:"A"}})}async function xi(i,t,e,n){if(!t)return[];let s=(await i.callWS({type:"history/history_during_period",start_time:new Date(e).toISOString(),end_time:new Date(n).toISOString(),entity_ids:[t],minimal_response:!0,no_attributes:!0}))[t]??[];return s.flatMap(({s:o,lu:a},c)=>{let d=s[c+1]?.lu;return o==="on"?[{start:a*1e3,end:d===void 0?n:d*1e3}]:[]})}async function xe(i,t,e,n){let{current:r,headroom:s,dlr:o,aar:a}=t,c=[r,s,o,a].filter(W=>W!==void 0);if(!c.length)return ht;let d=Math.floor(n/36e5)*36e5,l=d-Math.max(e,24)*36e5,[h,v,$]=await Promise.all([we(i,c,"hour",l),we(i,c,"5minute",d-36e5),xi(i,t.fallback,l,n)]),A=W=>{if(W===void 0)return[];let Kt=h[W]??[],Ye=Kt.at(-1)?.end??0;return[...Kt,...(v[W]??[]).filter(Ze=>Ze.start>=Ye)]};return{current:A(r),headroom:A(s),dlr:A(o),aar:A(a),fallback:$}}function Se(i,t,e){return i.connection.subscribeMessage(e,{type:`${H}/forecast`,device_id:t})}function U(){let t=document.querySelector("home-assistant")?.hass?.locale.language??document.documentElement.lang;return(e,n)=>B(t||"en",e,n)}var K="gridduck-heimdall-line",Nt=["p80","p90","p95","p99"],Si=new Set(["current","loading","headroom","dlr","aar","dlr_forecast_lowest"]),ki={device_id:"device",hours_back:"back",hours_ahead:"ahead",confidence:"confidence"},ke=(i,t)=>({number:{min:i,max:t,mode:"slider",unit_of_measurement:"h"}});function Ae(){let i=Nt.map(t=>({value:t,label:U()("certain",{percent:t.slice(1)})}));return{schema:[{name:"device_id",required:!0,selector:{device:{filter:[{integration:H,model:"Line"}]}}},{name:"hours_back",default:24,selector:ke(6,168)},{name:"hours_ahead",default:48,selector:ke(0,72)},{name:"confidence",default:"p95",selector:{select:{mode:"dropdown",options:i}}}],computeLabel:({name:t})=>{let e=ki[t];return e?U()(e):t}}}function Ee(i,t){let e=i.entities[t],n=e?.device_id?i.devices[e.device_id]:void 0;return e?.platform!==H||!n?null:y(n)==="line"&&Si.has(e.translation_key??"")?{config:{type:`custom:${K}`,device_id:n.id}}:null}function G(i,t,e){switch(t){case"inForce":return i("in_force");case"cautious":return i("certain",{percent:e.replace(/^p/,"")});default:return i(t)}}var Ai=["current","expected","inForce","cautious","dlr","aar"],Ei={circuit_rating:"circuit_rating",dlr:"dlr",aar:"aar",static_rating:"static_rating"};function Re(i,t){let e=Ei[t];return e?i(e):t}function Ut(i,t,e,n,r){let s=Ai.flatMap(o=>{let a=i[o];return a===void 0?[]:[{key:o,name:G(r,o,e),value:n.amperes(a)}]});return t!==void 0&&s.push({key:"static",name:r("static_rating"),value:n.amperes(t)}),i.limitingSpan!==void 0&&s.push({key:"other",name:r("limiting_span"),value:i.limitingSpan}),s}function et(i,t,e){return i.start===i.end?e("now"):t.moment(i.start)}function Ce(i,t,e,n,r){let o=Ut(i,t,e,n,r).map(({name:c,value:d})=>`${c} ${d}`);i.fallback&&o.push(r("fallback")),i.atRisk&&o.push(r("risk"));let a=o.length?o.join(", "):r("unknown");return`${et(i,n,r)}: ${a}`}var Ri=["current","expected","inForce","dlr","aar"],mt=i=>p`<line class="line ${i}" x1="1" x2="21" y1="5" y2="5" />`,Me=i=>p`<rect class=${i} width="22" height="10" />`,it=(i,t)=>m`<li><svg class="sample" viewBox="0 0 22 10">${i}</svg>${t}</li>`;function Oe(i,t,e,n){let r=Ri.filter(s=>i.some(o=>o[s]!==void 0)&&(s!=="dlr"||Dt(i)));return m`<ul aria-hidden="true">
    ${r.map(s=>it(p`${s==="current"?Me("area"):u}${mt(s)}`,G(n,s,e)))}
    ${ve(i)?it(Me("band"),G(n,"cautious",e)):u}
    ${t===void 0?u:it(mt("static"),n("static_rating"))}
    ${i.some(({fallback:s})=>s)?it(p`${mt("inForce")}${mt("fallback")}`,n("fallback")):u}
    ${i.some(({atRisk:s})=>s)?it(p`<path class="hatch" d="M2,10L8,0M9,10L15,0M16,10L22,0" />`,n("risk")):u}
  </ul>`}var He=vt`
  :host {
    --current: #0b66c3;
    --rating: #1b7a3d;
    --dlr: #7a3fb0;
    --aar: #a85100;
    --static: #5f6368;
    --risk: #c5221f;
    display: block;
    height: 100%;
  }
  :host([dark]) {
    --current: #5eb1ff;
    --rating: #62d68f;
    --dlr: #c5a3ff;
    --aar: #ffb35c;
    --static: #b8bcc2;
    --risk: #ff8a80;
  }
  ha-card {
    display: flex;
    flex-direction: column;
    height: 100%;
    box-sizing: border-box;
    padding: 12px 16px;
    overflow: hidden;
  }
  h2 {
    margin: 0;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
  .summary,
  .message {
    margin: 2px 0 0;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-m, 14px);
  }
  .alert {
    color: var(--risk);
    font-weight: 500;
  }
  .center {
    flex: 1;
    display: grid;
    place-items: center;
    min-height: 120px;
    text-align: center;
  }
  /* The chart lies absolutely: sized by it, the card would grow without end. */
  .body {
    position: relative;
    flex: 1;
    min-height: 220px;
    margin-top: 8px;
  }
  .plot {
    position: absolute;
    inset: 0;
    direction: ltr;
    touch-action: pan-y;
    border-radius: 4px;
  }
  .plot:focus-visible {
    outline: 2px solid var(--primary-color);
  }
  svg {
    display: block;
    width: 100%;
    height: 100%;
  }
  .grid {
    stroke: var(--divider-color);
    stroke-width: 1;
  }
  .tick {
    fill: var(--secondary-text-color);
    font-size: 11px;
  }
  .tick.day,
  .now-text {
    fill: var(--primary-text-color);
    font-weight: 500;
  }
  .line {
    fill: none;
    stroke-width: 2;
    stroke-linejoin: round;
  }
  .current {
    stroke: var(--current);
  }
  .area {
    fill: var(--current);
    opacity: 0.18;
  }
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
  .hatch {
    stroke: var(--risk);
    stroke-width: 2;
    opacity: 0.45;
  }
  .now {
    stroke: var(--primary-text-color);
    stroke-width: 1;
    stroke-dasharray: 3 3;
  }
  .pointer {
    stroke: var(--secondary-text-color);
  }
  .dot,
  .mark {
    fill: var(--card-background-color, #fff);
    stroke-width: 2;
    stroke-dasharray: none;
  }
  .tip {
    position: absolute;
    top: 8px;
    padding: 6px 10px;
    border-radius: 8px;
    border: 1px solid var(--divider-color);
    background: var(--card-background-color, #fff);
    color: var(--primary-text-color);
    font-size: 12px;
    line-height: 1.45;
    pointer-events: none;
    max-width: 60%;
  }
  .tip b {
    font-weight: 500;
  }
  .tip table {
    border-spacing: 0;
  }
  .tip td {
    padding: 0;
  }
  .tip td:last-child {
    padding-inline-start: 10px;
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  ul {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
    font-size: 12px;
    color: var(--secondary-text-color);
  }
  li {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .sample {
    width: 22px;
    height: 10px;
    flex: none;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    .line {
      stroke: CanvasText;
    }
  }
`;var Ci=["current","expected","inForce","cautious","dlr","aar"];function Te(i,t,e,n,r){let s=Ci.filter(a=>i.some(c=>c[a]!==void 0)),o=i.filter(({start:a,end:c})=>a===c||c-a>36e5/2);return m`<table class="hidden">
    <caption>${t}</caption>
    <thead>
      <tr>
        <th scope="col">${r("time")}</th>
        ${s.map(a=>m`<th scope="col">${G(r,a,e)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${o.map(a=>m`<tr>
          <th scope="row">
            ${et(a,n,r)}${a.fallback?`, ${r("fallback")}`:""}${a.atRisk?`, ${r("risk")}`:""}
          </th>
          ${s.map(c=>{let d=a[c];return m`<td>${d===void 0?r("unknown"):n.amperes(d)}</td>`})}
        </tr>`)}
    </tbody>
  </table>`}function Pe(i,t,e,n,r,s){let o=i.x(t.at),c=o<(i.left+i.right)/2?`left:${o+12}px`:`right:${i.size.width-o+12}px`;return m`<div class="tip" style=${c} aria-hidden="true">
    <b>${et(t,r,s)}</b>
    <table>
      ${Ut(t,e,n,r,s).map(d=>m`<tr><td>${d.name}</td><td>${d.value}</td></tr>`)}
    </table>
    ${t.fallback?m`<div class="alert">${s("fallback")}</div>`:u}
    ${t.atRisk?m`<div class="alert">${s("risk")}</div>`:u}
  </div>`}var Mi=5*6e4,Oi=3e4,De=(i,t,e,n)=>typeof i=="number"&&Number.isFinite(i)?Math.min(Math.max(i,t),e):n,ft=class extends O{static styles=He;static properties={hass:{attribute:!1},_config:{state:!0},_recorded:{state:!0},_forecast:{state:!0},_status:{state:!0},_size:{state:!0},_active:{state:!0}};_entities={};_following="";_unsubscribe;_timer;_formats;_plane;_slots=[];_body=null;_observer=new ResizeObserver(()=>this._measure());constructor(){super(),this._recorded=ht,this._status="loading",this._size={width:0,height:0}}setConfig(t){if(typeof t!="object"||t===null)throw new Error("No settings");this._config=t}getCardSize(){return 6}getGridOptions(){return{columns:12,rows:6,min_columns:6,min_rows:5}}static getStubConfig(t){let e=_(t,"line").find(({id:n})=>Ft(t,n).current);return e?{device_id:e.id}:{}}static getConfigForm=Ae;connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.requestUpdate()}disconnectedCallback(){super.disconnectedCallback(),this._observe(null),this._stop()}shouldUpdate(t){let e=t.get("hass");if(t.size>1||!e||!this.hass)return!0;let{hass:n}=this;return["entities","devices","locale","themes","config"].some(r=>e[r]!==n[r])||Object.values(this._entities).some(r=>r&&e.states[r]!==n.states[r])}willUpdate(t){if(t.size===1&&t.has("_active"))return;let{hass:e,_config:n}=this;if(!e||!n)return;let r=t.has("hass")?t.get("hass"):e;(!this._formats||r?.locale!==e.locale)&&(this._formats=new ct(e)),this.toggleAttribute("dark",e.themes.darkMode);let s=n.device_id??"";(r?.entities!==e.entities||t.has("_config"))&&(this._entities=Ft(e,s)),this._follow(s);let o={now:Date.now(),back:this._back,ahead:this._ahead,confidence:this._confidence},a=this._forecast?.forecast?.hours??[];this._slots=pe(this._recorded,Lt(e,this._entities),a,o);let c={now:o.now,from:o.now-this._back*36e5,to:o.now+this._ahead*36e5,staticRating:this._staticRating};this._plane=new lt(this._size,c,this._slots)}get _back(){return De(this._config?.hours_back,6,168,24)}get _ahead(){return De(this._config?.hours_ahead,0,72,48)}get _confidence(){let t=this._config?.confidence??"";return Nt.includes(t)?t:"p95"}get _staticRating(){let t=this.hass&&j(this.hass,this._entities.staticRating);return t||void 0}get _say(){let t=this.hass?.locale.language??"en";return(e,n)=>B(t,e,n)}_follow(t){let e=this.hass?.devices[t],n=e&&y(e)==="line"&&this.isConnected?t:"",r=n&&[n,this._back,...Object.values(this._entities)].join();r!==this._following&&(this._stop(),this._following=r,n&&(this._recorded=ht,this._forecast=void 0,this._status="loading",this._subscribe(n,r),this._fetch(r)))}_stop(){this._unsubscribe?.(),this._unsubscribe=void 0,clearTimeout(this._timer),this._following=""}async _subscribe(t,e){if(this.hass)try{let n=await Se(this.hass,t,r=>{this._following===e&&(this._forecast=r)});this._following===e?this._unsubscribe=()=>{n()}:n()}catch(n){let{code:r}=n;if(this._following!==e)return;r==="unauthorized"?this._status="not_permitted":r==="not_found"?this._status="gone":this._forecast={loaded:!1,forecast:null}}}async _fetch(t){if(!this.hass||this._following!==t)return;let e=Mi;try{let n=await xe(this.hass,this._entities,this._back,Date.now());if(this._following!==t)return;this._recorded=n,(this._status==="loading"||this._status==="failed")&&(this._status="ready")}catch{if(this._following!==t)return;this._status==="loading"&&(this._status="failed"),e=Oi}this._timer=setTimeout(()=>{this._fetch(t)},e)}_observe(t){t!==this._body&&(this._observer.disconnect(),this._body=t,t&&this._observer.observe(t))}_measure(){let{clientWidth:t=0,clientHeight:e=0}=this._body??{};(t!==this._size.width||e!==this._size.height)&&(this._size={width:t,height:e})}updated(){this._observe(this.isConnected?this.renderRoot.querySelector(".body"):null)}render(){let{hass:t,_config:e}=this;if(!t||!e)return u;let n=t.devices[e.device_id??""],r=this._message(n!==void 0,y(n)==="line");if(!n||r)return m`<ha-card>
        ${n?m`<h2>${e.name??R(n)}</h2>`:u}
        <p class="message center" role="status">${r}</p>
      </ha-card>`;let s=e.name??R(n),o=this._formats;return m`<ha-card>
      <h2>${s}</h2>
      ${this._summary(t)}
      <div class="body">${this._size.width?this._plot(s):u}</div>
      ${Oe(this._slots,this._staticRating,this._confidence,this._say)}
      ${o?Te(this._slots,s,this._confidence,o,this._say):u}
    </ha-card>`}_message(t,e){let n=this._say;if(!this._config?.device_id||t&&!e)return n("what_to_choose");if(!t||this._status==="gone")return n("gone");if(this._status==="not_permitted")return n("not_permitted");if(this._status==="failed")return n("unavailable");if(this._status==="loading")return n("loading");let r=["current","inForce","dlr","aar"];return this._slots.some(o=>r.some(a=>o[a]!==void 0))?void 0:n("no_data")}_summary(t){let e=this._say,n=this._formats,r=this._entities.loading&&t.states[this._entities.loading],s=this._entities.headroom&&t.states[this._entities.headroom],o=Lt(t,this._entities),a=[];r&&a.push(e("loading_of",{value:t.formatEntityState(r)})),s&&a.push(e("headroom",{value:t.formatEntityState(s)})),o.limitedBy&&a.push(e("limited_by",{rating:Re(e,o.limitedBy)})),o.fallback&&a.push(m`<span class="alert">${e("fallback")}</span>`);let c=this._slots.find(l=>l.atRisk&&l.ahead);c&&n&&a.push(m`<span class="alert">${e("risk_from",{time:n.moment(c.start)})}</span>`);let d=this._forecast&&!this._forecast.forecast?.hours.length&&this._ahead>0;return m`
      <p class="summary">
        ${a.map((l,h)=>m`${h?" · ":u}${l}`)}
      </p>
      ${this._forecast?.loaded===!1?m`<p class="message" role="status">${e("not_loaded")}</p>`:d?m`<p class="message" role="status">${e("forecast_missing")}</p>`:u}
    `}_plot(t){let e=this._formats,n=this._plane;if(!e||!n)return u;let r=this._say,s=this._index(),o=this._slots[s],a=this._active===void 0?void 0:o;return m`<div
        class="plot"
        role="slider"
        tabindex="0"
        aria-label=${r("line_chart",{name:t})}
        aria-orientation="horizontal"
        aria-valuemin="0"
        aria-valuemax=${this._slots.length-1}
        aria-valuenow=${s}
        aria-valuetext=${o?Ce(o,this._staticRating,this._confidence,e,r):""}
        @pointermove=${this._point}
        @pointerdown=${this._point}
        @pointerleave=${this._leave}
        @focus=${this._focus}
        @blur=${this._leave}
        @keydown=${this._key}
      >
        ${$e(n,this._slots,e,a,r("now"))}
      </div>
      ${a?Pe(n,a,this._staticRating,this._confidence,e,r):u}`}_index(){return ge(this._slots,this._active??this._plane?.frame.now??Date.now())}_point(t){let e=t.currentTarget.getBoundingClientRect();this._active=this._plane?.time(t.clientX-e.left)}_leave(){this._active=void 0}_focus(t){t.currentTarget.matches(":focus-visible")&&(this._active??=this._plane?.frame.now)}_key(t){let e=this._slots.length-1,n=this._index(),r=Math.max(1,Math.round(24*e/(this._back+this._ahead))),s={ArrowLeft:n-1,ArrowDown:n-1,ArrowRight:n+1,ArrowUp:n+1,PageDown:n-r,PageUp:n+r,Home:0,End:e};if(t.key==="Escape"){this._active=void 0;return}let o=s[t.key];o!==void 0&&(t.preventDefault(),this._active=this._slots[Math.min(Math.max(o,0),e)]?.at)}};var Vt="gridduck-heimdall",Hi=6,g=(i,t)=>B(i.locale.language,t),pt=i=>`${y(i)}-${i.id}`;function Fe(i,t){return _(i,"line").filter(({id:e})=>["current","dlr","aar","loading"].some(n=>t.find(e,n,"sensor")))}function Le(i){let t=Fe(i,new w(i)),e=_(i,"site"),n={title:g(i,"overview"),path:"overview",icon:"mdi:view-dashboard",strategy:{type:`custom:${Vt}-overview`}};if(!t.length&&!e.length)return[n];let r=t.length+e.length>Hi,s=(o,a)=>({title:R(o),path:pt(o),icon:a,subview:r,strategy:{type:`custom:${Vt}-${y(o)}`,device_id:o.id}});return[n,...t.map(o=>s(o,"mdi:transmission-tower")),...e.map(o=>s(o,"mdi:office-building")),{title:g(i,"activity"),path:"activity",icon:"mdi:history",strategy:{type:`custom:${Vt}-activity`}}]}var zt=[{type:"entity"}],gt=[{type:"device"}],S=(i,t={})=>({type:"tile",entity:i,name:zt,...t}),x=(i,t,e={})=>({type:"heading",heading:i,icon:t,...e}),Ti=i=>({condition:"state",entity:i,state:"on"}),Pi=i=>({condition:"state",entity:i,state_not:["unknown","unavailable"]}),Di=i=>({condition:"numeric_state",entity:i,above:0}),C=(i,t={})=>i.length>1?[{type:"grid",cards:i,...t}]:[],Bt=i=>({features:[i],features_position:"inline"}),k={grid_options:{columns:"full"}},nt=(i,t=3)=>({type:"sections",max_columns:t,dense_section_placement:!0,sections:i});function It(i){return{action:"navigate",navigation_path:`/${globalThis.location?.pathname.split("/")[1]??"lovelace"}/${i}`}}function Fi(i,t){return[...new Map(Fe(i,t).map(n=>[n,t.number(t.find(n.id,"loading","sensor"))??-1]))].sort(([,n],[,r])=>r-n).map(([n])=>n)}function Li(i,t){return i.flatMap(e=>{let n=t.find(e.id,"loading","sensor"),r=n??t.all(e.id,["dlr","current","aar"])[0];if(!r)return[];let s=n?Bt({type:"bar-gauge",min:0,max:100}):{};return[S(r,{name:gt,tap_action:It(pt(e)),...s,...k})]})}function Ni(i,t){let e=n=>t.ofClass(n.id,"power");return _(i,"site").sort((n,r)=>(t.number(e(r))??-1)-(t.number(e(n))??-1)).flatMap(n=>{let r=e(n)??t.all(n.id,["assets_online"])[0];if(!r)return[];let s=e(n)?Bt({type:"trend-graph",hours_to_show:24}):{};return[S(r,{name:gt,tap_action:It(pt(n)),...s,...k})]})}function Ui(i,t){return _(i,"load_limit").flatMap(e=>{let{id:n}=e,r=t.find(n,"load_limit_state","sensor"),s=t.find(n,"load_limit_mode","select"),o=t.all(n,["load_limit_load","load_limit_limit","load_limit_power_curtailed","load_limit_assets_curtailed"]),a=t.find(n,"load_limit_next_return","sensor"),c=r?{badges:[{type:"entity",entity:r,show_state:!0}]}:{};return[x(R(e),"mdi:speedometer",{heading_style:"subtitle",...c}),...o.map(d=>S(d)),...a?[S(a,{...k,visibility:[Pi(a)]})]:[],...s?[S(s,{...Bt({type:"select-options"}),...k})]:[]]})}function Vi(i,t){let e=_(i,"asset").flatMap(({id:n})=>t.all(n,["override"]).map(r=>({entity:r,name:gt})));return e.length?[{type:"entity-filter",entities:e,conditions:[{condition:"state",state:["boost","snooze"]}],show_empty:!1,card:{type:"entities",title:g(i,"overridden")},...k}]:[]}function zi(i,t){let e=[..._(i,"line").flatMap(({id:s})=>t.all(s,["dlr_fallback"])),..._(i,"facility").flatMap(({id:s})=>t.all(s,["circuit_fallback"]))].map(s=>({entity:s,condition:Ti(s)})),n=_(i,"site").flatMap(({id:s})=>t.all(s,["assets_disconnected"])).map(s=>({entity:s,condition:Di(s)})),r=[...e,...n];return r.length?C([x(g(i,"trouble"),"mdi:alert-circle-outline"),...r.map(({entity:s,condition:o})=>S(s,{name:[{type:"device"},{type:"entity"}],color:"orange",visibility:[o],...k}))],{visibility:[{condition:"or",conditions:r.map(({condition:s})=>s)}]}):[]}function Ne(i){let t=new w(i),e=Fi(i,t),[n]=e,r=Ni(i,t);if(!n&&!r.length)return Ve(i);let s=Li(e,t);return nt([...n?C([x(g(i,"tightest"),"mdi:chart-bell-curve",{tap_action:It(pt(n))}),Ue(n)],{column_span:2}):[],...C([x(g(i,"lines"),"mdi:transmission-tower"),...s]),...zi(i,t),...C([x(g(i,"load_limits"),"mdi:speedometer"),...Ui(i,t)]),...C([x(g(i,"sites"),"mdi:office-building"),...r,...Vi(i,t)])])}var Ue=(i,t={})=>({type:`custom:${K}`,device_id:i.id,grid_options:{columns:"full",rows:7},...t});function Ve(i){let t=`## ${g(i,"empty")}

${g(i,"empty_text")}`;return nt([{type:"grid",cards:[{type:"markdown",content:t,...k}]}],1)}var Bi=["current","loading","headroom","limited_by","dlr","aar","dlr_forecast_lowest","dlr_forecast_lowest_time","conductor_temperature_max","clearance_min","ice_load","ice_load_forecast_peak"];function ze(i,t){let e=i.devices[t??""];if(!e)return Be(i);let n=new w(i),r=he(i,e),s=[...n.all(e.id,Bi),...r?n.all(r.id,["circuit_rating","limiting_component"]):[]],o=n.all(e.id,["current","dlr","aar"]);return nt([{type:"grid",column_span:2,cards:[Ue(e,{grid_options:{columns:"full",rows:8}})]},...C([x(g(i,"now"),"mdi:gauge"),...s.map(a=>S(a))]),...C([x(g(i,"past"),"mdi:chart-line"),...o.length?[{type:"statistics-graph",entities:o.map(a=>({entity:a,name:zt})),period:"hour",days_to_show:7,stat_types:["mean"],...k}]:[]],{column_span:2})])}var Be=i=>nt([{type:"grid",cards:[{type:"markdown",content:g(i,"gone"),...k}]}],1);function Ie(i,t){let e=i.devices[t??""];if(!e)return Be(i);let n=new w(i),r=n.ofClass(e.id,"power"),s=_(i,"asset").filter(c=>ue(i,c)?.id===e.id),o=new Set(s.map(c=>c.via_device_id)),a=s.flatMap(c=>{let l=n.find(c.id,"asset","switch")??n.all(c.id,["state"])[0]??n.ofClass(c.id,"power")??n.ofClass(c.id,"temperature");if(!l)return[];let h=o.has(c.id)?{icon_tap_action:{action:"more-info"}}:{};return[S(l,{name:gt,...h})]});return nt([...C([x(R(e),"mdi:office-building"),...r?[{type:"history-graph",entities:[{entity:r,name:zt}],hours_to_show:24,...k},S(r)]:[],...n.all(e.id,["price","assets_online","assets_disconnected","assets_snoozed"]).map(c=>S(c))]),...C([x(g(i,"assets"),"mdi:power-plug"),...a],{column_span:2})])}function je(i){let t=new w(i),e=(s,o)=>_(i,s).flatMap(({id:a})=>t.all(a,o)),n=[...e("line",["loading","dlr_fallback"]),...e("load_limit",["load_limit_state","load_limit_mode","load_limit_decision"]),...e("asset",["asset","state"])];return n.length?{type:"panel",cards:[{type:"logbook",target:{entity_id:n},hours_to_show:24}]}:Ve(i)}var Ke=["entities","devices"],jt=class extends HTMLElement{static registryDependencies=Ke;static noEditor=!0;static generate(t,e){return Promise.resolve({views:Le(e)})}static getCreateSuggestions(){return{title:"GridDuck & Heimdall Power",icon:"mdi:transmission-tower"}}};function _t(i){return class extends HTMLElement{static registryDependencies=Ke;static generate(t,e){return Promise.resolve(i(e,t))}}}var Ii={overview:_t(i=>Ne(i)),line:_t((i,t)=>ze(i,t.device_id)),site:_t((i,t)=>Ie(i,t.device_id)),activity:_t(i=>je(i))},yt="gridduck-heimdall",Ge={[`ll-strategy-dashboard-${yt}`]:jt,...Object.fromEntries(Object.entries(Ii).map(([i,t])=>[`ll-strategy-view-${yt}-${i}`,t]))};var We="https://github.com/gridduck-heimdall/home-assistant";function qe(i,t){i.some(({type:e})=>e===t.type)||i.push(t)}for(let[i,t]of Object.entries({...Ge,[K]:ft}))customElements.get(i)||customElements.define(i,t);qe(window.customCards??=[],{type:K,get name(){return U()("card_name")},get description(){return U()("card_description")},preview:!0,documentationURL:We,getEntitySuggestion:Ee});qe(window.customStrategies??=[],{type:yt,strategyType:"dashboard",name:"GridDuck & Heimdall Power",get description(){return U()("dashboard_description")},documentationURL:We});

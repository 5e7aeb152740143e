import{a as wt,b as At,c as it,d as kt,g as rt,h as nt,j as Rt,k as Et,o as Mt}from"./gridduck-heimdall-2TPJO6ZI.js";var q=globalThis,G=q.ShadowRoot&&(q.ShadyCSS===void 0||q.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,st=Symbol(),Ct=new WeakMap,U=class{constructor(t,e,i){if(this._$cssResult$=!0,i!==st)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(G&&t===void 0){let i=e!==void 0&&e.length===1;i&&(t=Ct.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),i&&Ct.set(e,t))}return t}toString(){return this.cssText}},Tt=r=>new U(typeof r=="string"?r:r+"",void 0,st),ot=(r,...t)=>{let e=r.length===1?r[0]:t.reduce((i,n,o)=>i+(s=>{if(s._$cssResult$===!0)return s.cssText;if(typeof s=="number")return s;throw Error("Value passed to 'css' function must be a 'css' function result: "+s+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(n)+r[o+1],r[0]);return new U(e,r,st)},Ot=(r,t)=>{if(G)r.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let i=document.createElement("style"),n=q.litNonce;n!==void 0&&i.setAttribute("nonce",n),i.textContent=e.cssText,r.appendChild(i)}},at=G?r=>r:r=>r instanceof CSSStyleSheet?(t=>{let e="";for(let i of t.cssRules)e+=i.cssText;return Tt(e)})(r):r;var{is:ge,defineProperty:_e,getOwnPropertyDescriptor:be,getOwnPropertyNames:ye,getOwnPropertySymbols:$e,getPrototypeOf:ve}=Object,Z=globalThis,Pt=Z.trustedTypes,xe=Pt?Pt.emptyScript:"",Se=Z.reactiveElementPolyfillSupport,L=(r,t)=>r,ct={toAttribute(r,t){switch(t){case Boolean:r=r?xe:null;break;case Object:case Array:r=r==null?r:JSON.stringify(r)}return r},fromAttribute(r,t){let e=r;switch(t){case Boolean:e=r!==null;break;case Number:e=r===null?null:Number(r);break;case Object:case Array:try{e=JSON.parse(r)}catch{e=null}}return e}},Ft=(r,t)=>!ge(r,t),Ht={attribute:!0,type:String,converter:ct,reflect:!1,useDefault:!1,hasChanged:Ft};Symbol.metadata??=Symbol("metadata"),Z.litPropertyMetadata??=new WeakMap;var v=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=Ht){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let i=Symbol(),n=this.getPropertyDescriptor(t,i,e);n!==void 0&&_e(this.prototype,t,n)}}static getPropertyDescriptor(t,e,i){let{get:n,set:o}=be(this.prototype,t)??{get(){return this[e]},set(s){this[e]=s}};return{get:n,set(s){let a=n?.call(this);o?.call(this,s),this.requestUpdate(t,a,i)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??Ht}static _$Ei(){if(this.hasOwnProperty(L("elementProperties")))return;let t=ve(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(L("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(L("properties"))){let e=this.properties,i=[...ye(e),...$e(e)];for(let n of i)this.createProperty(n,e[n])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[i,n]of e)this.elementProperties.set(i,n)}this._$Eh=new Map;for(let[e,i]of this.elementProperties){let n=this._$Eu(e,i);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let i=new Set(t.flat(1/0).reverse());for(let n of i)e.unshift(at(n))}else t!==void 0&&e.push(at(t));return e}static _$Eu(t,e){let i=e.attribute;return i===!1?void 0:typeof i=="string"?i:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let i of e.keys())this.hasOwnProperty(i)&&(t.set(i,this[i]),delete this[i]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Ot(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,i){this._$AK(t,i)}_$ET(t,e){let i=this.constructor.elementProperties.get(t),n=this.constructor._$Eu(t,i);if(n!==void 0&&i.reflect===!0){let o=(i.converter?.toAttribute!==void 0?i.converter:ct).toAttribute(e,i.type);this._$Em=t,o==null?this.removeAttribute(n):this.setAttribute(n,o),this._$Em=null}}_$AK(t,e){let i=this.constructor,n=i._$Eh.get(t);if(n!==void 0&&this._$Em!==n){let o=i.getPropertyOptions(n),s=typeof o.converter=="function"?{fromAttribute:o.converter}:o.converter?.fromAttribute!==void 0?o.converter:ct;this._$Em=n;let a=s.fromAttribute(e,o.type);this[n]=a??this._$Ej?.get(n)??a,this._$Em=null}}requestUpdate(t,e,i,n=!1,o){if(t!==void 0){let s=this.constructor;if(n===!1&&(o=this[t]),i??=s.getPropertyOptions(t),!((i.hasChanged??Ft)(o,e)||i.useDefault&&i.reflect&&o===this._$Ej?.get(t)&&!this.hasAttribute(s._$Eu(t,i))))return;this.C(t,e,i)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:i,reflect:n,wrapped:o},s){i&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,s??e??this[t]),o!==!0||s!==void 0)||(this._$AL.has(t)||(this.hasUpdated||i||(e=void 0),this._$AL.set(t,e)),n===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[n,o]of this._$Ep)this[n]=o;this._$Ep=void 0}let i=this.constructor.elementProperties;if(i.size>0)for(let[n,o]of i){let{wrapped:s}=o,a=this[n];s!==!0||this._$AL.has(n)||a===void 0||this.C(n,void 0,o,a)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(i=>i.hostUpdate?.()),this.update(e)):this._$EM()}catch(i){throw t=!1,this._$EM(),i}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};v.elementStyles=[],v.shadowRootOptions={mode:"open"},v[L("elementProperties")]=new Map,v[L("finalized")]=new Map,Se?.({ReactiveElement:v}),(Z.reactiveElementVersions??=[]).push("2.1.2");var pt=globalThis,Ut=r=>r,K=pt.trustedTypes,Lt=K?K.createPolicy("lit-html",{createHTML:r=>r}):void 0,jt="$lit$",x=`lit$${Math.random().toFixed(9).slice(2)}$`,It="?"+x,we=`<${It}>`,R=document,D=()=>R.createComment(""),z=r=>r===null||typeof r!="object"&&typeof r!="function",gt=Array.isArray,Ae=r=>gt(r)||typeof r?.[Symbol.iterator]=="function",dt=`[ 	
\f\r]`,N=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Nt=/-->/g,Dt=/>/g,A=RegExp(`>|${dt}(?:([^\\s"'>=/]+)(${dt}*=${dt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),zt=/'/g,Vt=/"/g,Wt=/^(?:script|style|textarea|title)$/i,_t=r=>(t,...e)=>({_$litType$:r,strings:t,values:e}),f=_t(1),p=_t(2),ii=_t(3),E=Symbol.for("lit-noChange"),l=Symbol.for("lit-nothing"),Bt=new WeakMap,k=R.createTreeWalker(R,129);function qt(r,t){if(!gt(r)||!r.hasOwnProperty("raw"))throw Error("invalid template strings array");return Lt!==void 0?Lt.createHTML(t):t}var ke=(r,t)=>{let e=r.length-1,i=[],n,o=t===2?"<svg>":t===3?"<math>":"",s=N;for(let a=0;a<e;a++){let c=r[a],d,u,h=-1,b=0;for(;b<c.length&&(s.lastIndex=b,u=s.exec(c),u!==null);)b=s.lastIndex,s===N?u[1]==="!--"?s=Nt:u[1]!==void 0?s=Dt:u[2]!==void 0?(Wt.test(u[2])&&(n=RegExp("</"+u[2],"g")),s=A):u[3]!==void 0&&(s=A):s===A?u[0]===">"?(s=n??N,h=-1):u[1]===void 0?h=-2:(h=s.lastIndex-u[2].length,d=u[1],s=u[3]===void 0?A:u[3]==='"'?Vt:zt):s===Vt||s===zt?s=A:s===Nt||s===Dt?s=N:(s=A,n=void 0);let y=s===A&&r[a+1].startsWith("/>")?" ":"";o+=s===N?c+we:h>=0?(i.push(d),c.slice(0,h)+jt+c.slice(h)+x+y):c+x+(h===-2?a:y)}return[qt(r,o+(r[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),i]},V=class r{constructor({strings:t,_$litType$:e},i){let n;this.parts=[];let o=0,s=0,a=t.length-1,c=this.parts,[d,u]=ke(t,e);if(this.el=r.createElement(d,i),k.currentNode=this.el.content,e===2||e===3){let h=this.el.content.firstChild;h.replaceWith(...h.childNodes)}for(;(n=k.nextNode())!==null&&c.length<a;){if(n.nodeType===1){if(n.hasAttributes())for(let h of n.getAttributeNames())if(h.endsWith(jt)){let b=u[s++],y=n.getAttribute(h).split(x),$=/([.?@])?(.*)/.exec(b);c.push({type:1,index:o,name:$[2],strings:y,ctor:$[1]==="."?ut:$[1]==="?"?ht:$[1]==="@"?ft:T}),n.removeAttribute(h)}else h.startsWith(x)&&(c.push({type:6,index:o}),n.removeAttribute(h));if(Wt.test(n.tagName)){let h=n.textContent.split(x),b=h.length-1;if(b>0){n.textContent=K?K.emptyScript:"";for(let y=0;y<b;y++)n.append(h[y],D()),k.nextNode(),c.push({type:2,index:++o});n.append(h[b],D())}}}else if(n.nodeType===8)if(n.data===It)c.push({type:2,index:o});else{let h=-1;for(;(h=n.data.indexOf(x,h+1))!==-1;)c.push({type:7,index:o}),h+=x.length-1}o++}}static createElement(t,e){let i=R.createElement("template");return i.innerHTML=t,i}};function C(r,t,e=r,i){if(t===E)return t;let n=i!==void 0?e._$Co?.[i]:e._$Cl,o=z(t)?void 0:t._$litDirective$;return n?.constructor!==o&&(n?._$AO?.(!1),o===void 0?n=void 0:(n=new o(r),n._$AT(r,e,i)),i!==void 0?(e._$Co??=[])[i]=n:e._$Cl=n),n!==void 0&&(t=C(r,n._$AS(r,t.values),n,i)),t}var lt=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:i}=this._$AD,n=(t?.creationScope??R).importNode(e,!0);k.currentNode=n;let o=k.nextNode(),s=0,a=0,c=i[0];for(;c!==void 0;){if(s===c.index){let d;c.type===2?d=new B(o,o.nextSibling,this,t):c.type===1?d=new c.ctor(o,c.name,c.strings,this,t):c.type===6&&(d=new mt(o,this,t)),this._$AV.push(d),c=i[++a]}s!==c?.index&&(o=k.nextNode(),s++)}return k.currentNode=R,n}p(t){let e=0;for(let i of this._$AV)i!==void 0&&(i.strings!==void 0?(i._$AI(t,i,e),e+=i.strings.length-2):i._$AI(t[e])),e++}},B=class r{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,i,n){this.type=2,this._$AH=l,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=i,this.options=n,this._$Cv=n?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=C(this,t,e),z(t)?t===l||t==null||t===""?(this._$AH!==l&&this._$AR(),this._$AH=l):t!==this._$AH&&t!==E&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):Ae(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==l&&z(this._$AH)?this._$AA.nextSibling.data=t:this.T(R.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:i}=t,n=typeof i=="number"?this._$AC(t):(i.el===void 0&&(i.el=V.createElement(qt(i.h,i.h[0]),this.options)),i);if(this._$AH?._$AD===n)this._$AH.p(e);else{let o=new lt(n,this),s=o.u(this.options);o.p(e),this.T(s),this._$AH=o}}_$AC(t){let e=Bt.get(t.strings);return e===void 0&&Bt.set(t.strings,e=new V(t)),e}k(t){gt(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,i,n=0;for(let o of t)n===e.length?e.push(i=new r(this.O(D()),this.O(D()),this,this.options)):i=e[n],i._$AI(o),n++;n<e.length&&(this._$AR(i&&i._$AB.nextSibling,n),e.length=n)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let i=Ut(t).nextSibling;Ut(t).remove(),t=i}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},T=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,i,n,o){this.type=1,this._$AH=l,this._$AN=void 0,this.element=t,this.name=e,this._$AM=n,this.options=o,i.length>2||i[0]!==""||i[1]!==""?(this._$AH=Array(i.length-1).fill(new String),this.strings=i):this._$AH=l}_$AI(t,e=this,i,n){let o=this.strings,s=!1;if(o===void 0)t=C(this,t,e,0),s=!z(t)||t!==this._$AH&&t!==E,s&&(this._$AH=t);else{let a=t,c,d;for(t=o[0],c=0;c<o.length-1;c++)d=C(this,a[i+c],e,c),d===E&&(d=this._$AH[c]),s||=!z(d)||d!==this._$AH[c],d===l?t=l:t!==l&&(t+=(d??"")+o[c+1]),this._$AH[c]=d}s&&!n&&this.j(t)}j(t){t===l?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},ut=class extends T{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===l?void 0:t}},ht=class extends T{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==l)}},ft=class extends T{constructor(t,e,i,n,o){super(t,e,i,n,o),this.type=5}_$AI(t,e=this){if((t=C(this,t,e,0)??l)===E)return;let i=this._$AH,n=t===l&&i!==l||t.capture!==i.capture||t.once!==i.once||t.passive!==i.passive,o=t!==l&&(i===l||n);n&&this.element.removeEventListener(this.name,this,i),o&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},mt=class{constructor(t,e,i){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=i}get _$AU(){return this._$AM._$AU}_$AI(t){C(this,t)}};var Re=pt.litHtmlPolyfillSupport;Re?.(V,B),(pt.litHtmlVersions??=[]).push("3.3.3");var Gt=(r,t,e)=>{let i=e?.renderBefore??t,n=i._$litPart$;if(n===void 0){let o=e?.renderBefore??null;i._$litPart$=n=new B(t.insertBefore(D(),o),o,void 0,e??{})}return n._$AI(r),n};var bt=globalThis,S=class extends v{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=Gt(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return E}};S._$litElement$=!0,S.finalized=!0,bt.litElementHydrateSupport?.({LitElement:S});var Ee=bt.litElementPolyfillSupport;Ee?.({LitElement:S});(bt.litElementVersions??=[]).push("4.2.2");var Me={comma_decimal:["en-US","en"],decimal_comma:["de","es","it"],space_comma:["fr","sv","cs"],quote_decimal:["de-CH"]};function Ce(r){switch(r.number_format){case"language":return r.language;case"system":return;case"none":return"en-US";default:return Me[r.number_format]??r.language}}var Y=class{timeZone;#t;#e;#i;#r;#n;constructor(t){let{locale:e}=t;this.timeZone=e.time_zone==="server"?t.config.time_zone:void 0,this.#t=new Intl.NumberFormat(Ce(e),{maximumFractionDigits:0,useGrouping:e.number_format!=="none"});let i=this.timeZone===void 0?{}:{timeZone:this.timeZone},n={hour:"numeric",minute:"2-digit",...i};(e.time_format==="12"||e.time_format==="24")&&(n.hourCycle=e.time_format==="12"?"h12":"h23");let o=e.time_format==="system"?void 0:e.language;this.#e=new Intl.DateTimeFormat(o,n),this.#i=new Intl.DateTimeFormat(o,{weekday:"short",...n}),this.#r=new Intl.DateTimeFormat(e.language,{weekday:"short",day:"numeric",...i}),this.#n=new Intl.DateTimeFormat("en",{hour:"numeric",minute:"numeric",hourCycle:"h23",...i})}number(t){return this.#t.format(t)}amperes(t){return`${this.number(t)} A`}percent(t){return`${this.number(t)} %`}time(t){return this.#e.format(t)}moment(t){return this.#i.format(t)}day(t){return this.#r.format(t)}minuteOfDay(t){let e=this.#n.formatToParts(t),i=n=>Number(e.find(o=>o.type===n)?.value);return i("hour")*60+i("minute")}};var Te=["entities","devices","locale","themes","config","localize"],j=class extends S{static properties={hass:{attribute:!1},config:{attribute:!1}};formats;get say(){return At(this.hass)}connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.requestUpdate()}shouldUpdate(t){let e=t.get("hass"),{hass:i}=this;if(t.size>1||!e||!i||Te.some(n=>e[n]!==i[n]))return!0;for(let n of this.watched)if(n&&e.states[n]!==i.states[n])return!0;return!1}willUpdate(t){let{hass:e,config:i}=this;if(!e||!i)return;let n=t.get("hass");it(e)||kt(e),(!this.formats||n&&n.locale!==e.locale)&&(this.formats=new Y(e)),this.toggleAttribute("dark",e.themes.darkMode),this.prepare(e,i,t)}render(){let{hass:t,config:e}=this;return t&&e&&it(t)?this.draw(t,e):l}};function w(r,t,e){e!=null&&Number.isFinite(e)&&(r[t]=e)}function Oe(r,t,e){let i=new Map,n=new Map(r.headroom.map(o=>[o.start,o.mean]));for(let o of["current","dlr","aar"])for(let{start:s,end:a,mean:c}of r[o]){if(a<=t||s>=e)continue;let d=i.get(s)??{start:s,end:a,fields:{}};i.set(s,d),w(d.fields,o,c);let u=n.get(s);o==="current"&&typeof c=="number"&&typeof u=="number"&&w(d.fields,"inForce",c+u)}return[...i.values()].sort((o,s)=>o.start-s.start).map(({start:o,end:s,fields:a})=>({start:o,end:s,at:(o+Math.min(s,e))/2,ahead:!1,fallback:r.fallback.some(c=>c.start<s&&c.end>o),atRisk:yt(a.current,a.inForce),...a}))}function yt(r,t){return r!==void 0&&t!==void 0&&r>t}function Pe(r,t){let e={};for(let i of["current","inForce","dlr","aar"])w(e,i,r[i]);return{start:t,end:t,at:t,ahead:!1,fallback:r.fallback??!1,atRisk:yt(e.current,e.inForce),...r.limitedBy===void 0?{}:{limitedBy:r.limitedBy},...r.limitingSpan===void 0?{}:{limitingSpan:r.limitingSpan},...e}}function He(r,t,e){for(let i=t-24*36e5;i>e-48*36e5;i-=24*36e5){let n=i<e?r.get(i):void 0;if(n!==void 0)return n}}function Fe(r,t,e){let{now:i,confidence:n}=e,o=new Map;for(let{start:s,end:a,mean:c}of r.current)typeof c=="number"&&a-s===36e5&&o.set(s,c);return t.filter(({start:s})=>s+36e5>i&&s<i+e.ahead*36e5).map(s=>{let a={};w(a,"inForce",s.in_force.prediction),w(a,"cautious",s.in_force[n]),w(a,"dlr",s.dlr?.prediction),w(a,"aar",s.aar?.prediction),w(a,"expected",He(o,s.start,i));let c=Math.max(s.start,i),d=s.start+36e5;return{start:c,end:d,at:(c+d)/2,ahead:!0,fallback:!1,atRisk:yt(a.expected,a.cautious??a.inForce),...s.limited_by===null?{}:{limitedBy:s.limited_by},...s.limiting_span===null?{}:{limitingSpan:s.limiting_span},...a}})}function Zt(r,t,e,i){let n=i.now-i.back*36e5;return[...Oe(r,n,i.now),Pe(t,i.now),...Fe(r,e,i)]}function J(r,t,e){let i=[],n=[],o=-1/0;for(let s of r)s[t]===void 0||e&&!e(s)||(s.start-o>36e5/2&&n.length&&(i.push(n),n=[]),n.push(s),o=s.end);return n.length&&i.push(n),i}function Kt(r,t){let e=-1,i=1/0;return r.forEach((n,o)=>{let s=Math.abs(n.at-t);s<i&&([e,i]=[o,s])}),e}function Yt(r){let t=[];for(let{atRisk:e,start:i,end:n}of r){if(!e||i===n)continue;let o=t.at(-1);o&&i-o.end<=36e5/12?o.end=n:t.push({start:i,end:n})}return t}function Jt(r,t){let e=Math.max(r,1)/Math.max(t,1),i=10**Math.floor(Math.log10(e)),n=[1,2,5,10].map(s=>s*i).find(s=>s>=e)??10*i,o=Math.ceil(Math.max(r,1)/n);return Array.from({length:o+1},(s,a)=>a*n)}var Ue=[1,2,3,6,12,24];function Xt(r,t,e,i){let n=(t-r)/36e5,o=Ue.find(d=>n/d<=e)??24,s=[],a=36e5/4;for(let d=Math.ceil(r/a)*a;d<=t;d+=a){let u=i.minuteOfDay(d);u%(60*o)===0&&s.push({at:d,day:u===0}),u%60===0&&(d+=3*a)}let c=Math.ceil(s.length/Math.max(e,1));return c>1?s.filter((d,u)=>u%c===0):s}var O={top:8,right:10,bottom:22,left:46},X=class{constructor(t,e,i){this.size=t;this.frame=e;this.right=Math.max(t.width-O.right,O.left+1),this.bottom=Math.max(t.height-O.bottom,O.top+1);let n=["current","inForce","cautious","dlr","aar","expected"],o=i.flatMap(s=>n.map(a=>s[a]??0));this.values=Jt(Math.max(...o,e.staticRating??0,1)*1.02,Math.max(2,Math.round((this.bottom-this.top)/45)))}size;frame;left=O.left;right;top=O.top;bottom;values;x(t){let{from:e,to:i}=this.frame,n=(t-e)/(i-e);return this.left+Math.min(Math.max(n,0),1)*(this.right-this.left)}y(t){let e=this.values.at(-1)??1;return this.bottom-t/e*(this.bottom-this.top)}time(t){let{from:e,to:i}=this.frame;return e+(t-this.left)/(this.right-this.left)*(i-e)}},m=r=>r.toFixed(1);function Q(r,t,e){return t.map(i=>`${m(r.x(i.at))},${m(r.y(i[e]??0))}`)}function M(r,t,e,i,n){return J(t,e,n).map(o=>{let[s]=o;return o.length===1&&s?p`<circle class="dot ${i}" r="2"
          cx=${m(r.x(s.at))} cy=${m(r.y(s[e]??0))} />`:p`<path class="line ${i}" d="M${Q(r,o,e).join("L")}" />`})}function Le(r,t){return J(t,"current").map(e=>{let i=m(r.x(e[0]?.at??0)),n=m(r.x(e.at(-1)?.at??0));return p`<path class="area" d="M${i},${m(r.bottom)}L${Q(r,e,"current").join("L")}L${n},${m(r.bottom)}Z" />`})}function Ne(r,t){return J(t,"cautious",i=>i.inForce!==void 0&&i.cautious!==void 0).map(i=>{let n=Q(r,i,"inForce"),o=Q(r,i,"cautious").reverse();return p`<path class="band" d="M${[...n,...o].join("L")}Z" />`})}function De(r,t){let e=Math.max(2,Math.floor((r.right-r.left)/62)),i=Xt(r.frame.from,r.frame.to,e,t);return p`
    ${r.values.map(n=>p`
        <line class="grid" x1=${r.left} x2=${r.right}
          y1=${m(r.y(n))} y2=${m(r.y(n))} />
        <text class="tick" text-anchor="end" x=${r.left-6}
          y=${m(r.y(n)+4)}>${t.number(n)}</text>`)}
    ${i.map(({at:n,day:o})=>{let s=r.x(n),a=s<r.left+20?"start":s>r.right-20?"end":"middle";return p`
        <line class="grid ${o?"day":""}" x1=${m(s)} x2=${m(s)}
          y1=${r.top} y2=${r.bottom} />
        <text class="tick ${o?"day":""}" text-anchor=${a} x=${m(s)}
          y=${r.bottom+16}>${o?t.day(n):t.time(n)}</text>`})}`}function ze(r,t){let e=m(r.x(t.at)),i=["current","inForce","cautious","dlr","aar","expected"].filter(n=>t[n]!==void 0);return p`
    <line class="pointer" x1=${e} x2=${e} y1=${r.top} y2=${r.bottom} />
    ${i.map(n=>p`<circle class="mark ${n}" r="3.5" cx=${e}
        cy=${m(r.y(t[n]??0))} />`)}`}function Qt(r){return r.some(({cautious:t,inForce:e=t})=>t!==void 0&&t!==e)}function $t(r){return r.some(({dlr:t,inForce:e})=>t!==void 0&&(e===void 0||Math.abs(t-e)>1))}function te(r,t,e,i,n){let{width:o,height:s}=r.size,{frame:a}=r,c=m(r.x(a.now)),d=a.staticRating===void 0?"":m(r.y(a.staticRating));return f`<svg viewBox="0 0 ${o} ${s}" aria-hidden="true" focusable="false">
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)">
        <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
    </defs>
    ${Yt(t).map(({start:u,end:h})=>p`<rect class="risk" fill="url(#hatch)" y=${r.top}
        x=${m(r.x(u))} height=${r.bottom-r.top}
        width=${m(Math.max(r.x(h)-r.x(u),2))} />`)}
    ${De(r,e)} ${Le(r,t)} ${Ne(r,t)}
    ${d===""?l:p`<line class="line static" x1=${r.left} x2=${r.right} y1=${d} y2=${d} />`}
    ${M(r,t,"aar","aar")}
    ${$t(t)?M(r,t,"dlr","dlr"):l}
    ${M(r,t,"expected","expected")} ${M(r,t,"current","current")}
    ${M(r,t,"cautious","cautious")} ${M(r,t,"inForce","inForce")}
    ${M(r,t,"inForce","fallback",u=>u.fallback)}
    <line class="now" x1=${c} x2=${c} y1=${r.top} y2=${r.bottom} />
    <text class="tick now-text" x=${Number(c)+4} y=${r.top+10}>${n}</text>
    ${i?ze(r,i):l}
  </svg>`}var tt={current:[],headroom:[],dlr:[],aar:[],fallback:[]};function ie(r,t){let e=new Rt(r);return{current:e.find(t,"current","sensor"),headroom:e.find(t,"headroom","sensor"),loading:e.find(t,"loading","sensor"),limitedBy:e.find(t,"limited_by","sensor"),limitingSpan:e.find(t,"limiting_span","sensor"),dlr:e.find(t,"dlr","sensor"),aar:e.find(t,"aar","sensor"),staticRating:e.find(t,"static_rating","number"),fallback:e.find(t,"dlr_fallback","binary_sensor")}}var Ve=r=>r===void 0||r==="unknown"||r==="unavailable"?void 0:r,Be={kA:1e3,A:1,mA:.001};function P(r,t){let e=Et(r,t),i=t&&r.states[t]?.attributes.unit_of_measurement;return e===void 0?void 0:e*(Be[String(i)]??1)}function vt(r,t){let e=P(r,t.current),i=P(r,t.headroom),n=t.loading===void 0?void 0:r.states[t.loading],o=t.limitingSpan&&Ve(r.states[t.limitingSpan]?.state);return{current:e,inForce:e===void 0||i===void 0?void 0:e+i,dlr:P(r,t.dlr),aar:P(r,t.aar),limitedBy:n?.attributes.limited_by??void 0,limitingSpan:o||void 0,fallback:n?.attributes.fallback===!0}}function ee(r,t,e,i){return r.callWS({type:"recorder/statistics_during_period",start_time:new Date(i).toISOString(),statistic_ids:t,period:e,types:["mean"],units:{electric_current:"A"}})}async function je(r,t,e,i){if(!t)return[];let o=(await r.callWS({type:"history/history_during_period",start_time:new Date(e).toISOString(),end_time:new Date(i).toISOString(),entity_ids:[t],minimal_response:!0,no_attributes:!0}))[t]??[];return o.flatMap(({s,lu:a},c)=>{let d=o[c+1]?.lu;return s==="on"?[{start:a*1e3,end:d===void 0?i:d*1e3}]:[]})}async function re(r,t,e,i){let{current:n,headroom:o,dlr:s,aar:a}=t,c=[n,o,s,a].filter(F=>F!==void 0);if(!c.length)return tt;let d=Math.floor(i/36e5)*36e5,u=d-Math.max(e,24)*36e5,[h,b,y]=await Promise.all([ee(r,c,"hour",u),ee(r,c,"5minute",d-36e5),je(r,t.fallback,u,i)]),$=F=>{if(F===void 0)return[];let St=h[F]??[],me=St.at(-1)?.end??0;return[...St,...(b[F]??[]).filter(pe=>pe.start>=me)]};return{current:$(n),headroom:$(o),dlr:$(s),aar:$(a),fallback:y}}function ne(r,t,e){return r.connection.subscribeMessage(e,{type:`${wt}/forecast`,device_id:t})}function H(r,t,e){switch(t){case"inForce":return r("in_force");case"cautious":return r("certain",{percent:e.replace(/^p/,"")});default:return r(t)}}var Ie=["current","expected","inForce","cautious","dlr","aar"],We={circuit_rating:"circuit_rating",dlr:"dlr",aar:"aar",static_rating:"static_rating"};function se(r,t){let e=We[t];return e?r(e):t}function xt(r,t,e,i,n){let o=Ie.flatMap(s=>{let a=r[s];return a===void 0?[]:[{key:s,name:H(n,s,e),value:i.amperes(a)}]});return t!==void 0&&o.push({key:"static",name:n("static_rating"),value:i.amperes(t)}),r.limitingSpan!==void 0&&o.push({key:"other",name:n("limiting_span"),value:r.limitingSpan}),o}function I(r,t,e){return r.start===r.end?e("now"):t.moment(r.start)}function oe(r,t,e,i,n){let s=xt(r,t,e,i,n).map(({name:c,value:d})=>`${c} ${d}`);r.fallback&&s.push(n("fallback")),r.atRisk&&s.push(n("risk"));let a=s.length?s.join(", "):n("unknown");return`${I(r,i,n)}: ${a}`}var qe=["current","expected","inForce","dlr","aar"],et=r=>p`<line class="line ${r}" x1="1" x2="21" y1="5" y2="5" />`,ae=r=>p`<rect class=${r} width="22" height="10" />`,W=(r,t)=>f`<li><svg class="sample" viewBox="0 0 22 10">${r}</svg>${t}</li>`;function ce(r,t,e,i){let n=qe.filter(o=>r.some(s=>s[o]!==void 0)&&(o!=="dlr"||$t(r)));return f`<ul aria-hidden="true">
    ${n.map(o=>W(p`${o==="current"?ae("area"):l}${et(o)}`,H(i,o,e)))}
    ${Qt(r)?W(ae("band"),H(i,"cautious",e)):l}
    ${t===void 0?l:W(et("static"),i("static_rating"))}
    ${r.some(({fallback:o})=>o)?W(p`${et("inForce")}${et("fallback")}`,i("fallback")):l}
    ${r.some(({atRisk:o})=>o)?W(p`<path class="hatch" d="M2,10L8,0M9,10L15,0M16,10L22,0" />`,i("risk")):l}
  </ul>`}var de=ot`
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
`;var Ge=["current","expected","inForce","cautious","dlr","aar"];function le(r,t,e,i,n){let o=Ge.filter(a=>r.some(c=>c[a]!==void 0)),s=r.filter(({start:a,end:c})=>a===c||c-a>36e5/2);return f`<table class="hidden">
    <caption>${t}</caption>
    <thead>
      <tr>
        <th scope="col">${n("time")}</th>
        ${o.map(a=>f`<th scope="col">${H(n,a,e)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${s.map(a=>f`<tr>
          <th scope="row">
            ${I(a,i,n)}${a.fallback?`, ${n("fallback")}`:""}${a.atRisk?`, ${n("risk")}`:""}
          </th>
          ${o.map(c=>{let d=a[c];return f`<td>${d===void 0?n("unknown"):i.amperes(d)}</td>`})}
        </tr>`)}
    </tbody>
  </table>`}function ue(r,t,e,i,n,o){let s=r.x(t.at),c=s<(r.left+r.right)/2?`left:${s+12}px`:`right:${r.size.width-s+12}px`;return f`<div class="tip" style=${c} aria-hidden="true">
    <b>${I(t,n,o)}</b>
    <table>
      ${xt(t,e,i,n,o).map(d=>f`<tr><td>${d.name}</td><td>${d.value}</td></tr>`)}
    </table>
    ${t.fallback?f`<div class="alert">${o("fallback")}</div>`:l}
    ${t.atRisk?f`<div class="alert">${o("risk")}</div>`:l}
  </div>`}var Ze=5*6e4,Ke=3e4,he=(r,t,e,i)=>typeof r=="number"&&Number.isFinite(r)?Math.min(Math.max(r,t),e):i,fe=class extends j{static styles=de;static properties={...j.properties,_recorded:{state:!0},_forecast:{state:!0},_status:{state:!0},_size:{state:!0},_active:{state:!0}};_entities={};_following="";_unsubscribe;_timer;_plane;_slots=[];_body=null;_observer=new ResizeObserver(()=>this._measure());constructor(){super(),this._recorded=tt,this._status="loading",this._size={width:0,height:0}}disconnectedCallback(){super.disconnectedCallback(),this._observe(null),this._stop()}get watched(){return Object.values(this._entities)}prepare(t,e,i){if(i.size===1&&i.has("_active"))return;let n=i.has("hass")?i.get("hass"):t,o=e.device_id??"";(n?.entities!==t.entities||i.has("config"))&&(this._entities=ie(t,o)),this._follow(o);let s={now:Date.now(),back:this._back,ahead:this._ahead,confidence:this._confidence},a=this._forecast?.forecast?.hours??[];this._slots=Zt(this._recorded,vt(t,this._entities),a,s);let c={now:s.now,from:s.now-this._back*36e5,to:s.now+this._ahead*36e5,staticRating:this._staticRating};this._plane=new X(this._size,c,this._slots)}get _back(){return he(this.config?.hours_back,6,168,24)}get _ahead(){return he(this.config?.hours_ahead,0,72,48)}get _confidence(){let t=this.config?.confidence??"";return Mt.includes(t)?t:"p95"}get _staticRating(){let t=this.hass&&P(this.hass,this._entities.staticRating);return t||void 0}_follow(t){let e=this.hass?.devices[t],i=e&&rt(e)==="line"&&this.isConnected?t:"",n=i&&[i,this._back,...Object.values(this._entities)].join();n!==this._following&&(this._stop(),this._following=n,i&&(this._recorded=tt,this._forecast=void 0,this._status="loading",this._subscribe(i,n),this._fetch(n)))}_stop(){this._unsubscribe?.(),this._unsubscribe=void 0,clearTimeout(this._timer),this._following=""}async _subscribe(t,e){if(this.hass)try{let i=await ne(this.hass,t,n=>{this._following===e&&(this._forecast=n)});this._following===e?this._unsubscribe=()=>{i()}:i()}catch(i){let{code:n}=i;if(this._following!==e)return;n==="unauthorized"?this._status="not_permitted":n==="not_found"?this._status="gone":this._forecast={loaded:!1,forecast:null}}}async _fetch(t){if(!this.hass||this._following!==t)return;let e=Ze;try{let i=await re(this.hass,this._entities,this._back,Date.now());if(this._following!==t)return;this._recorded=i,(this._status==="loading"||this._status==="failed")&&(this._status="ready")}catch{if(this._following!==t)return;this._status==="loading"&&(this._status="failed"),e=Ke}this._timer=setTimeout(()=>{this._fetch(t)},e)}_observe(t){t!==this._body&&(this._observer.disconnect(),this._body=t,t&&this._observer.observe(t))}_measure(){let{clientWidth:t=0,clientHeight:e=0}=this._body??{};(t!==this._size.width||e!==this._size.height)&&(this._size={width:t,height:e})}updated(){this._observe(this.isConnected?this.renderRoot.querySelector(".body"):null)}draw(t,e){let i=t.devices[e.device_id??""],n=this._message(i!==void 0,rt(i)==="line");if(!i||n)return f`<ha-card>
        ${i?f`<h2>${e.name??nt(i)}</h2>`:l}
        <p class="message center" role="status">${n}</p>
      </ha-card>`;let o=e.name??nt(i),s=this.formats;return f`<ha-card>
      <h2>${o}</h2>
      ${this._summary(t)}
      <div class="body">${this._size.width?this._plot(o):l}</div>
      ${ce(this._slots,this._staticRating,this._confidence,this.say)}
      ${s?le(this._slots,o,this._confidence,s,this.say):l}
    </ha-card>`}_message(t,e){let i=this.say;if(!this.config?.device_id||t&&!e)return i("what_to_choose");if(!t||this._status==="gone")return i("gone");if(this._status==="not_permitted")return i("not_permitted");if(this._status==="failed")return i("unavailable");if(this._status==="loading")return i("loading");let n=["current","inForce","dlr","aar"];return this._slots.some(s=>n.some(a=>s[a]!==void 0))?void 0:i("no_data")}_summary(t){let e=this.say,i=this.formats,n=this._entities.loading&&t.states[this._entities.loading],o=this._entities.headroom&&t.states[this._entities.headroom],s=vt(t,this._entities),a=[];n&&a.push(e("loading_of",{value:t.formatEntityState(n)})),o&&a.push(e("headroom",{value:t.formatEntityState(o)})),s.limitedBy&&a.push(e("limited_by",{rating:se(e,s.limitedBy)})),s.fallback&&a.push(f`<span class="alert">${e("fallback")}</span>`);let c=this._slots.find(u=>u.atRisk&&u.ahead);c&&i&&a.push(f`<span class="alert">${e("risk_from",{time:i.moment(c.start)})}</span>`);let d=this._forecast&&!this._forecast.forecast?.hours.length&&this._ahead>0;return f`
      <p class="summary">
        ${a.map((u,h)=>f`${h?" · ":l}${u}`)}
      </p>
      ${this._forecast?.loaded===!1?f`<p class="message" role="status">${e("not_loaded")}</p>`:d?f`<p class="message" role="status">${e("forecast_missing")}</p>`:l}
    `}_plot(t){let e=this.formats,i=this._plane;if(!e||!i)return l;let n=this.say,o=this._index(),s=this._slots[o],a=this._active===void 0?void 0:s;return f`<div
        class="plot"
        role="slider"
        tabindex="0"
        aria-label=${n("line_chart",{name:t})}
        aria-orientation="horizontal"
        aria-valuemin="0"
        aria-valuemax=${this._slots.length-1}
        aria-valuenow=${o}
        aria-valuetext=${s?oe(s,this._staticRating,this._confidence,e,n):""}
        @pointermove=${this._point}
        @pointerdown=${this._point}
        @pointerleave=${this._leave}
        @focus=${this._focus}
        @blur=${this._leave}
        @keydown=${this._key}
      >
        ${te(i,this._slots,e,a,n("now"))}
      </div>
      ${a?ue(i,a,this._staticRating,this._confidence,e,n):l}`}_index(){return Kt(this._slots,this._active??this._plane?.frame.now??Date.now())}_point(t){let e=t.currentTarget.getBoundingClientRect();this._active=this._plane?.time(t.clientX-e.left)}_leave(){this._active=void 0}_focus(t){t.currentTarget.matches(":focus-visible")&&(this._active??=this._plane?.frame.now)}_key(t){let e=this._slots.length-1,i=this._index(),n=Math.max(1,Math.round(24*e/(this._back+this._ahead))),o={ArrowLeft:i-1,ArrowDown:i-1,ArrowRight:i+1,ArrowUp:i+1,PageDown:i-n,PageUp:i+n,Home:0,End:e};if(t.key==="Escape"){this._active=void 0;return}let s=o[t.key];s!==void 0&&(t.preventDefault(),this._active=this._slots[Math.min(Math.max(s,0),e)]?.at)}};export{fe as LineCard};

var nt=globalThis,st=nt.ShadowRoot&&(nt.ShadyCSS===void 0||nt.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,yt=Symbol(),It=new WeakMap,K=class{constructor(t,e,n){if(this._$cssResult$=!0,n!==yt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(st&&t===void 0){let n=e!==void 0&&e.length===1;n&&(t=It.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),n&&It.set(e,t))}return t}toString(){return this.cssText}},jt=i=>new K(typeof i=="string"?i:i+"",void 0,yt),bt=(i,...t)=>{let e=i.length===1?i[0]:t.reduce((n,s,r)=>n+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(s)+i[r+1],i[0]);return new K(e,i,yt)},Gt=(i,t)=>{if(st)i.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let n=document.createElement("style"),s=nt.litNonce;s!==void 0&&n.setAttribute("nonce",s),n.textContent=e.cssText,i.appendChild(n)}},vt=st?i=>i:i=>i instanceof CSSStyleSheet?(t=>{let e="";for(let n of t.cssRules)e+=n.cssText;return jt(e)})(i):i;var{is:Ge,defineProperty:Ke,getOwnPropertyDescriptor:We,getOwnPropertyNames:qe,getOwnPropertySymbols:Ye,getPrototypeOf:Ze}=Object,rt=globalThis,Kt=rt.trustedTypes,Xe=Kt?Kt.emptyScript:"",Je=rt.reactiveElementPolyfillSupport,W=(i,t)=>i,$t={toAttribute(i,t){switch(t){case Boolean:i=i?Xe:null;break;case Object:case Array:i=i==null?i:JSON.stringify(i)}return i},fromAttribute(i,t){let e=i;switch(t){case Boolean:e=i!==null;break;case Number:e=i===null?null:Number(i);break;case Object:case Array:try{e=JSON.parse(i)}catch{e=null}}return e}},qt=(i,t)=>!Ge(i,t),Wt={attribute:!0,type:String,converter:$t,reflect:!1,useDefault:!1,hasChanged:qt};Symbol.metadata??=Symbol("metadata"),rt.litPropertyMetadata??=new WeakMap;var k=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=Wt){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let n=Symbol(),s=this.getPropertyDescriptor(t,n,e);s!==void 0&&Ke(this.prototype,t,s)}}static getPropertyDescriptor(t,e,n){let{get:s,set:r}=We(this.prototype,t)??{get(){return this[e]},set(o){this[e]=o}};return{get:s,set(o){let a=s?.call(this);r?.call(this,o),this.requestUpdate(t,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??Wt}static _$Ei(){if(this.hasOwnProperty(W("elementProperties")))return;let t=Ze(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(W("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(W("properties"))){let e=this.properties,n=[...qe(e),...Ye(e)];for(let s of n)this.createProperty(s,e[s])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[n,s]of e)this.elementProperties.set(n,s)}this._$Eh=new Map;for(let[e,n]of this.elementProperties){let s=this._$Eu(e,n);s!==void 0&&this._$Eh.set(s,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let n=new Set(t.flat(1/0).reverse());for(let s of n)e.unshift(vt(s))}else t!==void 0&&e.push(vt(t));return e}static _$Eu(t,e){let n=e.attribute;return n===!1?void 0:typeof n=="string"?n:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let n of e.keys())this.hasOwnProperty(n)&&(t.set(n,this[n]),delete this[n]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Gt(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,n){this._$AK(t,n)}_$ET(t,e){let n=this.constructor.elementProperties.get(t),s=this.constructor._$Eu(t,n);if(s!==void 0&&n.reflect===!0){let r=(n.converter?.toAttribute!==void 0?n.converter:$t).toAttribute(e,n.type);this._$Em=t,r==null?this.removeAttribute(s):this.setAttribute(s,r),this._$Em=null}}_$AK(t,e){let n=this.constructor,s=n._$Eh.get(t);if(s!==void 0&&this._$Em!==s){let r=n.getPropertyOptions(s),o=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:$t;this._$Em=s;let a=o.fromAttribute(e,r.type);this[s]=a??this._$Ej?.get(s)??a,this._$Em=null}}requestUpdate(t,e,n,s=!1,r){if(t!==void 0){let o=this.constructor;if(s===!1&&(r=this[t]),n??=o.getPropertyOptions(t),!((n.hasChanged??qt)(r,e)||n.useDefault&&n.reflect&&r===this._$Ej?.get(t)&&!this.hasAttribute(o._$Eu(t,n))))return;this.C(t,e,n)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:n,reflect:s,wrapped:r},o){n&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,o??e??this[t]),r!==!0||o!==void 0)||(this._$AL.has(t)||(this.hasUpdated||n||(e=void 0),this._$AL.set(t,e)),s===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[s,r]of this._$Ep)this[s]=r;this._$Ep=void 0}let n=this.constructor.elementProperties;if(n.size>0)for(let[s,r]of n){let{wrapped:o}=r,a=this[s];o!==!0||this._$AL.has(s)||a===void 0||this.C(s,void 0,r,a)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(n=>n.hostUpdate?.()),this.update(e)):this._$EM()}catch(n){throw t=!1,this._$EM(),n}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};k.elementStyles=[],k.shadowRootOptions={mode:"open"},k[W("elementProperties")]=new Map,k[W("finalized")]=new Map,Je?.({ReactiveElement:k}),(rt.reactiveElementVersions??=[]).push("2.1.2");var Rt=globalThis,Yt=i=>i,ot=Rt.trustedTypes,Zt=ot?ot.createPolicy("lit-html",{createHTML:i=>i}):void 0,ie="$lit$",M=`lit$${Math.random().toFixed(9).slice(2)}$`,ne="?"+M,Qe=`<${ne}>`,L=document,Y=()=>L.createComment(""),Z=i=>i===null||typeof i!="object"&&typeof i!="function",Ct=Array.isArray,ti=i=>Ct(i)||typeof i?.[Symbol.iterator]=="function",wt=`[ 	
\f\r]`,q=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Xt=/-->/g,Jt=/>/g,P=RegExp(`>|${wt}(?:([^\\s"'>=/]+)(${wt}*=${wt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Qt=/'/g,te=/"/g,se=/^(?:script|style|textarea|title)$/i,Mt=i=>(t,...e)=>({_$litType$:i,strings:t,values:e}),m=Mt(1),p=Mt(2),Fi=Mt(3),F=Symbol.for("lit-noChange"),u=Symbol.for("lit-nothing"),ee=new WeakMap,D=L.createTreeWalker(L,129);function re(i,t){if(!Ct(i)||!i.hasOwnProperty("raw"))throw Error("invalid template strings array");return Zt!==void 0?Zt.createHTML(t):t}var ei=(i,t)=>{let e=i.length-1,n=[],s,r=t===2?"<svg>":t===3?"<math>":"",o=q;for(let a=0;a<e;a++){let c=i[a],d,l,h=-1,y=0;for(;y<c.length&&(o.lastIndex=y,l=o.exec(c),l!==null);)y=o.lastIndex,o===q?l[1]==="!--"?o=Xt:l[1]!==void 0?o=Jt:l[2]!==void 0?(se.test(l[2])&&(s=RegExp("</"+l[2],"g")),o=P):l[3]!==void 0&&(o=P):o===P?l[0]===">"?(o=s??q,h=-1):l[1]===void 0?h=-2:(h=o.lastIndex-l[2].length,d=l[1],o=l[3]===void 0?P:l[3]==='"'?te:Qt):o===te||o===Qt?o=P:o===Xt||o===Jt?o=q:(o=P,s=void 0);let $=o===P&&i[a+1].startsWith("/>")?" ":"";r+=o===q?c+Qe:h>=0?(n.push(d),c.slice(0,h)+ie+c.slice(h)+M+$):c+M+(h===-2?a:$)}return[re(i,r+(i[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),n]},X=class i{constructor({strings:t,_$litType$:e},n){let s;this.parts=[];let r=0,o=0,a=t.length-1,c=this.parts,[d,l]=ei(t,e);if(this.el=i.createElement(d,n),D.currentNode=this.el.content,e===2||e===3){let h=this.el.content.firstChild;h.replaceWith(...h.childNodes)}for(;(s=D.nextNode())!==null&&c.length<a;){if(s.nodeType===1){if(s.hasAttributes())for(let h of s.getAttributeNames())if(h.endsWith(ie)){let y=l[o++],$=s.getAttribute(h).split(M),S=/([.?@])?(.*)/.exec(y);c.push({type:1,index:r,name:S[2],strings:$,ctor:S[1]==="."?St:S[1]==="?"?kt:S[1]==="@"?At:z}),s.removeAttribute(h)}else h.startsWith(M)&&(c.push({type:6,index:r}),s.removeAttribute(h));if(se.test(s.tagName)){let h=s.textContent.split(M),y=h.length-1;if(y>0){s.textContent=ot?ot.emptyScript:"";for(let $=0;$<y;$++)s.append(h[$],Y()),D.nextNode(),c.push({type:2,index:++r});s.append(h[y],Y())}}}else if(s.nodeType===8)if(s.data===ne)c.push({type:2,index:r});else{let h=-1;for(;(h=s.data.indexOf(M,h+1))!==-1;)c.push({type:7,index:r}),h+=M.length-1}r++}}static createElement(t,e){let n=L.createElement("template");return n.innerHTML=t,n}};function U(i,t,e=i,n){if(t===F)return t;let s=n!==void 0?e._$Co?.[n]:e._$Cl,r=Z(t)?void 0:t._$litDirective$;return s?.constructor!==r&&(s?._$AO?.(!1),r===void 0?s=void 0:(s=new r(i),s._$AT(i,e,n)),n!==void 0?(e._$Co??=[])[n]=s:e._$Cl=s),s!==void 0&&(t=U(i,s._$AS(i,t.values),s,n)),t}var xt=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:n}=this._$AD,s=(t?.creationScope??L).importNode(e,!0);D.currentNode=s;let r=D.nextNode(),o=0,a=0,c=n[0];for(;c!==void 0;){if(o===c.index){let d;c.type===2?d=new J(r,r.nextSibling,this,t):c.type===1?d=new c.ctor(r,c.name,c.strings,this,t):c.type===6&&(d=new Et(r,this,t)),this._$AV.push(d),c=n[++a]}o!==c?.index&&(r=D.nextNode(),o++)}return D.currentNode=L,s}p(t){let e=0;for(let n of this._$AV)n!==void 0&&(n.strings!==void 0?(n._$AI(t,n,e),e+=n.strings.length-2):n._$AI(t[e])),e++}},J=class i{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,n,s){this.type=2,this._$AH=u,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=n,this.options=s,this._$Cv=s?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=U(this,t,e),Z(t)?t===u||t==null||t===""?(this._$AH!==u&&this._$AR(),this._$AH=u):t!==this._$AH&&t!==F&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):ti(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==u&&Z(this._$AH)?this._$AA.nextSibling.data=t:this.T(L.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:n}=t,s=typeof n=="number"?this._$AC(t):(n.el===void 0&&(n.el=X.createElement(re(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===s)this._$AH.p(e);else{let r=new xt(s,this),o=r.u(this.options);r.p(e),this.T(o),this._$AH=r}}_$AC(t){let e=ee.get(t.strings);return e===void 0&&ee.set(t.strings,e=new X(t)),e}k(t){Ct(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,n,s=0;for(let r of t)s===e.length?e.push(n=new i(this.O(Y()),this.O(Y()),this,this.options)):n=e[s],n._$AI(r),s++;s<e.length&&(this._$AR(n&&n._$AB.nextSibling,s),e.length=s)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let n=Yt(t).nextSibling;Yt(t).remove(),t=n}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},z=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,n,s,r){this.type=1,this._$AH=u,this._$AN=void 0,this.element=t,this.name=e,this._$AM=s,this.options=r,n.length>2||n[0]!==""||n[1]!==""?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=u}_$AI(t,e=this,n,s){let r=this.strings,o=!1;if(r===void 0)t=U(this,t,e,0),o=!Z(t)||t!==this._$AH&&t!==F,o&&(this._$AH=t);else{let a=t,c,d;for(t=r[0],c=0;c<r.length-1;c++)d=U(this,a[n+c],e,c),d===F&&(d=this._$AH[c]),o||=!Z(d)||d!==this._$AH[c],d===u?t=u:t!==u&&(t+=(d??"")+r[c+1]),this._$AH[c]=d}o&&!s&&this.j(t)}j(t){t===u?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},St=class extends z{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===u?void 0:t}},kt=class extends z{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==u)}},At=class extends z{constructor(t,e,n,s,r){super(t,e,n,s,r),this.type=5}_$AI(t,e=this){if((t=U(this,t,e,0)??u)===F)return;let n=this._$AH,s=t===u&&n!==u||t.capture!==n.capture||t.once!==n.once||t.passive!==n.passive,r=t!==u&&(n===u||s);s&&this.element.removeEventListener(this.name,this,n),r&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},Et=class{constructor(t,e,n){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(t){U(this,t)}};var ii=Rt.litHtmlPolyfillSupport;ii?.(X,J),(Rt.litHtmlVersions??=[]).push("3.3.3");var oe=(i,t,e)=>{let n=e?.renderBefore??t,s=n._$litPart$;if(s===void 0){let r=e?.renderBefore??null;n._$litPart$=s=new J(t.insertBefore(Y(),r),r,void 0,e??{})}return s._$AI(i),s};var Ot=globalThis,O=class extends k{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=oe(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return F}};O._$litElement$=!0,O.finalized=!0,Ot.litElementHydrateSupport?.({LitElement:O});var ni=Ot.litElementPolyfillSupport;ni?.({LitElement:O});(Ot.litElementVersions??=[]).push("4.2.2");var si={comma_decimal:["en-US","en"],decimal_comma:["de","es","it"],space_comma:["fr","sv","cs"],quote_decimal:["de-CH"]};function ri(i){switch(i.number_format){case"language":return i.language;case"system":return;case"none":return"en-US";default:return si[i.number_format]??i.language}}var at=class{timeZone;#t;#e;#i;#n;#s;constructor(t){let{locale:e}=t;this.timeZone=e.time_zone==="server"?t.config.time_zone:void 0,this.#t=new Intl.NumberFormat(ri(e),{maximumFractionDigits:0,useGrouping:e.number_format!=="none"});let n=this.timeZone===void 0?{}:{timeZone:this.timeZone},s={hour:"numeric",minute:"2-digit",...n};(e.time_format==="12"||e.time_format==="24")&&(s.hourCycle=e.time_format==="12"?"h12":"h23");let r=e.time_format==="system"?void 0:e.language;this.#e=new Intl.DateTimeFormat(r,s),this.#i=new Intl.DateTimeFormat(r,{weekday:"short",...s}),this.#n=new Intl.DateTimeFormat(e.language,{weekday:"short",day:"numeric",...n}),this.#s=new Intl.DateTimeFormat("en",{hour:"numeric",minute:"numeric",hourCycle:"h23",...n})}number(t){return this.#t.format(t)}amperes(t){return`${this.number(t)} A`}percent(t){return`${this.number(t)} %`}time(t){return this.#e.format(t)}moment(t){return this.#i.format(t)}day(t){return this.#n.format(t)}minuteOfDay(t){let e=this.#s.formatToParts(t),n=s=>Number(e.find(r=>r.type===s)?.value);return n("hour")*60+n("minute")}};var H="gridduck_heimdall";function b(i){let t=i?.identifiers.find(([e])=>e===H)?.[1]??"";return t.slice(0,t.indexOf(":"))}function A(i){return i.name_by_user??i.name??i.id}function _(i,t){let e=new Intl.Collator(i.locale.language,{numeric:!0}).compare;return Object.values(i.devices).filter(n=>b(n)===t).sort((n,s)=>e(A(n),A(s)))}var w=class{constructor(t){this.hass=t;for(let e of Object.values(t.entities))if(e.platform===H&&e.device_id&&!e.hidden){let n=this.#t.get(e.device_id);n?n.push(e):this.#t.set(e.device_id,[e])}}hass;#t=new Map;find(t,e,...n){return this.#t.get(t)?.find(({entity_id:s,translation_key:r})=>r===e&&(!n.length||n.includes(ae(s))))?.entity_id}all(t,e){return e.flatMap(n=>this.find(t,n)??[])}ofClass(t,e){return this.#t.get(t)?.find(({entity_id:n})=>ae(n)==="sensor"&&this.hass.states[n]?.attributes.device_class===e)?.entity_id}number(t){return Ht(this.hass,t)}};function Ht(i,t){let e=t===void 0?void 0:i.states[t]?.state,n=e===void 0||e===""?NaN:Number(e);return Number.isFinite(n)?n:void 0}function ae(i){return i.slice(0,i.indexOf("."))}function ce(i,t){let e=new Set,n=t;for(;n&&b(n)!=="site"&&!e.has(n.id);)e.add(n.id),n=n.via_device_id?i.devices[n.via_device_id]:void 0;return n&&b(n)==="site"?n:void 0}function de(i,t){let e=t.via_device_id?i.devices[t.via_device_id]:void 0;return b(e)==="facility"?e:void 0}var ue={activity:"Activity",aar:"Ambient-adjusted rating",ahead:"Hours ahead",assets:"Assets",back:"Hours back",card_description:"Current and ratings of an overhead line, past and ahead.",card_name:"Line: current and ratings",certain:"{percent} % certain",circuit_rating:"Circuit rating",confidence:"Confidence",current:"Current",dashboard_description:"Overhead lines, load limits, sites and what happened, made from what you have.",device:"Line",dlr:"Dynamic line rating",empty:"Nothing here yet",empty_text:`Add an account of GridDuck or Heimdall Power, and its sites and lines appear here by themselves.

[Add an account](/config/integrations/integration/gridduck_heimdall)`,expected:"Load a day earlier",fallback:"Fallback",forecast_missing:"No forecast at present.",gone:"This line no longer exists. Choose another one in the settings of the card, or remove the card.",headroom:"Headroom {value}",in_force:"Rating in force",limited_by:"Limit: {rating}",limiting_span:"Limiting span",line_chart:"{name}: values over time. Arrow keys move through time.",lines:"Lines",load_limits:"Load limits",loading:"Loading…",loading_of:"Loading {value}",no_data:"There are no measurements and no forecast of this line yet.",not_loaded:"The account of this line is not loaded: shown is what was recorded.",not_permitted:"You are not permitted to see this line.",now:"Now",overridden:"Boosted or snoozed now",overview:"Overview",past:"Last seven days",risk:"Hours at risk",risk_from:"At risk from {time}",sites:"Sites",static_rating:"Static rating",time:"Time",tightest:"Highest loading",trouble:"Needs attention",unknown:"unknown",unavailable:"Home Assistant did not answer. The card tries again by itself.",what_to_choose:"Choose a line in the settings of this card."},le={en:ue};function Q(i,t,e={}){let n=i.split("-")[0]??"en";return(le[i]?.[t]??le[n]?.[t]??ue[t]).replace(/\{(\w+)\}/g,(r,o)=>e[o]??r)}function T(i,t,e){e!=null&&Number.isFinite(e)&&(i[t]=e)}function oi(i,t,e){let n=new Map,s=new Map(i.headroom.map(r=>[r.start,r.mean]));for(let r of["current","dlr","aar"])for(let{start:o,end:a,mean:c}of i[r]){if(a<=t||o>=e)continue;let d=n.get(o)??{start:o,end:a,fields:{}};n.set(o,d),T(d.fields,r,c);let l=s.get(o);r==="current"&&typeof c=="number"&&typeof l=="number"&&T(d.fields,"inForce",c+l)}return[...n.values()].sort((r,o)=>r.start-o.start).map(({start:r,end:o,fields:a})=>({start:r,end:o,at:Math.min((r+o)/2,e),ahead:!1,fallback:i.fallback.some(c=>c.start<o&&c.end>r),atRisk:Tt(a.current,a.inForce),...a}))}function Tt(i,t){return i!==void 0&&t!==void 0&&i>t}function ai(i,t){let e={};for(let n of["current","inForce","dlr","aar"])T(e,n,i[n]);return{start:t,end:t,at:t,ahead:!1,fallback:i.fallback??!1,atRisk:Tt(e.current,e.inForce),...i.limitedBy===void 0?{}:{limitedBy:i.limitedBy},...i.limitingSpan===void 0?{}:{limitingSpan:i.limitingSpan},...e}}function ci(i,t,e){for(let n=t-24*36e5;n>e-48*36e5;n-=24*36e5){let s=n<e?i.get(n):void 0;if(s!==void 0)return s}}function di(i,t,e){let{now:n,confidence:s}=e,r=new Map;for(let{start:o,end:a,mean:c}of i.current)typeof c=="number"&&a-o===36e5&&r.set(o,c);return t.filter(({start:o})=>o+36e5>n&&o<n+e.ahead*36e5).map(o=>{let a={};return T(a,"inForce",o.in_force.prediction),T(a,"cautious",o.in_force[s]),T(a,"dlr",o.dlr?.prediction),T(a,"aar",o.aar?.prediction),T(a,"expected",ci(r,o.start,n)),{start:Math.max(o.start,n),end:o.start+36e5,at:Math.max(o.start+36e5/2,n),ahead:!0,fallback:!1,atRisk:Tt(a.expected,a.cautious??a.inForce),...o.limited_by===null?{}:{limitedBy:o.limited_by},...o.limiting_span===null?{}:{limitingSpan:o.limiting_span},...a}})}function he(i,t,e,n){let s=n.now-n.back*36e5;return[...oi(i,s,n.now),ai(t,n.now),...di(i,e,n)]}function ct(i,t,e){let n=[],s=[],r=-1/0;for(let o of i)o[t]===void 0||e&&!e(o)||(o.start-r>36e5/2&&s.length&&(n.push(s),s=[]),s.push(o),r=o.end);return s.length&&n.push(s),n}function me(i,t){let e=-1,n=1/0;return i.forEach((s,r)=>{let o=Math.abs(s.at-t);o<n&&([e,n]=[r,o])}),e}function fe(i){let t=[];for(let{atRisk:e,start:n,end:s}of i){if(!e||n===s)continue;let r=t.at(-1);r&&n-r.end<=36e5/12?r.end=s:t.push({start:n,end:s})}return t}function pe(i,t){let e=Math.max(i,1)/Math.max(t,1),n=10**Math.floor(Math.log10(e)),s=[1,2,5,10].map(o=>o*n).find(o=>o>=e)??10*n,r=Math.ceil(Math.max(i,1)/s);return Array.from({length:r+1},(o,a)=>a*s)}var li=[1,2,3,6,12,24];function ge(i,t,e,n){let s=(t-i)/36e5,r=li.find(d=>s/d<=e)??24,o=[],a=36e5/4;for(let d=Math.ceil(i/a)*a;d<=t;d+=a){let l=n.minuteOfDay(d);l%(60*r)===0&&o.push({at:d,day:l===0}),l%60===0&&(d+=3*a)}let c=Math.ceil(o.length/Math.max(e,1));return c>1?o.filter((d,l)=>l%c===0):o}var V={top:8,right:10,bottom:22,left:46},dt=class{constructor(t,e,n){this.size=t;this.frame=e;this.right=Math.max(t.width-V.right,V.left+1),this.bottom=Math.max(t.height-V.bottom,V.top+1);let s=["current","inForce","cautious","dlr","aar","expected"],r=n.flatMap(o=>s.map(a=>o[a]??0));this.values=pe(Math.max(...r,e.staticRating??0,1)*1.02,Math.max(2,Math.round((this.bottom-this.top)/45)))}size;frame;left=V.left;right;top=V.top;bottom;values;x(t){let{from:e,to:n}=this.frame,s=(t-e)/(n-e);return this.left+Math.min(Math.max(s,0),1)*(this.right-this.left)}y(t){let e=this.values.at(-1)??1;return this.bottom-t/e*(this.bottom-this.top)}time(t){let{from:e,to:n}=this.frame;return e+(t-this.left)/(this.right-this.left)*(n-e)}},f=i=>i.toFixed(1);function lt(i,t,e){return t.map(n=>`${f(i.x(n.at))},${f(i.y(n[e]??0))}`)}function N(i,t,e,n,s){return ct(t,e,s).map(r=>{let[o]=r;return r.length===1&&o?p`<circle class="dot ${n}" r="2"
          cx=${f(i.x(o.at))} cy=${f(i.y(o[e]??0))} />`:p`<path class="line ${n}" d="M${lt(i,r,e).join("L")}" />`})}function ui(i,t){return ct(t,"current").map(e=>{let n=f(i.x(e[0]?.at??0)),s=f(i.x(e.at(-1)?.at??0));return p`<path class="area" d="M${n},${f(i.bottom)}L${lt(i,e,"current").join("L")}L${s},${f(i.bottom)}Z" />`})}function hi(i,t){return ct(t,"cautious",n=>n.inForce!==void 0&&n.cautious!==void 0).map(n=>{let s=lt(i,n,"inForce"),r=lt(i,n,"cautious").reverse();return p`<path class="band" d="M${[...s,...r].join("L")}Z" />`})}function mi(i,t){let e=Math.max(2,Math.floor((i.right-i.left)/62)),n=ge(i.frame.from,i.frame.to,e,t);return p`
    ${i.values.map(s=>p`
        <line class="grid" x1=${i.left} x2=${i.right}
          y1=${f(i.y(s))} y2=${f(i.y(s))} />
        <text class="tick" text-anchor="end" x=${i.left-6}
          y=${f(i.y(s)+4)}>${t.number(s)}</text>`)}
    ${n.map(({at:s,day:r})=>{let o=i.x(s),a=o<i.left+20?"start":o>i.right-20?"end":"middle";return p`
        <line class="grid ${r?"day":""}" x1=${f(o)} x2=${f(o)}
          y1=${i.top} y2=${i.bottom} />
        <text class="tick ${r?"day":""}" text-anchor=${a} x=${f(o)}
          y=${i.bottom+16}>${r?t.day(s):t.time(s)}</text>`})}`}function fi(i,t){let e=f(i.x(t.at)),n=["current","inForce","cautious","dlr","aar","expected"].filter(s=>t[s]!==void 0);return p`
    <line class="pointer" x1=${e} x2=${e} y1=${i.top} y2=${i.bottom} />
    ${n.map(s=>p`<circle class="mark ${s}" r="3.5" cx=${e}
        cy=${f(i.y(t[s]??0))} />`)}`}function _e(i){return i.some(({cautious:t,inForce:e=t})=>t!==void 0&&t!==e)}function Pt(i){return i.some(({dlr:t,inForce:e})=>t!==void 0&&(e===void 0||Math.abs(t-e)>1))}function ye(i,t,e,n,s){let{width:r,height:o}=i.size,{frame:a}=i,c=f(i.x(a.now)),d=a.staticRating===void 0?"":f(i.y(a.staticRating));return m`<svg viewBox="0 0 ${r} ${o}" aria-hidden="true" focusable="false">
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)">
        <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
    </defs>
    ${fe(t).map(({start:l,end:h})=>p`<rect class="risk" fill="url(#hatch)" y=${i.top}
        x=${f(i.x(l))} height=${i.bottom-i.top}
        width=${f(Math.max(i.x(h)-i.x(l),2))} />`)}
    ${mi(i,e)} ${ui(i,t)} ${hi(i,t)}
    ${d===""?u:p`<line class="line static" x1=${i.left} x2=${i.right} y1=${d} y2=${d} />`}
    ${N(i,t,"aar","aar")}
    ${Pt(t)?N(i,t,"dlr","dlr"):u}
    ${N(i,t,"expected","expected")} ${N(i,t,"current","current")}
    ${N(i,t,"cautious","cautious")} ${N(i,t,"inForce","inForce")}
    ${N(i,t,"inForce","fallback",l=>l.fallback)}
    <line class="now" x1=${c} x2=${c} y1=${i.top} y2=${i.bottom} />
    <text class="tick now-text" x=${Number(c)+4} y=${i.top+10}>${s}</text>
    ${n?fi(i,n):u}
  </svg>`}var ut={current:[],headroom:[],dlr:[],aar:[],fallback:[]};function Dt(i,t){let e=new w(i);return{current:e.find(t,"current","sensor"),headroom:e.find(t,"headroom","sensor"),loading:e.find(t,"loading","sensor"),limitedBy:e.find(t,"limited_by","sensor"),limitingSpan:e.find(t,"limiting_span","sensor"),dlr:e.find(t,"dlr","sensor"),aar:e.find(t,"aar","sensor"),staticRating:e.find(t,"static_rating","number"),fallback:e.find(t,"dlr_fallback","binary_sensor")}}var pi=i=>i===void 0||i==="unknown"||i==="unavailable"?void 0:i,gi={kA:1e3,A:1,mA:.001};function B(i,t){let e=Ht(i,t),n=t&&i.states[t]?.attributes.unit_of_measurement;return e===void 0?void 0:e*(gi[String(n)]??1)}function Lt(i,t){let e=B(i,t.current),n=B(i,t.headroom),s=t.loading===void 0?void 0:i.states[t.loading],r=t.limitingSpan&&pi(i.states[t.limitingSpan]?.state);return{current:e,inForce:e===void 0||n===void 0?void 0:e+n,dlr:B(i,t.dlr),aar:B(i,t.aar),limitedBy:s?.attributes.limited_by??void 0,limitingSpan:r||void 0,fallback:s?.attributes.fallback===!0}}function be(i,t,e,n){return i.callWS({type:"recorder/statistics_during_period",start_time:new Date(n).toISOString(),statistic_ids:t,period:e,types:["mean"],units:{electric_current:"A"}})}async function _i(i,t,e,n){if(!t)return[];let r=(await i.callWS({type:"history/history_during_period",start_time:new Date(e).toISOString(),end_time:new Date(n).toISOString(),entity_ids:[t],minimal_response:!0,no_attributes:!0}))[t]??[];return r.flatMap(({s:o,lu:a},c)=>{let d=r[c+1]?.lu;return o==="on"?[{start:a*1e3,end:d===void 0?n:d*1e3}]:[]})}async function ve(i,t,e,n){let{current:s,headroom:r,dlr:o,aar:a}=t,c=[s,r,o,a].filter(G=>G!==void 0);if(!c.length)return ut;let d=Math.floor(n/36e5)*36e5,l=d-Math.max(e,24)*36e5,[h,y,$]=await Promise.all([be(i,c,"hour",l),be(i,c,"5minute",d-36e5),_i(i,t.fallback,l,n)]),S=G=>{if(G===void 0)return[];let Bt=h[G]??[],Ie=Bt.at(-1)?.end??0;return[...Bt,...(y[G]??[]).filter(je=>je.start>=Ie)]};return{current:S(s),headroom:S(r),dlr:S(o),aar:S(a),fallback:$}}function $e(i,t,e){return i.connection.subscribeMessage(e,{type:`${H}/forecast`,device_id:t})}function tt(i,t,e){switch(t){case"inForce":return i("in_force");case"cautious":return i("certain",{percent:e.replace(/^p/,"")});default:return i(t)}}var yi=["current","expected","inForce","cautious","dlr","aar"],bi={circuit_rating:"circuit_rating",dlr:"dlr",aar:"aar",static_rating:"static_rating"};function we(i,t){let e=bi[t];return e?i(e):t}function Ft(i,t,e,n,s){let r=yi.flatMap(o=>{let a=i[o];return a===void 0?[]:[{key:o,name:tt(s,o,e),value:n.amperes(a)}]});return t!==void 0&&r.push({key:"static",name:s("static_rating"),value:n.amperes(t)}),i.limitingSpan!==void 0&&r.push({key:"other",name:s("limiting_span"),value:i.limitingSpan}),r}function ht(i,t,e){return i.start===i.end?e("now"):t.moment(i.start)}function xe(i,t,e,n,s){let o=Ft(i,t,e,n,s).map(({name:c,value:d})=>`${c} ${d}`);i.fallback&&o.push(s("fallback")),i.atRisk&&o.push(s("risk"));let a=o.length?o.join(", "):s("unknown");return`${ht(i,n,s)}: ${a}`}var Se=bt`
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
`;var j="gridduck-heimdall-line",vi=5*6e4,$i=3e4,ke=["p80","p90","p95","p99"],wi=new Set(["current","loading","headroom","dlr","aar","dlr_forecast_lowest"]),Ae=(i,t,e,n)=>typeof i=="number"&&Number.isFinite(i)?Math.min(Math.max(i,t),e):n,mt=class extends O{static styles=Se;static properties={hass:{attribute:!1},_config:{state:!0},_recorded:{state:!0},_forecast:{state:!0},_status:{state:!0},_size:{state:!0},_active:{state:!0}};_entities={};_following="";_unsubscribe;_timer;_formats;_plane;_slots=[];_body=null;_observer=new ResizeObserver(()=>this._measure());constructor(){super(),this._recorded=ut,this._status="loading",this._size={width:0,height:0}}setConfig(t){if(typeof t!="object"||t===null)throw new Error("No settings");this._config=t}getCardSize(){return 6}getGridOptions(){return{columns:12,rows:6,min_columns:6,min_rows:5}}static getStubConfig(t){let e=_(t,"line").find(({id:n})=>Dt(t,n).current);return e?{device_id:e.id}:{}}static getConfigForm(){let t=(s,r)=>({number:{min:s,max:r,mode:"slider",unit_of_measurement:"h"}}),e=I(),n={device_id:"device",hours_back:"back",hours_ahead:"ahead",confidence:"confidence"};return{schema:[{name:"device_id",required:!0,selector:{device:{filter:[{integration:H,model:"Line"}]}}},{name:"hours_back",default:24,selector:t(6,168)},{name:"hours_ahead",default:48,selector:t(0,72)},{name:"confidence",default:"p95",selector:{select:{mode:"dropdown",options:ke.map(s=>({value:s,label:e("certain",{percent:s.slice(1)})}))}}}],computeLabel:({name:s})=>{let r=n[s];return r?I()(r):s}}}connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.requestUpdate()}disconnectedCallback(){super.disconnectedCallback(),this._observe(null),this._stop()}shouldUpdate(t){let e=t.get("hass");if(t.size>1||!e||!this.hass)return!0;let{hass:n}=this;return["entities","devices","locale","themes","config"].some(s=>e[s]!==n[s])||Object.values(this._entities).some(s=>s&&e.states[s]!==n.states[s])}willUpdate(t){let{hass:e,_config:n}=this;if(!e||!n)return;let s=t.has("hass")?t.get("hass"):e;(!this._formats||s?.locale!==e.locale)&&(this._formats=new at(e)),this.toggleAttribute("dark",e.themes.darkMode);let r=n.device_id??"";(s?.entities!==e.entities||t.has("_config"))&&(this._entities=Dt(e,r)),this._follow(r);let o={now:Date.now(),back:this._back,ahead:this._ahead,confidence:this._confidence},a=this._forecast?.forecast?.hours??[];this._slots=he(this._recorded,Lt(e,this._entities),a,o);let c={now:o.now,from:o.now-this._back*36e5,to:o.now+this._ahead*36e5,staticRating:this._staticRating};this._plane=new dt(this._size,c,this._slots)}get _back(){return Ae(this._config?.hours_back,6,168,24)}get _ahead(){return Ae(this._config?.hours_ahead,0,72,48)}get _confidence(){let t=this._config?.confidence??"";return ke.includes(t)?t:"p95"}get _staticRating(){let t=this.hass&&B(this.hass,this._entities.staticRating);return t||void 0}get _say(){let t=this.hass?.locale.language??"en";return(e,n)=>Q(t,e,n)}_follow(t){let e=this.hass?.devices[t],n=e&&b(e)==="line"&&this.isConnected?t:"",s=n&&[n,this._back,...Object.values(this._entities)].join();s!==this._following&&(this._stop(),this._following=s,n&&(this._recorded=ut,this._forecast=void 0,this._status="loading",this._subscribe(n,s),this._fetch(s)))}_stop(){this._unsubscribe?.(),this._unsubscribe=void 0,clearTimeout(this._timer),this._following=""}async _subscribe(t,e){if(this.hass)try{let n=await $e(this.hass,t,s=>{this._following===e&&(this._forecast=s)});this._following===e?this._unsubscribe=()=>{n()}:n()}catch(n){let{code:s}=n;if(this._following!==e)return;s==="unauthorized"?this._status="not_permitted":s==="not_found"?this._status="gone":this._forecast={loaded:!1,forecast:null}}}async _fetch(t){if(!this.hass||this._following!==t)return;let e=vi;try{let n=await ve(this.hass,this._entities,this._back,Date.now());if(this._following!==t)return;this._recorded=n,(this._status==="loading"||this._status==="failed")&&(this._status="ready")}catch{if(this._following!==t)return;this._status==="loading"&&(this._status="failed"),e=$i}this._timer=setTimeout(()=>{this._fetch(t)},e)}_observe(t){t!==this._body&&(this._observer.disconnect(),this._body=t,t&&this._observer.observe(t))}_measure(){let{clientWidth:t=0,clientHeight:e=0}=this._body??{};(t!==this._size.width||e!==this._size.height)&&(this._size={width:t,height:e})}updated(){this._observe(this.isConnected?this.renderRoot.querySelector(".body"):null)}render(){let{hass:t,_config:e}=this;if(!t||!e)return u;let n=t.devices[e.device_id??""],s=this._message(n!==void 0,b(n)==="line");if(!n||s)return m`<ha-card>
        ${n?m`<h2>${e.name??A(n)}</h2>`:u}
        <p class="message center" role="status">${s}</p>
      </ha-card>`;let r=e.name??A(n);return m`<ha-card>
      <h2>${r}</h2>
      ${this._summary(t)}
      <div class="body">${this._size.width?this._plot(r):u}</div>
      ${this._legend()} ${this._table(r)}
    </ha-card>`}_message(t,e){let n=this._say;if(!this._config?.device_id||t&&!e)return n("what_to_choose");if(!t||this._status==="gone")return n("gone");if(this._status==="not_permitted")return n("not_permitted");if(this._status==="failed")return n("unavailable");if(this._status==="loading")return n("loading");let s=["current","inForce","dlr","aar"];return this._slots.some(o=>s.some(a=>o[a]!==void 0))?void 0:n("no_data")}_summary(t){let e=this._say,n=this._formats,s=this._entities.loading&&t.states[this._entities.loading],r=this._entities.headroom&&t.states[this._entities.headroom],o=Lt(t,this._entities),a=[];s&&a.push(e("loading_of",{value:t.formatEntityState(s)})),r&&a.push(e("headroom",{value:t.formatEntityState(r)})),o.limitedBy&&a.push(e("limited_by",{rating:we(e,o.limitedBy)})),o.fallback&&a.push(m`<span class="alert">${e("fallback")}</span>`);let c=this._slots.find(l=>l.atRisk&&l.ahead);c&&n&&a.push(m`<span class="alert">${e("risk_from",{time:n.moment(c.start)})}</span>`);let d=this._forecast&&!this._forecast.forecast?.hours.length&&this._ahead>0;return m`
      <p class="summary">
        ${a.map((l,h)=>m`${h?" · ":u}${l}`)}
      </p>
      ${this._forecast?.loaded===!1?m`<p class="message" role="status">${e("not_loaded")}</p>`:d?m`<p class="message" role="status">${e("forecast_missing")}</p>`:u}
    `}_plot(t){let e=this._formats,n=this._plane;if(!e||!n)return u;let s=this._say,r=this._index(),o=this._slots[r],a=this._active===void 0?void 0:o;return m`<div
        class="plot"
        role="slider"
        tabindex="0"
        aria-label=${s("line_chart",{name:t})}
        aria-orientation="horizontal"
        aria-valuemin="0"
        aria-valuemax=${this._slots.length-1}
        aria-valuenow=${r}
        aria-valuetext=${o?xe(o,this._staticRating,this._confidence,e,s):""}
        @pointermove=${this._point}
        @pointerdown=${this._point}
        @pointerleave=${this._leave}
        @focus=${this._focus}
        @blur=${this._leave}
        @keydown=${this._key}
      >
        ${ye(n,this._slots,e,a,s("now"))}
      </div>
      ${a?this._tip(n,a,e):u}`}_tip(t,e,n){let s=this._say,r=t.x(e.at),o=(t.left+t.right)/2,a=r<o?`left:${r+12}px`:`right:${this._size.width-r+12}px`;return m`<div class="tip" style=${a} aria-hidden="true">
      <b>${ht(e,n,s)}</b>
      <table>
        ${Ft(e,this._staticRating,this._confidence,n,s).map(c=>m`<tr><td>${c.name}</td><td>${c.value}</td></tr>`)}
      </table>
      ${e.fallback?m`<div class="alert">${s("fallback")}</div>`:u}
      ${e.atRisk?m`<div class="alert">${s("risk")}</div>`:u}
    </div>`}_legend(){let t=this._say,e=o=>this._slots.some(a=>a[o]!==void 0),r=["current","expected","inForce","dlr","aar"].filter(o=>e(o)&&(o!=="dlr"||Pt(this._slots))).map(o=>et(p`${o==="current"?p`<rect class="area" width="22" height="10" />`:u}
          <line class="line ${o}" x1="1" x2="21" y1="5" y2="5" />`,tt(t,o,this._confidence)));return _e(this._slots)&&r.push(et(p`<rect class="band" width="22" height="10" />
            <line class="line cautious" x2="22" y1="9.5" y2="9.5" />`,tt(t,"cautious",this._confidence))),this._staticRating!==void 0&&r.push(et(p`<line class="line static" x2="22" y1="5" y2="5" />`,t("static_rating"))),this._slots.some(o=>o.fallback)&&r.push(et(p`<line class="line inForce" x2="22" y1="5" y2="5" />
            <line class="line fallback" x2="22" y1="5" y2="5" />`,t("fallback"))),this._slots.some(o=>o.atRisk)&&r.push(et(p`<path class="hatch" d="M2,10L8,0M9,10L15,0M16,10L22,0" />`,t("risk"))),m`<ul aria-hidden="true">${r}</ul>`}_table(t){let e=this._formats;if(!e)return u;let n=this._say,r=["current","expected","inForce","cautious","dlr","aar"].filter(a=>this._slots.some(c=>c[a]!==void 0)),o=this._slots.filter(({start:a,end:c})=>a===c||c-a>36e5/2);return m`<table class="hidden">
      <caption>${t}</caption>
      <thead>
        <tr>
          <th scope="col">${n("time")}</th>
          ${r.map(a=>m`<th scope="col">${tt(n,a,this._confidence)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${o.map(a=>m`<tr>
            <th scope="row">
              ${ht(a,e,n)}${a.fallback?`, ${n("fallback")}`:""}${a.atRisk?`, ${n("risk")}`:""}
            </th>
            ${r.map(c=>{let d=a[c];return m`<td>${d===void 0?n("unknown"):e.amperes(d)}</td>`})}
          </tr>`)}
      </tbody>
    </table>`}_index(){return me(this._slots,this._active??this._plane?.frame.now??Date.now())}_point(t){let e=t.currentTarget.getBoundingClientRect();this._active=this._plane?.time(t.clientX-e.left)}_leave(){this._active=void 0}_focus(t){t.currentTarget.matches(":focus-visible")&&(this._active??=this._plane?.frame.now)}_key(t){let e=this._slots.length-1,n=this._index(),s=Math.max(1,Math.round(24*e/(this._back+this._ahead))),r={ArrowLeft:n-1,ArrowDown:n-1,ArrowRight:n+1,ArrowUp:n+1,PageDown:n-s,PageUp:n+s,Home:0,End:e};if(t.key==="Escape"){this._active=void 0;return}let o=r[t.key];o!==void 0&&(t.preventDefault(),this._active=this._slots[Math.min(Math.max(o,0),e)]?.at)}};function et(i,t){return m`<li><svg class="sample" viewBox="0 0 22 10">${i}</svg>${t}</li>`}function I(){let t=document.querySelector("home-assistant")?.hass?.locale.language??document.documentElement.lang??"en";return(e,n)=>Q(t||"en",e,n)}function Ee(i,t){let e=i.entities[t],n=e?.device_id?i.devices[e.device_id]:void 0;return e?.platform!==H||!n?null:b(n)==="line"&&wi.has(e.translation_key??"")?{config:{type:`custom:${j}`,device_id:n.id}}:null}var Nt="gridduck-heimdall",xi=6,g=(i,t)=>Q(i.locale.language,t),ft=i=>`${b(i)}-${i.id}`;function Re(i,t){return _(i,"line").filter(({id:e})=>["current","dlr","aar","loading"].some(n=>t.find(e,n,"sensor")))}function Ce(i){let t=Re(i,new w(i)),e=_(i,"site"),n={title:g(i,"overview"),path:"overview",icon:"mdi:view-dashboard",strategy:{type:`custom:${Nt}-overview`}};if(!t.length&&!e.length)return[n];let s=t.length+e.length>xi,r=(o,a)=>({title:A(o),path:ft(o),icon:a,subview:s,strategy:{type:`custom:${Nt}-${b(o)}`,device_id:o.id}});return[n,...t.map(o=>r(o,"mdi:transmission-tower")),...e.map(o=>r(o,"mdi:office-building")),{title:g(i,"activity"),path:"activity",icon:"mdi:history",strategy:{type:`custom:${Nt}-activity`}}]}var Ut=[{type:"entity"}],pt=[{type:"device"}],R=(i,t={})=>({type:"tile",entity:i,name:Ut,...t}),x=(i,t,e={})=>({type:"heading",heading:i,icon:t,...e}),Si=i=>({condition:"state",entity:i,state:"on"}),ki=i=>({condition:"numeric_state",entity:i,above:0}),E=(i,t={})=>i.length>1?[{type:"grid",cards:i,...t}]:[],Me=i=>({features:[i],features_position:"inline"}),C={grid_options:{columns:"full"}},it=(i,t=3)=>({type:"sections",max_columns:t,dense_section_placement:!0,sections:i});function zt(i){return{action:"navigate",navigation_path:`/${globalThis.location?.pathname.split("/")[1]??"lovelace"}/${i}`}}function Oe(i,t){return[...new Map(Re(i,t).map(n=>[n,t.number(t.find(n.id,"loading","sensor"))??-1]))].sort(([,n],[,s])=>s-n).map(([n])=>n)}function Ai(i,t){return Oe(i,t).flatMap(e=>{let n=t.find(e.id,"loading","sensor"),s=n??t.all(e.id,["dlr","current","aar"])[0];if(!s)return[];let r=n?Me({type:"bar-gauge",min:0,max:100}):{};return[R(s,{name:pt,tap_action:zt(ft(e)),...r,...C})]})}function Ei(i,t){let e=n=>t.ofClass(n.id,"power");return _(i,"site").sort((n,s)=>(t.number(e(s))??-1)-(t.number(e(n))??-1)).flatMap(n=>{let s=e(n)??t.all(n.id,["assets_online"])[0];if(!s)return[];let r=e(n)?Me({type:"trend-graph",hours_to_show:24}):{};return[R(s,{name:pt,tap_action:zt(ft(n)),...r,...C})]})}function Ri(i,t){return _(i,"load_limit").flatMap(({id:e,...n})=>{let s=t.find(e,"load_limit_state","sensor"),r=t.find(e,"load_limit_mode","select"),o=t.all(e,["load_limit_load","load_limit_limit","load_limit_power_curtailed","load_limit_next_return"]),a=s?{badges:[{type:"entity",entity:s,show_state:!0}]}:{};return[x(A({id:e,...n}),"mdi:speedometer",{heading_style:"subtitle",...a}),...o.map(c=>R(c)),...r?[R(r,{features:[{type:"select-options"}],...C})]:[]]})}function Ci(i,t){let e=_(i,"asset").flatMap(({id:n})=>t.all(n,["override"]).map(s=>({entity:s,name:pt})));return e.length?[{type:"entity-filter",entities:e,conditions:[{condition:"state",state:["boost","snooze"]}],show_empty:!1,card:{type:"entities",title:g(i,"overridden")},...C}]:[]}function Mi(i,t){let e=[..._(i,"line").flatMap(({id:r})=>t.all(r,["dlr_fallback"])),..._(i,"facility").flatMap(({id:r})=>t.all(r,["circuit_fallback"]))].map(r=>({entity:r,condition:Si(r)})),n=_(i,"site").flatMap(({id:r})=>t.all(r,["assets_disconnected"])).map(r=>({entity:r,condition:ki(r)})),s=[...e,...n];return s.length?E([x(g(i,"trouble"),"mdi:alert-circle-outline"),...s.map(({entity:r,condition:o})=>R(r,{name:[{type:"device"},{type:"entity"}],color:"orange",visibility:[o],...C}))],{visibility:[{condition:"or",conditions:s.map(({condition:r})=>r)}]}):[]}function He(i){let t=new w(i),[e]=Oe(i,t),n=Ei(i,t);if(!e&&!n.length)return Pe(i);let s=Ai(i,t);return it([...e?E([x(g(i,"tightest"),"mdi:chart-bell-curve",{tap_action:zt(ft(e))}),Te(e)],{column_span:2}):[],...E([x(g(i,"lines"),"mdi:transmission-tower"),...s]),...Mi(i,t),...E([x(g(i,"load_limits"),"mdi:speedometer"),...Ri(i,t)]),...E([x(g(i,"sites"),"mdi:office-building"),...n,...Ci(i,t)])])}var Te=(i,t={})=>({type:`custom:${j}`,device_id:i.id,grid_options:{columns:"full",rows:7},...t});function Pe(i){let t=`## ${g(i,"empty")}

${g(i,"empty_text")}`;return it([{type:"grid",cards:[{type:"markdown",content:t,...C}]}],1)}var Oi=["current","loading","headroom","limited_by","dlr","aar","dlr_forecast_lowest","dlr_forecast_lowest_time","conductor_temperature_max","clearance_min","ice_load","ice_load_forecast_peak"];function De(i,t){let e=i.devices[t??""];if(!e)return Le(i);let n=new w(i),s=de(i,e),r=[...n.all(e.id,Oi),...s?n.all(s.id,["circuit_rating","limiting_component"]):[]],o=n.all(e.id,["current","dlr","aar"]);return it([{type:"grid",column_span:2,cards:[Te(e,{grid_options:{columns:"full",rows:8}})]},...E([x(g(i,"now"),"mdi:gauge"),...r.map(a=>R(a))]),...E([x(g(i,"past"),"mdi:chart-line"),...o.length?[{type:"statistics-graph",entities:o.map(a=>({entity:a,name:Ut})),period:"hour",days_to_show:7,stat_types:["mean"],...C}]:[]],{column_span:2})])}var Le=i=>it([{type:"grid",cards:[{type:"markdown",content:g(i,"gone"),...C}]}],1);function Fe(i,t){let e=i.devices[t??""];if(!e)return Le(i);let n=new w(i),s=n.ofClass(e.id,"power"),r=_(i,"asset").filter(c=>ce(i,c)?.id===e.id),o=new Set(r.map(c=>c.via_device_id)),a=r.flatMap(c=>{let l=n.find(c.id,"asset","switch")??n.all(c.id,["state"])[0]??n.ofClass(c.id,"power")??n.ofClass(c.id,"temperature");if(!l)return[];let h=o.has(c.id)?{icon_tap_action:{action:"more-info"}}:{};return[R(l,{name:pt,...h})]});return it([...E([x(A(e),"mdi:office-building"),...s?[{type:"history-graph",entities:[{entity:s,name:Ut}],hours_to_show:24,...C},R(s)]:[],...n.all(e.id,["price","assets_online","assets_disconnected","assets_snoozed"]).map(c=>R(c))]),...E([x(g(i,"assets"),"mdi:power-plug"),...a],{column_span:2})])}function Ne(i){let t=new w(i),e=(r,o)=>_(i,r).flatMap(({id:a})=>t.all(a,o)),n=[...e("line",["loading","dlr_fallback"]),...e("load_limit",["load_limit_state","load_limit_mode","load_limit_decision"]),...e("asset",["asset","state"])];return n.length?{type:"panel",cards:[{type:"logbook",target:{entity_id:n},hours_to_show:24}]}:Pe(i)}var Ue=["entities","devices"],Vt=class extends HTMLElement{static registryDependencies=Ue;static noEditor=!0;static generate(t,e){return Promise.resolve({views:Ce(e)})}static getCreateSuggestions(){return{title:"GridDuck & Heimdall Power",icon:"mdi:transmission-tower"}}};function gt(i){return class extends HTMLElement{static registryDependencies=Ue;static generate(t,e){return Promise.resolve(i(e,t))}}}var Hi={overview:gt(i=>He(i)),line:gt((i,t)=>De(i,t.device_id)),site:gt((i,t)=>Fe(i,t.device_id)),activity:gt(i=>Ne(i))},_t="gridduck-heimdall",ze={[`ll-strategy-dashboard-${_t}`]:Vt,...Object.fromEntries(Object.entries(Hi).map(([i,t])=>[`ll-strategy-view-${_t}-${i}`,t]))};var Ve="https://github.com/gridduck-heimdall/home-assistant";function Be(i,t){i.some(({type:e})=>e===t.type)||i.push(t)}for(let[i,t]of Object.entries({...ze,[j]:mt}))customElements.get(i)||customElements.define(i,t);Be(window.customCards??=[],{type:j,get name(){return I()("card_name")},get description(){return I()("card_description")},preview:!0,documentationURL:Ve,getEntitySuggestion:Ee});Be(window.customStrategies??=[],{type:_t,strategyType:"dashboard",name:"GridDuck & Heimdall Power",get description(){return I()("dashboard_description")},documentationURL:Ve});

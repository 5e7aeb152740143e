import{c as X,d as z,e as tt}from"./gridduck-heimdall-KPY7GBIA.js";var M=globalThis,O=M.ShadowRoot&&(M.ShadyCSS===void 0||M.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,I=Symbol(),et=new WeakMap,w=class{constructor(t,e,s){if(this._$cssResult$=!0,s!==I)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(O&&t===void 0){let s=e!==void 0&&e.length===1;s&&(t=et.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),s&&et.set(e,t))}return t}toString(){return this.cssText}},st=r=>new w(typeof r=="string"?r:r+"",void 0,I),L=(r,...t)=>{let e=r.length===1?r[0]:t.reduce((s,i,o)=>s+(n=>{if(n._$cssResult$===!0)return n.cssText;if(typeof n=="number")return n;throw Error("Value passed to 'css' function must be a 'css' function result: "+n+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(i)+r[o+1],r[0]);return new w(e,r,I)},it=(r,t)=>{if(O)r.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let s=document.createElement("style"),i=M.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=e.cssText,r.appendChild(s)}},F=O?r=>r:r=>r instanceof CSSStyleSheet?(t=>{let e="";for(let s of t.cssRules)e+=s.cssText;return st(e)})(r):r;var{is:At,defineProperty:St,getOwnPropertyDescriptor:xt,getOwnPropertyNames:wt,getOwnPropertySymbols:Et,getPrototypeOf:Ct}=Object,N=globalThis,rt=N.trustedTypes,Tt=rt?rt.emptyScript:"",Pt=N.reactiveElementPolyfillSupport,E=(r,t)=>r,j={toAttribute(r,t){switch(t){case Boolean:r=r?Tt:null;break;case Object:case Array:r=r==null?r:JSON.stringify(r)}return r},fromAttribute(r,t){let e=r;switch(t){case Boolean:e=r!==null;break;case Number:e=r===null?null:Number(r);break;case Object:case Array:try{e=JSON.parse(r)}catch{e=null}}return e}},nt=(r,t)=>!At(r,t),ot={attribute:!0,type:String,converter:j,reflect:!1,useDefault:!1,hasChanged:nt};Symbol.metadata??=Symbol("metadata"),N.litPropertyMetadata??=new WeakMap;var m=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=ot){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(t,s,e);i!==void 0&&St(this.prototype,t,i)}}static getPropertyDescriptor(t,e,s){let{get:i,set:o}=xt(this.prototype,t)??{get(){return this[e]},set(n){this[e]=n}};return{get:i,set(n){let l=i?.call(this);o?.call(this,n),this.requestUpdate(t,l,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??ot}static _$Ei(){if(this.hasOwnProperty(E("elementProperties")))return;let t=Ct(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(E("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(E("properties"))){let e=this.properties,s=[...wt(e),...Et(e)];for(let i of s)this.createProperty(i,e[i])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[s,i]of e)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[e,s]of this.elementProperties){let i=this._$Eu(e,s);i!==void 0&&this._$Eh.set(i,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let s=new Set(t.flat(1/0).reverse());for(let i of s)e.unshift(F(i))}else t!==void 0&&e.push(F(t));return e}static _$Eu(t,e){let s=e.attribute;return s===!1?void 0:typeof s=="string"?s:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let s of e.keys())this.hasOwnProperty(s)&&(t.set(s,this[s]),delete this[s]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return it(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,s){this._$AK(t,s)}_$ET(t,e){let s=this.constructor.elementProperties.get(t),i=this.constructor._$Eu(t,s);if(i!==void 0&&s.reflect===!0){let o=(s.converter?.toAttribute!==void 0?s.converter:j).toAttribute(e,s.type);this._$Em=t,o==null?this.removeAttribute(i):this.setAttribute(i,o),this._$Em=null}}_$AK(t,e){let s=this.constructor,i=s._$Eh.get(t);if(i!==void 0&&this._$Em!==i){let o=s.getPropertyOptions(i),n=typeof o.converter=="function"?{fromAttribute:o.converter}:o.converter?.fromAttribute!==void 0?o.converter:j;this._$Em=i;let l=n.fromAttribute(e,o.type);this[i]=l??this._$Ej?.get(i)??l,this._$Em=null}}requestUpdate(t,e,s,i=!1,o){if(t!==void 0){let n=this.constructor;if(i===!1&&(o=this[t]),s??=n.getPropertyOptions(t),!((s.hasChanged??nt)(o,e)||s.useDefault&&s.reflect&&o===this._$Ej?.get(t)&&!this.hasAttribute(n._$Eu(t,s))))return;this.C(t,e,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:s,reflect:i,wrapped:o},n){s&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,n??e??this[t]),o!==!0||n!==void 0)||(this._$AL.has(t)||(this.hasUpdated||s||(e=void 0),this._$AL.set(t,e)),i===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,o]of this._$Ep)this[i]=o;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,o]of s){let{wrapped:n}=o,l=this[i];n!==!0||this._$AL.has(i)||l===void 0||this.C(i,void 0,o,l)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(e)):this._$EM()}catch(s){throw t=!1,this._$EM(),s}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};m.elementStyles=[],m.shadowRootOptions={mode:"open"},m[E("elementProperties")]=new Map,m[E("finalized")]=new Map,Pt?.({ReactiveElement:m}),(N.reactiveElementVersions??=[]).push("2.1.2");var J=globalThis,at=r=>r,k=J.trustedTypes,ht=k?k.createPolicy("lit-html",{createHTML:r=>r}):void 0,ft="$lit$",$=`lit$${Math.random().toFixed(9).slice(2)}$`,mt="?"+$,Rt=`<${mt}>`,b=document,T=()=>b.createComment(""),P=r=>r===null||typeof r!="object"&&typeof r!="function",Y=Array.isArray,Ht=r=>Y(r)||typeof r?.[Symbol.iterator]=="function",B=`[ 	
\f\r]`,C=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,lt=/-->/g,ct=/>/g,y=RegExp(`>|${B}(?:([^\\s"'>=/]+)(${B}*=${B}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),dt=/'/g,pt=/"/g,gt=/^(?:script|style|textarea|title)$/i,G=r=>(t,...e)=>({_$litType$:r,strings:t,values:e}),qt=G(1),Wt=G(2),Zt=G(3),A=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),ut=new WeakMap,v=b.createTreeWalker(b,129);function $t(r,t){if(!Y(r)||!r.hasOwnProperty("raw"))throw Error("invalid template strings array");return ht!==void 0?ht.createHTML(t):t}var Ut=(r,t)=>{let e=r.length-1,s=[],i,o=t===2?"<svg>":t===3?"<math>":"",n=C;for(let l=0;l<e;l++){let a=r[l],d,p,h=-1,u=0;for(;u<a.length&&(n.lastIndex=u,p=n.exec(a),p!==null);)u=n.lastIndex,n===C?p[1]==="!--"?n=lt:p[1]!==void 0?n=ct:p[2]!==void 0?(gt.test(p[2])&&(i=RegExp("</"+p[2],"g")),n=y):p[3]!==void 0&&(n=y):n===y?p[0]===">"?(n=i??C,h=-1):p[1]===void 0?h=-2:(h=n.lastIndex-p[2].length,d=p[1],n=p[3]===void 0?y:p[3]==='"'?pt:dt):n===pt||n===dt?n=y:n===lt||n===ct?n=C:(n=y,i=void 0);let g=n===y&&r[l+1].startsWith("/>")?" ":"";o+=n===C?a+Rt:h>=0?(s.push(d),a.slice(0,h)+ft+a.slice(h)+$+g):a+$+(h===-2?l:g)}return[$t(r,o+(r[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),s]},R=class r{constructor({strings:t,_$litType$:e},s){let i;this.parts=[];let o=0,n=0,l=t.length-1,a=this.parts,[d,p]=Ut(t,e);if(this.el=r.createElement(d,s),v.currentNode=this.el.content,e===2||e===3){let h=this.el.content.firstChild;h.replaceWith(...h.childNodes)}for(;(i=v.nextNode())!==null&&a.length<l;){if(i.nodeType===1){if(i.hasAttributes())for(let h of i.getAttributeNames())if(h.endsWith(ft)){let u=p[n++],g=i.getAttribute(h).split($),U=/([.?@])?(.*)/.exec(u);a.push({type:1,index:o,name:U[2],strings:g,ctor:U[1]==="."?q:U[1]==="?"?W:U[1]==="@"?Z:x}),i.removeAttribute(h)}else h.startsWith($)&&(a.push({type:6,index:o}),i.removeAttribute(h));if(gt.test(i.tagName)){let h=i.textContent.split($),u=h.length-1;if(u>0){i.textContent=k?k.emptyScript:"";for(let g=0;g<u;g++)i.append(h[g],T()),v.nextNode(),a.push({type:2,index:++o});i.append(h[u],T())}}}else if(i.nodeType===8)if(i.data===mt)a.push({type:2,index:o});else{let h=-1;for(;(h=i.data.indexOf($,h+1))!==-1;)a.push({type:7,index:o}),h+=$.length-1}o++}}static createElement(t,e){let s=b.createElement("template");return s.innerHTML=t,s}};function S(r,t,e=r,s){if(t===A)return t;let i=s!==void 0?e._$Co?.[s]:e._$Cl,o=P(t)?void 0:t._$litDirective$;return i?.constructor!==o&&(i?._$AO?.(!1),o===void 0?i=void 0:(i=new o(r),i._$AT(r,e,s)),s!==void 0?(e._$Co??=[])[s]=i:e._$Cl=i),i!==void 0&&(t=S(r,i._$AS(r,t.values),i,s)),t}var V=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:s}=this._$AD,i=(t?.creationScope??b).importNode(e,!0);v.currentNode=i;let o=v.nextNode(),n=0,l=0,a=s[0];for(;a!==void 0;){if(n===a.index){let d;a.type===2?d=new H(o,o.nextSibling,this,t):a.type===1?d=new a.ctor(o,a.name,a.strings,this,t):a.type===6&&(d=new K(o,this,t)),this._$AV.push(d),a=s[++l]}n!==a?.index&&(o=v.nextNode(),n++)}return v.currentNode=b,i}p(t){let e=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(t,s,e),e+=s.strings.length-2):s._$AI(t[e])),e++}},H=class r{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,s,i){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=S(this,t,e),P(t)?t===c||t==null||t===""?(this._$AH!==c&&this._$AR(),this._$AH=c):t!==this._$AH&&t!==A&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):Ht(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==c&&P(this._$AH)?this._$AA.nextSibling.data=t:this.T(b.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:s}=t,i=typeof s=="number"?this._$AC(t):(s.el===void 0&&(s.el=R.createElement($t(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(e);else{let o=new V(i,this),n=o.u(this.options);o.p(e),this.T(n),this._$AH=o}}_$AC(t){let e=ut.get(t.strings);return e===void 0&&ut.set(t.strings,e=new R(t)),e}k(t){Y(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,s,i=0;for(let o of t)i===e.length?e.push(s=new r(this.O(T()),this.O(T()),this,this.options)):s=e[i],s._$AI(o),i++;i<e.length&&(this._$AR(s&&s._$AB.nextSibling,i),e.length=i)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let s=at(t).nextSibling;at(t).remove(),t=s}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},x=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,s,i,o){this.type=1,this._$AH=c,this._$AN=void 0,this.element=t,this.name=e,this._$AM=i,this.options=o,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=c}_$AI(t,e=this,s,i){let o=this.strings,n=!1;if(o===void 0)t=S(this,t,e,0),n=!P(t)||t!==this._$AH&&t!==A,n&&(this._$AH=t);else{let l=t,a,d;for(t=o[0],a=0;a<o.length-1;a++)d=S(this,l[s+a],e,a),d===A&&(d=this._$AH[a]),n||=!P(d)||d!==this._$AH[a],d===c?t=c:t!==c&&(t+=(d??"")+o[a+1]),this._$AH[a]=d}n&&!i&&this.j(t)}j(t){t===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},q=class extends x{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===c?void 0:t}},W=class extends x{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==c)}},Z=class extends x{constructor(t,e,s,i,o){super(t,e,s,i,o),this.type=5}_$AI(t,e=this){if((t=S(this,t,e,0)??c)===A)return;let s=this._$AH,i=t===c&&s!==c||t.capture!==s.capture||t.once!==s.once||t.passive!==s.passive,o=t!==c&&(s===c||i);i&&this.element.removeEventListener(this.name,this,s),o&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},K=class{constructor(t,e,s){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(t){S(this,t)}};var Mt=J.litHtmlPolyfillSupport;Mt?.(R,H),(J.litHtmlVersions??=[]).push("3.3.3");var _t=(r,t,e)=>{let s=e?.renderBefore??t,i=s._$litPart$;if(i===void 0){let o=e?.renderBefore??null;s._$litPart$=i=new H(t.insertBefore(T(),o),o,void 0,e??{})}return i._$AI(r),i};var Q=globalThis,_=class extends m{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=_t(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return A}};_._$litElement$=!0,_.finalized=!0,Q.litElementHydrateSupport?.({LitElement:_});var Ot=Q.litElementPolyfillSupport;Ot?.({LitElement:_});(Q.litElementVersions??=[]).push("4.2.2");var Nt={comma_decimal:["en-US","en"],decimal_comma:["de","es","it"],space_comma:["fr","sv","cs"],quote_decimal:["de-CH"]};function kt(r){switch(r.number_format){case"language":return r.language;case"system":return;case"none":return"en-US";default:return Nt[r.number_format]??r.language}}var D=class{timeZone;#t;#e;#s;#i;#r;#o;constructor(t){let{locale:e}=t;this.timeZone=e.time_zone==="server"?t.config.time_zone:void 0;let s=l=>new Intl.NumberFormat(kt(e),{maximumFractionDigits:l,useGrouping:e.number_format!=="none"});this.#t=s(0),this.#e=s(1);let i=this.timeZone===void 0?{}:{timeZone:this.timeZone},o={hour:"numeric",minute:"2-digit",...i};(e.time_format==="12"||e.time_format==="24")&&(o.hourCycle=e.time_format==="12"?"h12":"h23");let n=e.time_format==="system"?void 0:e.language;this.#s=new Intl.DateTimeFormat(n,o),this.#i=new Intl.DateTimeFormat(n,{weekday:"short",...o}),this.#r=new Intl.DateTimeFormat(e.language,{weekday:"short",day:"numeric",...i}),this.#o=new Intl.DateTimeFormat("en",{hour:"numeric",minute:"numeric",hourCycle:"h23",...i})}number(t){return this.#t.format(t)}amperes(t){return`${this.number(t)} A`}quantity(t,e){return`${(Math.abs(t)<100&&e!=="A"?this.#e:this.#t).format(t)} ${e}`}percent(t){return`${this.number(t)} %`}time(t){return this.#s.format(t)}moment(t){return this.#i.format(t)}timeNear(t,e){return this.day(t)===this.day(e)?this.time(t):this.moment(t)}day(t){return this.#r.format(t)}minuteOfDay(t){let e=this.#o.formatToParts(t),s=i=>Number(e.find(o=>o.type===i)?.value);return s("hour")*60+s("minute")}};var Dt=["entities","devices","locale","themes","config","localize"],yt=class extends _{static properties={hass:{attribute:!1},config:{attribute:!1}};formats;get say(){return X(this.hass)}connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.requestUpdate()}shouldUpdate(t){let e=t.get("hass"),{hass:s}=this;if(t.size>1||!e||!s||Dt.some(i=>e[i]!==s[i]))return!0;for(let i of this.watched)if(i&&e.states[i]!==s.states[i])return!0;return!1}willUpdate(t){let{hass:e,config:s}=this;if(!e||!s)return;let i=t.get("hass");z(e)||tt(e),(!this.formats||i&&i.locale!==e.locale)&&(this.formats=new D(e)),this.toggleAttribute("dark",e.themes.darkMode),this.prepare(e,s,t)}render(){let{hass:t,config:e}=this;return t&&e&&z(t)?this.draw(t,e):c}};function zt(r){let{code:t}=r;return t==="unauthorized"||t==="not_found"?t:"failed"}var vt=class{constructor(t,e){this.take=t;this.refused=e}take;refused;#t="";#e;#s;follow(t,e){let s=e?JSON.stringify(e):"";return s===this.#t?!1:(this.stop(),this.#t=s,e&&this.#i(t,e,s),!0)}stop(){this.#e?.(),this.#e=void 0,clearTimeout(this.#s),this.#t=""}async#i(t,e,s){try{let i=await t.connection.subscribeMessage(o=>{this.#t===s&&this.take(o)},e);this.#t===s?this.#e=()=>{i()}:i()}catch(i){if(this.#t!==s)return;let o=zt(i);this.refused(o),o==="failed"&&(this.#s=setTimeout(()=>{this.#i(t,e,s)},3e4))}}},bt=class{constructor(t,e,s){this.fetch=t;this.take=e;this.failed=s}fetch;take;failed;#t="";#e;follow(t){t!==this.#t&&(this.stop(),this.#t=t,t&&this.#s(t))}stop(){clearTimeout(this.#e),this.#t=""}async#s(t){let e=3e5;try{let s=await this.fetch();this.#t===t&&this.take(s)}catch{this.#t===t&&this.failed(),e=3e4}this.#t===t&&(this.#e=setTimeout(()=>{this.#s(t)},e))}};var ve=L`
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
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button,
  select {
    font: inherit;
    min-height: 36px;
    padding: 4px 14px;
    border: 1px solid var(--outline-color, var(--divider-color));
    border-radius: 18px;
    background: none;
    color: var(--primary-text-color);
    cursor: pointer;
  }
  select {
    background: var(--card-background-color, #fff);
  }
  button:hover:not(:disabled) {
    background: var(--secondary-background-color);
  }
  button:disabled {
    color: var(--disabled-text-color);
    cursor: default;
  }
  button[aria-pressed="true"],
  button[aria-checked="true"] {
    border-color: var(--current);
    box-shadow: inset 0 0 0 1px var(--current);
    font-weight: 500;
  }
  button:focus-visible,
  select:focus-visible,
  summary:focus-visible {
    outline: 2px solid var(--current);
    outline-offset: 2px;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 10px;
  }
  .rows {
    margin: 4px 0 0;
    padding: 0;
    list-style: none;
  }
  .rows > li {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 12px;
    padding: 6px 0;
    border-top: 1px solid var(--divider-color);
    overflow-wrap: anywhere;
  }
  .rows > li:first-child {
    border-top: none;
  }
  .rows small {
    flex-basis: 100%;
    color: var(--secondary-text-color);
    font-size: 12px;
  }
  h3 {
    margin: 12px 0 0;
    font-size: 14px;
    font-weight: 500;
  }
`;export{L as a,qt as b,Wt as c,c as d,yt as e,vt as f,bt as g,ve as h};

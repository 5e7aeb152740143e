import{a as y,b as h,c as l,d as x,e as b}from"./gridduck-heimdall-CKDJZ3OC.js";function v(t,e){let r=Math.max(t,1)/Math.max(e,1),o=10**Math.floor(Math.log10(r)),i=[1,2,5,10].map(s=>s*o).find(s=>s>=r)??10*o,n=Math.ceil(Math.max(t,1)/i);return Array.from({length:n+1},(s,d)=>d*i)}var M=[1,2,3,6,12,24];function g(t,e,r,o){let i=(e-t)/36e5,n=M.find(c=>i/c<=r)??24,s=[],d=36e5/4;for(let c=Math.ceil(t/d)*d;c<=e;c+=d){let p=o.minuteOfDay(c);p%(60*n)===0&&s.push({at:c,day:p===0}),p%60===0&&(c+=3*d)}let u=Math.ceil(s.length/Math.max(r,1));return u>1?s.filter((c,p)=>p%u===0):s}var T=36e5,m={top:8,right:10,bottom:22,left:46},$=class{constructor(e,r,o,i){this.size=e;this.from=r;this.to=o;this.right=Math.max(e.width-m.right,m.left+1),this.bottom=Math.max(e.height-m.bottom,m.top+1);let n=Math.max(2,Math.round((this.bottom-this.top)/45));this.values=v(i*1.02,n)}size;from;to;left=m.left;right;top=m.top;bottom;values;x(e){let r=(e-this.from)/(this.to-this.from);return this.left+Math.min(Math.max(r,0),1)*(this.right-this.left)}y(e){let r=this.values.at(-1)??1;return this.bottom-e/r*(this.bottom-this.top)}time(e){return this.from+(e-this.left)/(this.right-this.left)*(this.to-this.from)}},a=t=>t.toFixed(1);function w(t,e){let r=[],o=[],i=-1/0;for(let n of t)e(n)!==void 0&&(n.start-i>T/2&&o.length&&(r.push(o),o=[]),o.push(n),i=n.end);return o.length&&r.push(o),r}function S(t,e,r){return e.map(o=>`${a(t.x(o.at))},${a(t.y(r(o)??0))}`)}function V(t,e,r,o){return w(e,r).map(i=>{let[n]=i;return i.length===1&&n?l`<circle class="dot ${o}" r="2"
          cx=${a(t.x(n.at))} cy=${a(t.y(r(n)??0))} />`:l`<path class="line ${o}" d="M${S(t,i,r).join("L")}" />`})}function E(t,e,r){return w(e,r).map(o=>{let i=a(t.x(o[0]?.at??0)),n=a(t.x(o.at(-1)?.at??0)),s=a(t.bottom);return l`<path class="area"
      d="M${i},${s}L${S(t,o,r).join("L")}L${n},${s}Z" />`})}function C(t,e){let r=Math.max(2,Math.floor((t.right-t.left)/62)),o=g(t.from,t.to,r,e);return l`
    ${t.values.map(i=>l`
        <line class="grid" x1=${t.left} x2=${t.right}
          y1=${a(t.y(i))} y2=${a(t.y(i))} />
        <text class="tick" text-anchor="end" x=${t.left-6}
          y=${a(t.y(i)+4)}>${e.number(i)}</text>`)}
    ${o.map(({at:i,day:n})=>{let s=t.x(i),d=s<t.left+20?"start":s>t.right-20?"end":"middle";return l`
        <line class="grid ${n?"day":""}" x1=${a(s)} x2=${a(s)}
          y1=${t.top} y2=${t.bottom} />
        <text class="tick ${n?"day":""}" text-anchor=${d} x=${a(s)}
          y=${t.bottom+16}>${n?e.day(i):e.time(i)}</text>`})}`}var A=l`<defs>
  <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)">
    <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
  </pattern>
</defs>`;function D(t,e){return e.map(({start:r,end:o})=>l`<rect fill="url(#hatch)" y=${t.top} x=${a(t.x(r))}
      height=${t.bottom-t.top}
      width=${a(Math.max(t.x(o)-t.x(r),2))} />`)}function U(t,e,r){let o=a(t.x(e));return l`
    <line class="pointer" x1=${o} x2=${o} y1=${t.top} y2=${t.bottom} />
    ${r.map(([i,n])=>l`<circle class="mark ${i}" r="3.5" cx=${o} cy=${a(t.y(n))} />`)}`}function k(t,e){let r=-1,o=1/0;return t.forEach((i,n)=>{let s=Math.abs(i.at-e);s<o&&([r,o]=[n,s])}),r}function G(t,e){let r=[];for(let o of t){let{start:i,end:n}=o;if(!e(o)||i===n)continue;let s=r.at(-1);s&&i-s.end<T/12?s.end=n:r.push({start:i,end:n})}return r}var _=class extends b{static properties={...b.properties,size:{state:!0},active:{state:!0}};slots=[];plane;_body=null;_observer=new ResizeObserver(()=>this._measure());constructor(){super(),this.size={width:0,height:0}}disconnectedCallback(){super.disconnectedCallback(),this._observe(null)}updated(){this._observe(this.isConnected?this.renderRoot.querySelector(".body"):null)}isPointing(e){return e.size===1&&e.has("active")}plot(e,r,o){let i=this._index(),n=this.slots[i],s=this.active===void 0?void 0:n;return h`<div class="body">
      ${this.size.width&&this.plane?h`<div
                class="plot"
                role="slider"
                tabindex="0"
                aria-label=${e}
                aria-orientation="horizontal"
                aria-valuemin="0"
                aria-valuemax=${Math.max(this.slots.length-1,0)}
                aria-valuenow=${Math.max(i,0)}
                aria-valuetext=${n?this.sentence(n):""}
                @pointermove=${this._point}
                @pointerdown=${this._point}
                @pointerleave=${this._leave}
                @focus=${this._focus}
                @blur=${this._leave}
                @keydown=${this._key}
              >
                ${r(s)}
              </div>
              ${s?o(s):x}`:x}
    </div>`}_observe(e){e!==this._body&&(this._observer.disconnect(),this._body=e,e&&this._observer.observe(e))}_measure(){let{clientWidth:e=0,clientHeight:r=0}=this._body??{};(e!==this.size.width||r!==this.size.height)&&(this.size={width:e,height:r})}_index(){return k(this.slots,this.active??Date.now())}_point(e){let r=e.currentTarget.getBoundingClientRect();this.active=this.plane?.time(e.clientX-r.left)}_leave(){this.active=void 0}_focus(e){e.currentTarget.matches(":focus-visible")&&(this.active??=Date.now())}_key(e){let r=this.slots.length-1,o=this._index(),i=Math.max(1,Math.round(this.slotsPerDay)),n={ArrowLeft:o-1,ArrowDown:o-1,ArrowRight:o+1,ArrowUp:o+1,PageDown:o-i,PageUp:o+i,Home:0,End:r};if(e.key==="Escape"){this.active=void 0;return}let s=n[e.key];s!==void 0&&(e.preventDefault(),this.active=this.slots[Math.min(Math.max(s,0),r)]?.at)}};function N(t,e,r,o,i=[]){let n=t.x(e),d=n<(t.left+t.right)/2?`left:${n+12}px`:`right:${t.size.width-n+12}px`;return h`<div class="tip" style=${d} aria-hidden="true">
    <b>${r}</b>
    <table>
      ${o.map(([u,c])=>h`<tr><td>${u}</td><td>${c}</td></tr>`)}
    </table>
    ${i.map(u=>h`<div class="alert">${u}</div>`)}
  </div>`}var J=y`
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
  circle.dot,
  circle.mark {
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
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
    font-size: 12px;
    color: var(--secondary-text-color);
  }
  .legend li {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .sample {
    width: 22px;
    height: 10px;
    flex: none;
  }
  @media (forced-colors: active) {
    .line {
      stroke: CanvasText;
    }
  }
`;export{T as a,$ as b,a as c,w as d,S as e,V as f,E as g,C as h,A as i,D as j,U as k,G as l,_ as m,N as n,J as o};

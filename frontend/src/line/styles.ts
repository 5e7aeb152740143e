/** Styles of the line card. Lines reach a contrast of 3:1 on both themes, which the theme's colours do not. */

import { css } from "lit";

export const styles = css`
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
`;

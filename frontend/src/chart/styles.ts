/** Styles of charts over time. */

import { css } from "lit";

export const chartStyles = css`
  /* The chart lies absolutely: sized by it, the card would grow without end. */
  .body {
    position: relative;
    /* Where the height is given, legend and texts come first. */
    flex: 1 1 220px;
    min-height: 140px;
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
  .sample {
    width: 22px;
    height: 10px;
    flex: none;
  }
  @media (forced-colors: active) {
    .grid {
      stroke: CanvasText;
      opacity: 0.25;
    }
  }
`;

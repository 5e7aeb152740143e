/** Styles of the headroom heat map: the bar of a cell says without colour what its shade says. */

import { css } from "lit";
import { legendStyles } from "../legend-styles";
import { cardStyles } from "../styles";

export const styles = [
  cardStyles,
  legendStyles,
  css`
    ha-card {
      container-type: inline-size;
      height: auto;
    }
    .readout {
      min-height: 1.4em;
      margin: 6px 0;
      font-size: 13px;
    }
    .map {
      display: grid;
      grid-template-columns: max-content repeat(24, minmax(0, 1fr));
      gap: 1px;
      direction: ltr;
      touch-action: pan-y;
      border-radius: 4px;
    }
    .map:focus-visible {
      outline: 2px solid var(--current);
      outline-offset: 3px;
    }
    b,
    em {
      font-size: 11px;
      font-style: normal;
      font-weight: 400;
      color: var(--secondary-text-color);
      line-height: 13px;
    }
    b,
    em {
      white-space: nowrap;
    }
    b {
      padding-inline-end: 6px;
    }
    i {
      position: relative;
      height: 13px;
      font-style: normal;
      background:
        linear-gradient(to top, var(--bar, var(--current)) var(--h), transparent 0),
        color-mix(in srgb, var(--bar, var(--current)) var(--shade), transparent);
    }
    .l1 {
      --shade: 8%;
    }
    .l2 {
      --shade: 20%;
    }
    .l3 {
      --shade: 35%;
    }
    .l4 {
      --bar: var(--aar);
      --shade: 40%;
    }
    .l5 {
      --bar: var(--risk);
      --shade: 60%;
    }
    /* A white cross: overloaded, whatever its colour. */
    .l5::after {
      content: "";
      position: absolute;
      inset: 0;
      background: linear-gradient(
        to top right,
        transparent calc(50% - 1px),
        var(--card-background-color, #fff) 0 calc(50% + 1px),
        transparent 0
      );
    }
    .ahead {
      box-shadow: inset 0 0 0 1px var(--primary-text-color);
    }
    .none {
      background: radial-gradient(var(--secondary-text-color) 1px, transparent 1.5px);
    }
    .active {
      outline: 2px solid var(--primary-text-color);
      z-index: 1;
    }
    s {
      display: none;
    }
    .legend i {
      width: 16px;
    }
    .legend span {
      unicode-bidi: plaintext;
    }
    .legend span::first-letter {
      text-transform: uppercase;
    }
    @container (min-width: 860px) {
      /* The bar lies below the number. */
      .map i {
        height: 20px;
        background:
          linear-gradient(to right, var(--bar, var(--current)) var(--h), transparent 0) bottom /
            100% 4px no-repeat,
          color-mix(in srgb, var(--bar, var(--current)) var(--shade), transparent);
      }
      .map .none {
        background: radial-gradient(var(--secondary-text-color) 1px, transparent 1.5px);
      }
      .map .l5::after {
        content: none;
      }
      .l4 {
        --shade: 30%;
      }
      .l5 {
        --shade: 30%;
      }
      .l5 s {
        font-weight: 700;
      }
      .map s {
        position: absolute;
        inset: 0;
        z-index: 1;
        display: block;
        text-align: center;
        text-decoration: none;
        font-size: 10px;
        line-height: 16px;
        color: var(--primary-text-color);
      }
      b,
      em {
        line-height: 20px;
      }
    }
    @media (forced-colors: active) {
      i {
        forced-color-adjust: none;
      }
    }
  `,
];

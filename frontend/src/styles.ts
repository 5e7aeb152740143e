/** Styles of all cards. Colours reach a contrast of 3:1 on both themes, which the theme's do not. */

import { css } from "lit";

/** A card of rows, which scrolls where it is lower than they are. */
export const listStyles = css`
  ha-card {
    overflow-y: auto;
  }
`;

export const cardStyles = css`
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
  .plain {
    padding: 0;
    border: none;
    border-radius: 4px;
    text-align: start;
    overflow-wrap: anywhere;
  }
  button.plain:hover {
    text-decoration: underline;
    background: none;
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
  /* Lines differ by their dashes too: there are few system colours, and no shadows. */
  @media (forced-colors: active) {
    :host,
    :host([dark]) {
      --current: CanvasText;
      --rating: Highlight;
      --dlr: LinkText;
      --aar: CanvasText;
      --static: GrayText;
      --risk: CanvasText;
      --card-background-color: Canvas;
      --primary-text-color: CanvasText;
      --secondary-text-color: CanvasText;
    }
    button[aria-pressed="true"] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;

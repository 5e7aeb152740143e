/** Styles of the card of a load limit. */

import { css } from "lit";
import { chartStyles } from "../chart/styles";
import { legendStyles } from "../legend-styles";
import { cardStyles } from "../styles";

export const styles = [
  cardStyles,
  legendStyles,
  chartStyles,
  css`
    .body {
      flex: 1 0 180px;
      min-height: 180px;
    }
    .limit {
      stroke: var(--rating);
      stroke-width: 2.5;
    }
    .hatch {
      stroke: var(--aar);
    }
    .choice {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
    }
    details {
      margin-top: 10px;
    }
    summary {
      min-height: 32px;
      align-content: center;
      cursor: pointer;
    }
    ha-card {
      overflow-y: auto;
    }
  `,
];

/** Styles of the values of a line. */

import { css } from "lit";
import { chartStyles } from "../chart/styles";
import { legendStyles } from "../legend-styles";
import { cardStyles } from "../styles";

export const styles = [
  cardStyles,
  legendStyles,
  chartStyles,
  css`
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
    .range {
      fill: var(--current);
      opacity: 0.14;
    }
    .band {
      fill: var(--rating);
      opacity: 0.22;
    }
    .dlr {
      stroke: var(--dlr);
      stroke-width: 1.5;
      /* Some people see it in the blue of the current, which is solid. */
      stroke-dasharray: 8 3 2 3;
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
    circle.dot.fallback {
      stroke: var(--rating);
      stroke-dasharray: 2 2;
    }
  `,
];

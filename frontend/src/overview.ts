/** The cards of the first screen: they are loaded as one file, which is smaller than two. */

// What strategy, forms and later cards share, in one file with what cards share.
import "./attention/indicators";
import "./page";

export { LimitCard } from "./limit/card";
export { LinesCard } from "./lines/card";

/** The cards of the first screen: they are loaded as one file, which is smaller than two. */

// What strategy and forms share, in one file with what cards share.
import "./page";

export { LimitCard } from "./limit/card";
export { LinesCard } from "./lines/card";

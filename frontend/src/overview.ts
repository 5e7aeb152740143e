/** The cards of the first screen: they are loaded as one file, which is smaller than two. */

export { LimitCard } from "./limit/card";
export { LinesCard } from "./lines/card";

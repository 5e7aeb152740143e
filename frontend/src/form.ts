/** Forms of the settings of cards. */

import { sayOfPage } from "./page";
import type { Key } from "./texts";

export const NAME = { name: "name", selector: { text: {} } };

/** A form with labels; a field without one has that of its name. */
export function formOf(schema: unknown[], labels: Record<string, Key>) {
  const known: Record<string, Key> = { name: "title", ...labels };
  return {
    schema,
    computeLabel: ({ name }: { name: string }) => {
      const key = known[name];
      return key ? sayOfPage(key) : name;
    },
  };
}

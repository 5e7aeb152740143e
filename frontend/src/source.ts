/** Where cards get their data: subscriptions, and what is fetched again and again. */

import type { Hass } from "./hass";

const REFRESH_MS = 5 * 60_000;
const RETRY_MS = 30_000;

/** Why there are no data, in the words of a WebSocket command. */
export type Refusal = "unauthorized" | "not_found" | "failed";

function refusalOf(error: unknown): Refusal {
  const { code } = error as { code?: string };
  return code === "unauthorized" || code === "not_found" ? code : "failed";
}

/** A subscription of a card; it is made again for another message. */
export class Subscription<ContentT> {
  #key = "";
  #end: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly take: (content: ContentT) => void,
    private readonly refused: (refusal: Refusal) => void,
  ) {}

  /** Subscribe to a message, unless that is so already; without one, to nothing. */
  follow(hass: Hass, message: Record<string, unknown> | undefined): boolean {
    const key = message ? JSON.stringify(message) : "";
    if (key === this.#key) return false;
    this.stop();
    this.#key = key;
    if (message) void this.#subscribe(hass, message, key);
    return true;
  }

  stop(): void {
    this.#end?.();
    this.#end = undefined;
    clearTimeout(this.#timer);
    this.#key = "";
  }

  async #subscribe(hass: Hass, message: Record<string, unknown>, key: string): Promise<void> {
    try {
      const end = await hass.connection.subscribeMessage<ContentT>((content) => {
        if (this.#key === key) this.take(content);
      }, message);
      if (this.#key === key) this.#end = () => void end();
      else void end();
    } catch (error) {
      if (this.#key !== key) return;
      const refusal = refusalOf(error);
      this.refused(refusal);
      if (refusal === "failed") {
        this.#timer = setTimeout(() => void this.#subscribe(hass, message, key), RETRY_MS);
      }
    }
  }
}

/** Something that is fetched now and every five minutes. */
export class Fetched<ContentT> {
  #key = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly fetch: () => Promise<ContentT>,
    private readonly take: (content: ContentT) => void,
    private readonly failed: () => void,
  ) {}

  /** Fetch for a key, unless that is so already; without one, nothing. */
  follow(key: string): void {
    if (key === this.#key) return;
    this.stop();
    this.#key = key;
    if (key) void this.#again(key);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#key = "";
  }

  async #again(key: string): Promise<void> {
    let next = REFRESH_MS;
    try {
      const content = await this.fetch();
      if (this.#key === key) this.take(content);
    } catch {
      // Shown in words by the card, unless something is drawn already.
      if (this.#key === key) this.failed();
      next = RETRY_MS;
    }
    if (this.#key === key) this.#timer = setTimeout(() => void this.#again(key), next);
  }
}

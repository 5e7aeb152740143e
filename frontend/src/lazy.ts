/** Elements that load the code of their card when they first come near the screen. */

import type { CardConfig } from "./card";
import type { CardType } from "./cards";
import type { Hass } from "./hass";
import { sayOfPage } from "./page";

const RETRY_MS = 30_000;

type Content = HTMLElement & { hass: Hass | undefined; config: CardConfig | undefined };

/** Whether the server responds: if so, code that fails to load is that of another version. */
const isServed = () =>
  fetch(import.meta.url, { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );

/** A button that reloads the page. */
function outdated(): HTMLElement {
  const button = document.createElement("button");
  button.style.cssText = "font: inherit; padding: 12px";
  button.textContent = sayOfPage("outdated");
  button.onclick = () => location.reload();
  return button;
}

export function lazyCard({ tag, name, load, size, grid }: CardType): CustomElementConstructor {
  const formOfCard = async () => (await import("./forms")).FORMS[name];
  return class extends HTMLElement {
    static async getConfigForm() {
      return (await formOfCard()).form();
    }

    static async getStubConfig(hass: Hass) {
      return (await formOfCard()).stub(hass);
    }

    #hass: Hass | undefined;
    #config: CardConfig | undefined;
    #content: Content | undefined;
    #timer: ReturnType<typeof setTimeout> | undefined;
    readonly #observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void this.#load();
      },
      { rootMargin: "200px" },
    );

    set hass(hass: Hass | undefined) {
      this.#hass = hass;
      if (this.#content) this.#content.hass = hass;
    }

    setConfig(config: CardConfig): void {
      if (typeof config !== "object" || config === null) throw new Error("No settings");
      this.#config = config;
      if (this.#content) this.#content.config = config;
    }

    getCardSize(): number {
      return size;
    }

    getGridOptions() {
      return { columns: 12, min_columns: 6, ...grid };
    }

    connectedCallback(): void {
      if (this.#content) return;
      // Without a height, cards further below would be on the screen too.
      this.style.cssText = `display: block; height: 100%; min-height: ${40 * size}px`;
      // The observer would report it after all else is drawn.
      if (this.#config?.first) void this.#load();
      else this.#observer.observe(this);
    }

    disconnectedCallback(): void {
      clearTimeout(this.#timer);
      this.#observer.disconnect();
    }

    async #load(): Promise<void> {
      this.#observer.disconnect();
      try {
        const content = await load();
        const own = `${tag}-content`;
        if (!customElements.get(own)) customElements.define(own, content);
        if (this.#content) return;
        this.#content = document.createElement(own) as Content;
        this.#content.hass = this.#hass;
        this.#content.config = this.#config;
        this.style.minHeight = "";
        this.replaceChildren(this.#content);
      } catch {
        this.replaceChildren((await isServed()) ? outdated() : sayOfPage("unavailable"));
        if (this.isConnected) this.#timer = setTimeout(() => void this.#load(), RETRY_MS);
      }
    }
  };
}

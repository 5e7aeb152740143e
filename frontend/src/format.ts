/** Numbers and times as the user has chosen them. */

import type { Hass, Locale } from "./hass";

const NUMBERS: Record<string, string | string[] | undefined> = {
  comma_decimal: ["en-US", "en"],
  decimal_comma: ["de", "es", "it"],
  space_comma: ["fr", "sv", "cs"],
  quote_decimal: ["de-CH"],
};

/** Languages in which Home Assistant has a space before a percent sign. */
const SPACED = "cs de fi fr sk sv";

function numberLocale(locale: Locale): string | string[] | undefined {
  switch (locale.number_format) {
    case "language":
      return locale.language;
    case "system":
      return undefined;
    case "none":
      return "en-US";
    default:
      return NUMBERS[locale.number_format] ?? locale.language;
  }
}

/** Keeps a unit on the line of its value. */
const NO_BREAK = "\u00a0";

/** The formats of one user, made once: making one is slow. */
export class Formats {
  readonly timeZone: string | undefined;
  readonly #space: string;
  readonly #number: Intl.NumberFormat;
  readonly #decimal: Intl.NumberFormat;
  readonly #time: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #parts: Intl.DateTimeFormat;
  readonly #list: Intl.ListFormat;

  constructor(hass: Pick<Hass, "locale" | "config">) {
    const { locale } = hass;
    this.timeZone = locale.time_zone === "server" ? hass.config.time_zone : undefined;
    const number = (digits: number) =>
      new Intl.NumberFormat(numberLocale(locale), {
        maximumFractionDigits: digits,
        // Not `true`: Spanish and Polish have no separator in numbers of four digits.
        useGrouping: locale.number_format !== "none" && "auto",
      });
    this.#space = SPACED.includes(locale.language) ? NO_BREAK : "";
    this.#number = number(0);
    this.#decimal = number(1);
    const zone = this.timeZone === undefined ? {} : { timeZone: this.timeZone };
    const clock: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit", ...zone };
    if (locale.time_format === "12" || locale.time_format === "24") {
      clock.hourCycle = locale.time_format === "12" ? "h12" : "h23";
    }
    const language = locale.time_format === "system" ? undefined : locale.language;
    this.#time = new Intl.DateTimeFormat(language, clock);
    this.#moment = new Intl.DateTimeFormat(language, { weekday: "short", ...clock });
    this.#day = new Intl.DateTimeFormat(locale.language, { weekday: "short", day: "numeric", ...zone });
    this.#list = new Intl.ListFormat(locale.language, { style: "narrow" });
    this.#parts = new Intl.DateTimeFormat("en", {
      hour: "numeric",
      minute: "numeric",
      hourCycle: "h23",
      ...zone,
    });
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  /** A list of words, separated as the language does it. */
  list(words: string[]): string {
    return this.#list.format(words);
  }

  amperes(value: number): string {
    return this.number(value) + NO_BREAK + "A";
  }

  /** A value with its unit; what is small has a decimal. */
  quantity(value: number, unit: string): string {
    const format = Math.abs(value) < 100 && unit !== "A" ? this.#decimal : this.#number;
    return format.format(value) + NO_BREAK + unit;
  }

  percent(value: number): string {
    return `${this.number(value)}${this.#space}%`;
  }

  time(at: number): string {
    return this.#time.format(at);
  }

  /** Weekday and time. */
  moment(at: number): string {
    return this.#moment.format(at);
  }

  /** A time of today, else with its weekday. */
  timeNear(at: number, now: number): string {
    return this.day(at) === this.day(now) ? this.time(at) : this.moment(at);
  }

  day(at: number): string {
    return this.#day.format(at);
  }

  /** Minutes since midnight in the zone of the user. */
  minuteOfDay(at: number): number {
    const parts = this.#parts.formatToParts(at);
    const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
    return part("hour") * 60 + part("minute");
  }
}

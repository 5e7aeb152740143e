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

/** A unit in which values of A or kW are shown, and how many of these it is. */
export interface Unit {
  name: string;
  factor: number;
}

/** How a clock shows the hours. */
function hourCycle({ time_format: format, language }: Locale): HourCycle {
  if (format === "12") return "h12";
  if (format === "24") return "h23";
  const of = new Intl.DateTimeFormat(format === "system" ? undefined : language, { hour: "numeric" });
  return of.resolvedOptions().hourCycle;
}

type HourCycle = Intl.DateTimeFormatOptions["hourCycle"];

/** The formats of one user, made once: making one is slow. */
export class Formats {
  readonly timeZone: string | undefined;
  readonly #space: string;
  readonly #locale: Locale;
  /** By the number of their decimals. */
  readonly #numbers: Intl.NumberFormat[] = [];
  readonly #time: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #parts: Intl.DateTimeFormat;
  readonly #list: Intl.ListFormat;

  constructor(hass: Pick<Hass, "locale" | "config">) {
    const { locale } = hass;
    this.timeZone = locale.time_zone === "server" ? hass.config.time_zone : undefined;
    const { language } = (this.#locale = locale);
    this.#space = SPACED.includes(language) ? NO_BREAK : "";
    const zone = this.timeZone === undefined ? {} : { timeZone: this.timeZone };
    const clock: Intl.DateTimeFormatOptions = {
      hour: "numeric",
      minute: "2-digit",
      hourCycle: hourCycle(locale),
      ...zone,
    };
    this.#time = new Intl.DateTimeFormat(language, clock);
    this.#moment = new Intl.DateTimeFormat(language, { weekday: "short", ...clock });
    this.#day = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", ...zone });
    this.#list = new Intl.ListFormat(language, { style: "narrow" });
    this.#parts = new Intl.DateTimeFormat("en", {
      hour: "numeric",
      minute: "numeric",
      hourCycle: "h23",
      ...zone,
    });
  }

  number(value: number, digits = 0): string {
    const { number_format } = this.#locale;
    this.#numbers[digits] ??= new Intl.NumberFormat(numberLocale(this.#locale), {
      maximumFractionDigits: digits,
      // Not `true`: Spanish and Polish have no separator in numbers of four digits.
      useGrouping: number_format !== "none" && "auto",
    });
    return this.#numbers[digits].format(value);
  }

  /** A list of words, separated as the language does it. */
  list(words: string[]): string {
    return this.#list.format(words);
  }

  /** A value of A or kW in a unit, as exact as in these; a small power has a decimal. */
  quantity(value: number, { name, factor }: Unit): string {
    const digits = Math.abs(value) < 100 && !name.endsWith("A") ? 1 : 0;
    const more = Math.round(Math.log10(factor));
    return this.number(value / factor, Math.max(digits + more, 0)) + NO_BREAK + name;
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

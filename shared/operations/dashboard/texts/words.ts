import { english, type TextKey } from './english';
import { japanese } from './japanese';

export const LANGUAGES = ['en', 'ja'] as const;

export type Language = (typeof LANGUAGES)[number];

const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en: english, ja: japanese };

/** Dates and numbers are written as in these places. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', ja: 'ja-JP' };

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const SECONDS_A_MINUTE = 60;
const SECONDS_AN_HOUR = 3600;

/** One language's texts, and its ways to write dates, times and numbers. */
export class Words {
  readonly language: Language;
  /** The zone in which instants are told. */
  readonly zone: string;
  readonly #locale: string;
  readonly #dates = new Map<string, Intl.DateTimeFormat>();
  readonly #numbers = new Map<string, Intl.NumberFormat>();

  constructor(language: Language, zone: string) {
    this.language = language;
    this.zone = zone;
    this.#locale = LOCALES[language];
  }

  text(key: TextKey, values: Readonly<Record<string, string>> = {}): string {
    return TEXTS[this.language][key].replace(/\{(\w+)\}/g, (braces, name: string) => values[name] ?? braces);
  }

  count(value: number): string {
    return this.#number('count', {}).format(value);
  }

  /** For narrow places: `12K`. */
  shortCount(value: number): string {
    return this.#number('short', { notation: 'compact', maximumSignificantDigits: 2 }).format(value);
  }

  /** With its sign, for changes. */
  change(value: number): string {
    return this.#number('change', { signDisplay: 'exceptZero' }).format(value);
  }

  percent(share: number): string {
    return this.#number('percent', { style: 'percent', maximumFractionDigits: 1 }).format(share);
  }

  /** In powers of 1000. */
  bytes(value: number): string {
    let unit = 0;
    let scaled = value;
    // 999.95 would be written as 1000.0.
    while (scaled >= 999.95 && unit < BYTE_UNITS.length - 1) {
      scaled /= 1000;
      unit += 1;
    }
    const options = { style: 'unit', unit: BYTE_UNITS[unit] ?? 'byte', maximumFractionDigits: 1 } as const;
    return this.#number(`bytes ${unit}`, options).format(scaled);
  }

  /** Under a minute with a decimal, else in the two largest units. */
  duration(seconds: number): string {
    if (seconds < SECONDS_A_MINUTE) return this.#unit('second', seconds, 1);
    const whole = Math.round(seconds);
    if (whole < SECONDS_AN_HOUR) {
      return `${this.#unit('minute', Math.floor(whole / SECONDS_A_MINUTE))} ${this.#unit('second', whole % SECONDS_A_MINUTE)}`;
    }
    const minutes = Math.round(whole / SECONDS_A_MINUTE);
    return `${this.#unit('hour', Math.floor(minutes / 60))} ${this.#unit('minute', minutes % 60)}`;
  }

  /** US dollars, in which the clouds list their prices; small amounts with the digits that tell them apart. */
  money(dollars: number): string {
    const options = {
      style: 'currency',
      currency: 'USD',
      minimumFractionDigits: dollars < 1 ? 4 : 2,
      maximumFractionDigits: dollars < 1 ? 4 : 2,
    } as const;
    return this.#number(`money ${dollars < 1}`, options).format(dollars);
  }

  /** A business date, `11 Aug 2025`. */
  date(date: string): string {
    return this.#date('date', { year: 'numeric', month: 'short', day: 'numeric' }, 'UTC').format(noonOf(date));
  }

  /** A business date without its year. */
  shortDate(date: string): string {
    return this.#date('short', { month: 'short', day: 'numeric' }, 'UTC').format(noonOf(date));
  }

  month(date: string): string {
    return this.#date('month', { year: 'numeric', month: 'short' }, 'UTC').format(noonOf(date));
  }

  weekday(date: string): string {
    return this.#date('weekday', { weekday: 'narrow' }, 'UTC').format(noonOf(date));
  }

  longDate(date: string): string {
    const options = { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' } as const;
    return this.#date('long', options, 'UTC').format(noonOf(date));
  }

  /** An ISO instant in {@link zone}. What is no instant is told as it is. */
  instant(iso: string): string {
    const options = { year: 'numeric', month: 'short', day: 'numeric', ...TIME } as const;
    return this.#instant('instant', options, iso);
  }

  /** The time of day of an ISO instant in {@link zone}, with seconds. */
  time(iso: string): string {
    return this.#instant('time', { ...TIME, second: '2-digit' }, iso);
  }

  #instant(name: string, options: Intl.DateTimeFormatOptions, iso: string): string {
    const at = Date.parse(iso);
    return Number.isNaN(at) ? iso : this.#date(name, options, this.zone).format(at);
  }

  #unit(unit: string, value: number, maximumFractionDigits = 0): string {
    const options = { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits } as const;
    return this.#number(unit + maximumFractionDigits, options).format(value);
  }

  /** Formats are costly to make and are used for every cell. */
  #number(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const format = this.#numbers.get(name) ?? new Intl.NumberFormat(this.#locale, options);
    this.#numbers.set(name, format);
    return format;
  }

  #date(name: string, options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
    const format = this.#dates.get(name) ?? new Intl.DateTimeFormat(this.#locale, { ...options, timeZone });
    this.#dates.set(name, format);
    return format;
  }
}

const TIME = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

function noonOf(date: string): number {
  return Date.parse(`${date}T12:00:00Z`);
}

/** The language that a browser's `Accept-Language` prefers among ours; English where it says nothing. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().split(';');
    const quality = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find((text) => text !== undefined);
    return { language: tag.trim().toLowerCase().split('-')[0], quality: Number(quality ?? 1) };
  });
  const ranked = wanted.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  const first = ranked.find(({ language }) => LANGUAGES.some((ours) => ours === language));
  return LANGUAGES.find((ours) => ours === first?.language) ?? 'en';
}

import { type BusinessDate, parseBusinessDate } from '../../calendar';
import { InputError } from '../../errors';
import { LANGUAGES, type Language } from './texts/words';

export const VIEWS = ['overview', 'day', 'tenant', 'run', 'youtube'] as const;

/** Which view, of what. */
export type ViewRequest =
  | {
      readonly view: 'overview';
      readonly days: number;
      readonly to?: BusinessDate;
      readonly page: number;
      readonly find: string;
    }
  | { readonly view: 'day'; readonly tenant: string; readonly date: BusinessDate }
  | { readonly view: 'tenant'; readonly tenant: string; readonly days: number; readonly to?: BusinessDate }
  | { readonly view: 'run'; readonly run: string; readonly at?: string }
  | { readonly view: 'youtube'; readonly days: number; readonly to?: BusinessDate };

/** A view, and how it is to be shown. */
export interface DashboardQuery {
  readonly request: ViewRequest;
  /** Where it was asked for. */
  readonly language?: Language;
  readonly format?: 'html' | 'json';
}

export const DEFAULT_DAYS = 30;
export const MOST_DAYS = 366;
const MOST_PAGES = 10_000;
const LONGEST_TEXT = 200;

/**
 * What the parameters of an address ask for. Names that the page does not know are passed over: hosts add their own.
 *
 * @throws InputError with every wrong parameter
 */
export function dashboardQuery(query: URLSearchParams): DashboardQuery {
  const reader = new QueryReader(query);
  const view = reader.oneOf('view', VIEWS) ?? 'overview';
  const request = viewRequest(view, reader);
  const language = reader.oneOf('lang', LANGUAGES);
  const format = reader.oneOf('format', ['html', 'json'] as const);
  reader.assertNoProblems();
  return { request, ...(language && { language }), ...(format && { format }) };
}

function viewRequest(view: (typeof VIEWS)[number], reader: QueryReader): ViewRequest {
  switch (view) {
    case 'overview': {
      const page = reader.whole('page', 1, MOST_PAGES) ?? 1;
      return { view, ...stretch(reader), page, find: reader.text('find') ?? '' };
    }
    case 'day':
      return {
        view,
        tenant: reader.needed('tenant'),
        date: reader.date('date') ?? reader.missing('date', 'a date as yyyy-mm-dd'),
      };
    case 'tenant':
      return { view, tenant: reader.needed('tenant'), ...stretch(reader) };
    case 'run': {
      const at = reader.text('at');
      return { view, run: reader.needed('run'), ...(at !== undefined && { at }) };
    }
    case 'youtube':
      return { view, ...stretch(reader) };
  }
}

function stretch(reader: QueryReader): { readonly days: number; readonly to?: BusinessDate } {
  const to = reader.date('to');
  return { days: reader.whole('days', 1, MOST_DAYS) ?? DEFAULT_DAYS, ...(to !== undefined && { to }) };
}

/** Reads parameters, and keeps what is wrong with them until all are read. A parameter without a value counts as not given. */
class QueryReader {
  readonly #query: URLSearchParams;
  readonly #problems: Record<string, string> = {};

  constructor(query: URLSearchParams) {
    this.#query = query;
  }

  text(name: string): string | undefined {
    const value = this.#query.get(name)?.trim();
    if (value === undefined || value === '') return undefined;
    if (value.length <= LONGEST_TEXT) return value;
    this.#problems[name] = `expected at most ${LONGEST_TEXT} characters, got ${value.length}`;
    return undefined;
  }

  needed(name: string): string {
    return this.text(name) ?? this.missing(name, 'a name');
  }

  missing(name: string, expected: string): string {
    this.#problems[name] ??= `expected ${expected}`;
    return '';
  }

  oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const text = this.text(name);
    const value = values.find((each) => each === text);
    if (text !== undefined && value === undefined) {
      this.#problems[name] = `expected ${values.join(', ')}, got ${JSON.stringify(text)}`;
    }
    return value;
  }

  whole(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d{1,6}$/.test(text) && value >= least && value <= most) return value;
    this.#problems[name] = `expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`;
    return undefined;
  }

  date(name: string): BusinessDate | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    try {
      return parseBusinessDate(text, name);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      Object.assign(this.#problems, error.fields);
      return undefined;
    }
  }

  assertNoProblems(): void {
    if (Object.keys(this.#problems).length > 0) throw new InputError(this.#problems);
  }
}

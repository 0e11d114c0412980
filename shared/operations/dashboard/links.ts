import type { Links } from './html/frame';

/** What every address of the page carries on. */
export interface CarriedOn {
  /** The function key, where it came with the address. */
  readonly code?: string;
  /** Where it was asked for. */
  readonly lang?: string;
  /** Of the overview and what hangs on it, where it is not the usual one. */
  readonly days?: string;
  readonly find?: string;
}

type Parameters = Readonly<Record<string, string | undefined>>;

/** An address of the page: parameters alone, so that it holds behind any host, prefix or proxy. */
export function address(parameters: Parameters, { code, lang }: CarriedOn): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...parameters, lang, code }))
    if (value !== undefined) query.set(name, value);
  return `?${query}`;
}

/** Links between the views as the HTTP function answers them. */
export function httpLinks(carried: CarriedOn): Links {
  const to = (parameters: Parameters) => address(parameters, carried);
  const { days, find } = carried;
  return {
    overview: (options = {}) =>
      to({
        view: 'overview',
        days: options.days?.toString() ?? days,
        to: options.to,
        page: options.page !== undefined && options.page > 1 ? String(options.page) : undefined,
        find,
      }),
    day: (tenant, date) => to({ view: 'day', tenant, date }),
    tenant: (tenant, last) => to({ view: 'tenant', tenant, to: last, days }),
    run: (run, at) => to({ view: 'run', run, at }),
    youtube: (last) => to({ view: 'youtube', to: last, days }),
    hidden: Object.fromEntries(
      Object.entries({ lang: carried.lang, code: carried.code }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
  };
}

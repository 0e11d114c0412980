import type { BusinessDate } from '../../../calendar';
import type { QuotaDayRecord } from '../../../history/read-quota-days';

/** A sync as its record tells it, of the parts that the page shows. */
export interface SyncOfTenant {
  readonly run: string;
  /** The business date on which it began. */
  readonly date: BusinessDate;
  readonly status: 'completed' | 'failed';
  /** When it was recorded, an ISO instant. */
  readonly at: string;
  readonly channels: number;
  readonly videos: number;
  readonly streams: number;
  readonly removed: number;
  readonly quotaUnits: number;
}

export interface SyncHistory {
  readonly tenant: string;
  /** The oldest first. */
  readonly syncs: readonly SyncOfTenant[];
  readonly unreadable: readonly string[];
}

export interface QuotaOfDay {
  /** What the ledger calls the API key; not the key. */
  readonly key: string;
  /** A Pacific day. */
  readonly date: BusinessDate;
  readonly limit: number;
  /** Units that were spent for certain, and those that are set aside beyond them. */
  readonly used: number;
  readonly held: number;
  readonly exhaustedAt?: string;
}

export function quotaOf({ spent: used, ...rest }: QuotaDayRecord): QuotaOfDay {
  return { ...rest, used };
}

/** A tenant's catalogue, by its last successful sync of each day. */
export interface CatalogueGrowth {
  readonly tenant: string;
  readonly syncs: number;
  readonly failedSyncs: number;
  readonly days: readonly { readonly date: BusinessDate; readonly videos: number }[];
  readonly last?: SyncOfTenant;
}

export interface YoutubeView {
  readonly view: 'youtube';
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  readonly newest: BusinessDate;
  /** The oldest first. */
  readonly quota: readonly QuotaOfDay[];
  readonly catalogues: readonly CatalogueGrowth[];
  /** Records that cannot be read, what is wrong with each. */
  readonly unreadable: readonly string[];
}

export interface YoutubeParts {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  readonly newest: BusinessDate;
  readonly quota: readonly QuotaOfDay[];
  readonly histories: readonly SyncHistory[];
  readonly unreadable: readonly string[];
}

export function youtubeView({ quota, histories, unreadable, ...rest }: YoutubeParts): YoutubeView {
  return {
    view: 'youtube',
    ...rest,
    quota: [...quota].sort((a, b) => (a.date === b.date ? compare(a.key, b.key) : compare(a.date, b.date))),
    catalogues: histories.filter(({ syncs }) => syncs.length > 0).map(growthOf),
    unreadable: [...unreadable, ...histories.flatMap((history) => history.unreadable)],
  };
}

function growthOf({ tenant, syncs }: SyncHistory): CatalogueGrowth {
  const byDay = new Map<BusinessDate, number>();
  for (const { date, status, videos } of syncs) if (status === 'completed') byDay.set(date, videos);
  const last = syncs.at(-1);
  return {
    tenant,
    syncs: syncs.length,
    failedSyncs: syncs.filter(({ status }) => status === 'failed').length,
    days: [...byDay].map(([date, videos]) => ({ date, videos })),
    ...(last && { last }),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

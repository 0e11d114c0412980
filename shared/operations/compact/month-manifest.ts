import { StorageError } from '../../errors';
import type { DatasetName } from '../../messages/datasets';
import type { PartRef } from '../../messages/manifest';
import { monthManifestKey } from '../../messages/output-paths';
import type { ObjectStore } from '../../ports/object-store';
import type { Month } from './month';

export type RowsByDataset = Readonly<Record<DatasetName, number>>;

/** A published day that a month was made from. */
export interface SourceDay {
  readonly business_date: string;
  /** The day's own digest of the messages that it was made from. */
  readonly input_digest: string;
  /** SHA-256 over the digests of the day's parts, in hex: the same as long as the day's rows are. */
  readonly data_digest: string;
  readonly rows: RowsByDataset;
}

/**
 * What makes a month published: the parts that it names have the rows of its days, in the days' order. It holds nothing about when or
 * where it was made.
 */
export interface MonthManifest {
  readonly version: 1;
  readonly tenant_id: string;
  readonly month: Month;
  readonly schema_version: number;
  readonly encoder: string;
  readonly compression: string;
  readonly days: readonly SourceDay[];
  /** Dates of the month that were not published; none unless it was asked for a part of the month. */
  readonly missing: readonly string[];
  readonly rows: RowsByDataset;
  readonly datasets: Readonly<Record<DatasetName, readonly PartRef[]>>;
}

/** A month's manifest as it is stored, with the etag that a conditional write needs. */
export interface PublishedMonth {
  readonly manifest: MonthManifest;
  readonly etag: string;
}

const utf8 = new TextDecoder();

/** The published version of a tenant's month, or undefined where there is none. */
export async function readPublishedMonth(
  analytics: ObjectStore,
  tenant: string,
  month: Month,
): Promise<PublishedMonth | undefined> {
  try {
    const { body, etag } = await analytics.read(monthManifestKey(tenant, month));
    return { manifest: JSON.parse(utf8.decode(body)) as MonthManifest, etag };
  } catch (error) {
    if (error instanceof StorageError && error.code === 'object_not_found') return undefined;
    throw error;
  }
}

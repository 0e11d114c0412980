import { createHash } from 'node:crypto';
import { BatchError } from '../../errors';
import { DATASET_NAMES, type DatasetName, SCHEMA_VERSION } from '../../messages/datasets';
import { type Manifest, type PartRef, rowsOf } from '../../messages/manifest';
import { readPublishedDay } from '../../messages/published-day';
import { datesOf, type Month } from './month';
import type { MonthContext } from './month-context';
import type { RowsByDataset, SourceDay } from './month-manifest';

/** The published days of a month. */
export interface MonthSources {
  readonly days: readonly SourceDay[];
  readonly missing: readonly string[];
  /** The days' parts of each dataset, in the order of their rows. */
  readonly parts: Readonly<Record<DatasetName, readonly SourcePart[]>>;
  readonly rows: RowsByDataset;
}

/** A part of a day. */
export interface SourcePart extends PartRef {
  readonly date: string;
}

/**
 * Reads the manifests of a month's days.
 *
 * @param partial whether days may be missing
 * @throws BatchError `month_incomplete` where a day is not published, or none is; `schema_newer` where a newer program wrote one
 */
export async function readMonthSources(context: MonthContext, month: Month, partial: boolean): Promise<MonthSources> {
  const { analytics, tenant } = context;
  const manifests: Manifest[] = [];
  const missing: string[] = [];
  for (const date of datesOf(month)) {
    const published = await readPublishedDay(analytics, tenant, date);
    if (published === undefined) missing.push(date);
    else manifests.push(published.manifest);
  }
  if (manifests.length === 0 || (missing.length > 0 && !partial)) throw incomplete(tenant, month, missing);
  for (const manifest of manifests) assertReadable(manifest);
  const partsOf = (dataset: DatasetName) =>
    manifests.flatMap(({ business_date: date, datasets }) => datasets[dataset].map((part) => ({ ...part, date })));
  const parts = byDataset(partsOf);
  return { days: manifests.map(sourceDay), missing, parts, rows: byDataset((dataset) => rowsOf(parts[dataset])) };
}

/** A value for each dataset. */
export function byDataset<Value>(value: (dataset: DatasetName) => Value): Record<DatasetName, Value> {
  return Object.fromEntries(DATASET_NAMES.map((dataset) => [dataset, value(dataset)])) as Record<DatasetName, Value>;
}

function sourceDay({ business_date, input_digest, datasets }: Manifest): SourceDay {
  const digests = DATASET_NAMES.map((dataset) => [dataset, datasets[dataset].map(({ sha256 }) => sha256)]);
  const data_digest = createHash('sha256').update(JSON.stringify(digests)).digest('hex');
  return { business_date, input_digest, data_digest, rows: byDataset((dataset) => rowsOf(datasets[dataset])) };
}

function assertReadable({ tenant_id, business_date, schema_version }: Manifest): void {
  if (schema_version <= SCHEMA_VERSION) return;
  throw new BatchError(
    `${tenant_id} on ${business_date} was written with version ${schema_version} of the schema, and this program knows ${SCHEMA_VERSION}: update it.`,
    { code: 'schema_newer', kind: 'configuration' },
  );
}

/** More dates than these are only counted. */
const DATES_NAMED = 5;

function incomplete(tenant: string, month: Month, missing: readonly string[]): BatchError {
  const named = missing.slice(0, DATES_NAMED).join(', ');
  const others = missing.length > DATES_NAMED ? ` and ${missing.length - DATES_NAMED} more` : '';
  const days = missing.length === 1 ? 'day is' : 'days are';
  return new BatchError(
    `The month ${month} of ${tenant} is not complete: ${missing.length} of its ${days} not published (${named}${others}). Export them first, or compact what there is with --partial.`,
    { code: 'month_incomplete', kind: 'permanent' },
  );
}

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { epochDay } from '../../calendar';
import { ProofError } from '../../errors';
import { type DatasetName, MONTHLY_DATASETS } from '../../messages/datasets';
import type { PartRef } from '../../messages/manifest';
import { monthPartKey } from '../../messages/output-paths';
import { storePart } from '../../messages/upload';
import { partRowGroups } from '../../parquet/part-rows';
import { PartWriter } from '../../parquet/part-writer';
import { withLocalPart } from './local-part';
import type { Month } from './month';
import type { MonthContext } from './month-context';
import { groupsOf } from './month-layout';
import type { SourcePart } from './month-sources';

/**
 * Merges the parts of a month's days into the month's own, a dataset's at a time.
 *
 * Memory: a row group that is read and one that is written. On the local disk: one part of a day, and one of the month.
 *
 * @param folder a local folder for files on their way
 * @param partBytes see {@link groupsOf}
 * @throws ProofError `part_invalid`, `proof_failed`; BatchError `published_meanwhile`
 */
export async function writeMonthParts(
  context: MonthContext,
  month: Month,
  dataset: DatasetName,
  sources: readonly SourcePart[],
  folder: string,
  partBytes?: number,
): Promise<PartRef[]> {
  const parts: PartRef[] = [];
  for (const [number, group] of groupsOf(sources, partBytes).entries()) {
    const part = await writePart(context, month, dataset, number, group, folder);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

async function writePart(
  context: MonthContext,
  month: Month,
  dataset: DatasetName,
  number: number,
  sources: readonly SourcePart[],
  folder: string,
): Promise<PartRef | undefined> {
  const { analytics, tenant, options } = context;
  const { parquetEncoder, encoder, compression, partLimits } = options;
  const schema = MONTHLY_DATASETS[dataset];
  const how = { ...partLimits, encoder: parquetEncoder ?? encoder, compression };
  const writer = await PartWriter.open({ ...how, schema, directory: folder });
  try {
    for (const source of sources) await copyRows(context, dataset, source, writer, folder);
    const keyOf = (sha256: string) => monthPartKey(tenant, dataset, month, number, sha256);
    return await storePart(analytics, schema, keyOf, writer);
  } finally {
    await writer.discard();
  }
}

async function copyRows(
  { analytics }: MonthContext,
  dataset: DatasetName,
  source: SourcePart,
  writer: PartWriter,
  folder: string,
): Promise<void> {
  const names = MONTHLY_DATASETS[dataset].columns.map(({ name }) => name);
  const dateAt = names.indexOf('business_date');
  const date = epochDay(source.date);
  let rows = 0;
  await withLocalPart(analytics, source, join(folder, `source-${randomUUID()}.parquet`), async (part) => {
    for await (const group of partRowGroups(part, names)) {
      rows += group.length;
      for (const row of group) await writer.append(row.with(dateAt, date));
    }
  });
  if (rows === source.rows) return;
  throw new ProofError(`${source.key} holds ${rows} rows where ${source.rows} were published.`, {
    code: 'proof_failed',
    kind: 'permanent',
  });
}

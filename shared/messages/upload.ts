import { createReadStream } from 'node:fs';
import { checkPart } from '../parquet/part-check';
import type { PartWriter } from '../parquet/part-writer';
import { DATASETS, type DatasetName } from './datasets';
import type { ExportContext } from './export-context';
import type { PartRef } from './manifest';
import { partKey, quarantineKey } from './output-paths';
import { writeOnce } from './papers';
import type { QuarantineFile } from './quarantine-file';

/**
 * Finishes a part, uploads it and reads it back from the store with another implementation than the one that wrote it.
 *
 * @param shard the number that names the part
 * @returns the part, or undefined where it has no rows: an empty part is not published
 * @throws ProofError `part_invalid` where what the store holds is not what was written
 */
export async function uploadPart(
  context: ExportContext,
  dataset: DatasetName,
  shard: number,
  writer: PartWriter,
): Promise<PartRef | undefined> {
  const { path, rows, bytes, sha256 } = await writer.finish();
  if (rows === 0) return undefined;
  const key = partKey(context.tenant, dataset, context.day.date, shard, sha256);
  const body = { size: bytes, open: () => createReadStream(path) };
  await writeOnce(context.analytics, key, body, 'application/vnd.apache.parquet');
  const read = async (offset: number, length: number) =>
    (await context.analytics.read(key, { range: { offset, length } })).body;
  await checkPart({ size: bytes, read }, { schema: DATASETS[dataset], rows });
  return { key, rows, bytes, sha256 };
}

/** Uploads a shard's quarantine file. @returns undefined where nothing was quarantined */
export async function uploadQuarantine(
  context: ExportContext,
  shard: number,
  file: QuarantineFile,
): Promise<PartRef | undefined> {
  const { sha256, size, open } = await file.finish();
  if (file.lines === 0) return undefined;
  const key = quarantineKey(context.tenant, context.day.date, shard, sha256);
  await writeOnce(context.analytics, key, { size, open }, 'application/x-ndjson');
  return { key, rows: file.lines, bytes: size, sha256 };
}

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { checkPart } from '../parquet/part-check';
import type { PartWriter } from '../parquet/part-writer';
import type { DatasetSchema } from '../parquet/schema';
import type { ObjectStore } from '../ports/object-store';
import { DATASETS, type DatasetName, datasetOfVersion, SCHEMA_VERSION } from './datasets';
import type { ExportContext } from './export-context';
import type { PartRef } from './manifest';
import { partKey, quarantineKey } from './output-paths';
import { writeOnce } from './papers';
import type { QuarantineFile } from './quarantine-file';
import { givesBack, notGivenBack } from './read-back';

/**
 * Finishes a part, uploads it, reads it back from the store and checks it with another implementation than the one that wrote it.
 *
 * @param shard the number that names the part
 * @param version of the schema, as the part was opened with
 * @returns the part, or undefined where it has no rows: an empty part is not published
 * @throws ProofError `part_invalid` where what the store holds is not what was written
 */
export async function uploadPart(
  context: ExportContext,
  dataset: DatasetName,
  shard: number,
  writer: PartWriter,
  version: number = SCHEMA_VERSION,
): Promise<PartRef | undefined> {
  const { analytics, tenant, day } = context;
  const schema = datasetOfVersion(DATASETS[dataset], version);
  return storePart(analytics, schema, (sha256) => partKey(tenant, dataset, day.date, shard, sha256), writer);
}

/** As {@link uploadPart}, of a part with any schema. @param keyOf the part's key, by its SHA-256 in hex */
export async function storePart(
  store: ObjectStore,
  schema: DatasetSchema,
  keyOf: (sha256: string) => string,
  writer: PartWriter,
): Promise<PartRef | undefined> {
  const { path, rows, bytes, sha256 } = await writer.finish();
  if (rows === 0) return undefined;
  const part = { key: keyOf(sha256), rows, bytes, sha256 };
  await upload(store, part, () => createReadStream(path), 'application/vnd.apache.parquet');
  const read = async (offset: number, length: number) =>
    (await store.read(part.key, { range: { offset, length } })).body;
  await checkPart({ size: bytes, read }, { schema, rows });
  return part;
}

/**
 * Uploads a shard's quarantine file, and reads it back.
 *
 * @returns undefined where nothing was quarantined
 * @throws ProofError as {@link uploadPart}
 */
export async function uploadQuarantine(
  { analytics, tenant, day }: ExportContext,
  shard: number,
  file: QuarantineFile,
): Promise<PartRef | undefined> {
  const { sha256, size, open } = await file.finish();
  if (file.lines === 0) return undefined;
  const part = { key: quarantineKey(tenant, day.date, shard, sha256), rows: file.lines, bytes: size, sha256 };
  await upload(analytics, part, open, 'application/x-ndjson');
  return part;
}

/** Writes a part where it is not there yet, and once more over one that is there but is not what its name says. */
async function upload(store: ObjectStore, part: PartRef, open: () => Readable, contentType: string): Promise<void> {
  const { key, bytes: size, sha256 } = part;
  await writeOnce(store, key, { size, open }, contentType);
  if (await givesBack(store, key, size, sha256)) return;
  await store.write(key, { size, open }, { contentType });
  if (!(await givesBack(store, key, size, sha256))) throw notGivenBack(store, key);
}

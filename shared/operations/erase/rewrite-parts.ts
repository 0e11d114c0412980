import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DATASETS, datasetOfVersion } from '../../messages/datasets';
import type { ExportContext } from '../../messages/export-context';
import type { Manifest, PartRef } from '../../messages/manifest';
import { type QuarantineEntry, QuarantineFile } from '../../messages/quarantine-file';
import { openPart } from '../../messages/shard-rows';
import { uploadPart, uploadQuarantine } from '../../messages/upload';
import { partRowGroups } from '../../parquet/part-rows';
import type { ColumnValue } from '../../parquet/schema';
import type { DayFindings, PartOfUser } from './examine-day';
import { storedLines, storedPart } from './stored-objects';
import type { UserTraces } from './user-traces';

/** What takes the place of a published object: another one, or nothing where it held nothing else. */
export type Replacements = ReadonlyMap<string, PartRef | undefined>;

/** A row by the names of its columns. */
export type NamedRow = Readonly<Record<string, ColumnValue>>;

/**
 * Writes a day's parts without the user's rows, as they were written: by the same encoder, with the same compression and the columns of the
 * day's version of the schema. The other rows keep their order.
 *
 * @param onErased is given every row of `messages` that is left out
 */
export async function rewriteParts(
  context: ExportContext,
  manifest: Manifest,
  parts: readonly PartOfUser[],
  traces: UserTraces,
  onErased: (message: NamedRow) => void,
): Promise<Replacements> {
  const asWritten = writingAs(context, manifest);
  const replaced = new Map<string, PartRef | undefined>();
  await withFolder(context, async (folder) => {
    for (const { dataset, part } of parts) {
      const { columns } = datasetOfVersion(DATASETS[dataset], manifest.schema_version);
      const names = columns.map(({ name }) => name);
      const user = names.indexOf('user_id');
      const writer = await openPart(asWritten, dataset, folder, manifest.schema_version);
      try {
        for await (const rows of partRowGroups(storedPart(context.analytics, part), names)) {
          for (const row of rows) {
            if (!traces.isUser(row[user])) await writer.append(row);
            else if (dataset === 'messages') onErased(named(names, row));
          }
        }
        const number = partNumber(part.key);
        replaced.set(part.key, await uploadPart(asWritten, dataset, number, writer, manifest.schema_version));
      } finally {
        await writer.discard();
      }
    }
  });
  return replaced;
}

/** Writes a day's quarantine files without the user's lines. @param onErased is given every line that is left out */
export async function rewriteQuarantine(
  context: ExportContext,
  files: DayFindings['quarantine'],
  traces: UserTraces,
  onErased: (entry: QuarantineEntry) => void,
): Promise<Replacements> {
  const replaced = new Map<string, PartRef | undefined>();
  for (const { part } of files) {
    await withFolder(context, async (folder) => {
      const file = await QuarantineFile.create(folder);
      try {
        for await (const line of storedLines(context.analytics, part)) {
          const entry = JSON.parse(line) as QuarantineEntry;
          if (traces.ownsKey(entry.key)) onErased(entry);
          else await file.add(entry);
        }
        replaced.set(part.key, await uploadQuarantine(context, partNumber(part.key), file));
      } finally {
        await file.discard();
      }
    });
  }
  return replaced;
}

/** A context that writes parts as those of a published day were written. */
export function writingAs(context: ExportContext, { encoder, compression }: Manifest): ExportContext {
  const { parquetEncoder, ...options } = context.options;
  const same = options.encoder === encoder && parquetEncoder !== undefined;
  return {
    ...context,
    options: {
      ...options,
      encoder: encoder as ExportContext['options']['encoder'],
      compression: compression as ExportContext['options']['compression'],
      ...(same ? { parquetEncoder } : {}),
    },
  };
}

export async function withFolder<T>({ options }: ExportContext, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(options.temporaryFolder, 'makoto-erase-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The number that names a part: its shard's. */
export function partNumber(key: string): number {
  return Number(/\/part-(\d+)-[^/]*$/.exec(key)?.[1] ?? 0);
}

function named(names: readonly string[], row: readonly ColumnValue[]): NamedRow {
  return Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]));
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest, PartRef } from '../../shared/messages/manifest';
import type { ObjectStore } from '../../shared/ports/object-store';
import { readWithHyparquet } from './parquet-readers';

export type Row = Readonly<Record<string, unknown>>;

/** The rows of published parts, by column name, read by another implementation than the one that wrote them. */
export async function storedRows(store: ObjectStore, parts: readonly PartRef[]): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'makoto-test-'));
  try {
    const rows: Row[] = [];
    for (const { key } of parts) {
      const path = join(folder, 'part.parquet');
      await writeFile(path, (await store.read(key)).body);
      const table = await readWithHyparquet(path);
      for (const values of table.rows)
        rows.push(Object.fromEntries(table.columns.map(({ name }, i) => [name, values[i]])));
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lines of a day's quarantine files. */
export async function quarantineEntries(store: ObjectStore, manifest: Manifest): Promise<Record<string, unknown>[]> {
  const entries: Record<string, unknown>[] = [];
  for (const { key } of manifest.quarantine) {
    const { body } = await store.read(key);
    for (const line of new TextDecoder().decode(body).trimEnd().split('\n')) entries.push(JSON.parse(line));
  }
  return entries;
}

export async function quarantinedKeys(store: ObjectStore, manifest: Manifest): Promise<string[]> {
  return (await quarantineEntries(store, manifest)).map(({ key }) => String(key));
}

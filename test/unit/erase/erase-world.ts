import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Manifest, partsOfDay } from '../../../shared/messages/manifest';
import { allItems, allObjects } from '../../../shared/messages/pages';
import { readPublishedDay } from '../../../shared/messages/published-day';
import { type EraseHooks, type ErasureReport, eraseUser } from '../../../shared/operations/erase/erase-user';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { BatchWorld, TENANT, type WorldCall } from '../../support/batch-world';
import { snapshot } from '../../support/export-world';
import { readWithHyparquet } from '../../support/parquet-readers';
import { type Row, storedRows } from '../../support/published-rows';

export const DATE = '2025-08-11';

/** Tenants whose users are erased. */
export class EraseWorld extends BatchWorld {
  constructor(private readonly settings: Readonly<Record<string, string>> = {}) {
    super(settings);
  }

  erase(
    user: string,
    { dryRun = false, hooks = {} }: { dryRun?: boolean; hooks?: EraseHooks } = {},
  ): Promise<ErasureReport> {
    return eraseUser(this.platform(), { tenant: TENANT, user, dryRun }, hooks);
  }

  async manifest(date = DATE): Promise<Manifest> {
    const published = await readPublishedDay(this.analytics, TENANT, date);
    if (published === undefined) throw new Error(`The day ${date} is not published.`);
    return published.manifest;
  }

  async rows(dataset: 'messages' | 'rooms' | 'users' | 'summary', date = DATE): Promise<Row[]> {
    return storedRows(this.analytics, (await this.manifest(date)).datasets[dataset]);
  }

  /** What a reader sees that follows the manifest: every object that it names is there, as it says. */
  async expectWholeDay(date = DATE): Promise<void> {
    const objects = await snapshot(this.analytics);
    for (const { key, sha256 } of partsOfDay(await this.manifest(date)))
      expect([key, objects.get(key)]).toEqual([key, sha256]);
  }

  /** Another world with the same content. */
  async copy(): Promise<EraseWorld> {
    const copy = new EraseWorld(this.settings);
    copy.nowMs = this.nowMs;
    for (const [from, to] of [
      [this.data, copy.data],
      [this.analytics, copy.analytics],
    ] as const) {
      for await (const { key } of allObjects(from, ''))
        await to.write(key, (await from.read(key)).body, { contentType: 'application/octet-stream' });
    }
    for (const partition of ['SYSTEM#TENANTS', 'SYSTEM#BATCH', `TENANT#${TENANT}`, `TENANT#${TENANT}#BATCH`]) {
      for await (const item of allItems(this.metadata, { partition })) await copy.metadata.put(item);
    }
    return copy;
  }

  /** Every call that changes something. */
  get changes(): WorldCall[] {
    return this.calls.filter(({ method }) => ['write', 'delete', 'put'].includes(method));
  }
}

/** Every text in a store, by object: of Parquet each value of each column, of JSON each string and name, and the bytes of everything. */
export async function textsOf(store: ObjectStore, prefix = ''): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'makoto-test-'));
  try {
    const texts = new Map<string, string[]>();
    for await (const { key } of allObjects(store, prefix)) {
      const { body } = await store.read(key);
      texts.set(key, [Buffer.from(body).toString('utf8'), ...(await valuesOf(key, body, folder))]);
    }
    return texts;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function valuesOf(key: string, body: Uint8Array, folder: string): Promise<string[]> {
  if (key.endsWith('.parquet')) {
    const path = join(folder, 'part.parquet');
    await writeFile(path, body);
    return (await readWithHyparquet(path)).rows.flat().map(String);
  }
  const text = Buffer.from(body).toString('utf8');
  const documents = key.endsWith('.jsonl') ? text.trimEnd().split('\n') : [text];
  return documents.flatMap((document) => stringsIn(JSON.parse(document)));
}

/** The strings of a JSON value, names of fields among them. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, each]) => [name, ...stringsIn(each)]);
}

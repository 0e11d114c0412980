import fc from 'fast-check';
import { StorageError } from '../../../shared/errors';
import type { PartLimits } from '../../../shared/messages/export-context';
import type { Manifest, PartRef } from '../../../shared/messages/manifest';
import { manifestKey } from '../../../shared/messages/output-paths';
import { readPaper, writePaper } from '../../../shared/messages/papers';
import { readPublishedDay } from '../../../shared/messages/published-day';
import type { ShardResult } from '../../../shared/messages/shard-result';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { messageBody, messageKeyAt } from '../../support/chat';
import { corpusArbitrary } from '../../support/corpus';
import { ExportWorld, runDay, snapshot, TENANT } from '../../support/export-world';
import { storedRows } from '../../support/published-rows';
import { recorded, watched } from '../../support/store-spies';

// A shard of more than one part.

const DATE = '2025-08-11';
const AT = Date.parse('2025-08-11T03:00:00.000Z');
const SMALL: PartLimits = { rowGroupRows: 2, partBytes: 1 };
const MESSAGES = 11;

async function filledWorld(partLimits?: PartLimits): Promise<ExportWorld> {
  const world = new ExportWorld(partLimits === undefined ? {} : { partLimits });
  for (let i = 0; i < MESSAGES; i++) {
    const at = new Date(AT + i * 1000).toISOString();
    await world.putMessage(messageKeyAt(TENANT, 'alice', `r${i % 2}`, at, `m${i}`), messageBody(`m${i}`, at));
  }
  return world;
}

function isMessages(key: string): boolean {
  return key.includes('/analytics/messages/');
}

describe('messages that fill several parts', () => {
  it('are the same rows in the same order as in one, whatever the corpus and the limits', async () => {
    const limits = fc.record({
      rowGroupRows: fc.integer({ min: 1, max: 6 }),
      rowGroupBytes: fc.integer({ min: 1, max: 4000 }),
      partBytes: fc.integer({ min: 1, max: 4000 }),
    });
    let divided = 0;
    await fc.assert(
      fc.asyncProperty(corpusArbitrary(TENANT), limits, async ({ day, objects }, partLimits) => {
        const whole = new ExportWorld({ zone: day.zone });
        const parted = new ExportWorld({ zone: day.zone, partLimits });
        for (const world of [whole, parted]) for (const { key, body } of objects) await world.putMessage(key, body);

        const { manifest: one } = await runDay(whole.context(day.date));
        const { manifest: many } = await runDay(parted.context(day.date));
        const before = await snapshot(parted.analytics);
        await runDay(parted.context(day.date), true);

        expect(many.proof).toEqual(one.proof);
        for (const dataset of ['messages', 'rooms', 'users', 'summary'] as const) {
          const rows = await storedRows(parted.analytics, many.datasets[dataset]);
          expect(rows).toEqual(await storedRows(whole.analytics, one.datasets[dataset]));
        }
        expect(await snapshot(parted.analytics)).toEqual(before);
        if (many.datasets.messages.length > 1) divided += 1;
      }),
      { numRuns: 12 },
    );
    expect(divided).toBeGreaterThan(2);
  });

  it('are parts of one shard’s number, in the manifest in the order of their rows', async () => {
    const world = await filledWorld(SMALL);

    const { manifest } = await runDay(world.context(DATE));

    const { messages } = manifest.datasets;
    expect(messages.map(({ rows }) => rows)).toEqual([2, 2, 2, 2, 2, 1]);
    expect(messages.every(({ key }) => /\/part-00000-[0-9a-f]{16}\.parquet$/.test(key))).toBe(true);
    const keys = (await storedRows(world.analytics, messages)).map(({ storage_key: key }) => String(key));
    expect(keys).toEqual([...keys].sort());
  });

  it('are read on while a part is on its way to the store', async () => {
    const world = await filledWorld(SMALL);
    let release = (): void => undefined;
    const readOn = new Promise<void>((resolve) => {
      release = resolve;
    });
    let reads = 0;
    let readWhenWritten = 0;
    const data = watched(world.data, ({ method }) => {
      if (method !== 'read') return;
      reads += 1;
      if (reads === 4) release();
    });
    const analytics = watched(world.analytics, async ({ method, key }) => {
      if (method !== 'write' || !isMessages(key) || readWhenWritten > 0) return;
      // The first part is not written before messages of the next one are read: waiting for the upload would never end.
      await readOn;
      readWhenWritten = reads;
    });
    const context = world.context(DATE, { data, analytics });

    const { manifest } = await runDay({ ...context, options: { ...context.options, readConcurrency: 1 } });

    expect(manifest.proof.exported).toBe(MESSAGES);
    expect(readWhenWritten).toBeGreaterThanOrEqual(4);
  });

  it('stop being read when a part cannot be written, with the store’s own error, and nothing is published', async () => {
    const world = await filledWorld(SMALL);
    const failure = new StorageError('The container is gone.', { code: 'container_not_found', kind: 'configuration' });
    const data = recorded(world.data);
    let written = 0;
    const analytics = watched(world.analytics, ({ method, key }) => {
      if (method !== 'write' || !isMessages(key)) return;
      written += 1;
      if (written === 2) throw failure;
    });
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);

    const run = runDay(world.context(DATE, { data: data.store, analytics }));
    await expect(run).rejects.toBe(failure);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);

    expect(written).toBe(2);
    expect(unhandled).toEqual([]);
    expect(await readPublishedDay(world.analytics, TENANT, DATE)).toBeUndefined();
  });

  it('are completed by the next run when one is cut off at any of its writes, byte for byte', async () => {
    const undisturbed = await filledWorld(SMALL);
    const { store, calls } = recorded(undisturbed.analytics);
    await runDay(undisturbed.context(DATE, { analytics: store }));
    const changes = calls.filter(({ method }) => method === 'write').length;
    const expected = await snapshot(undisturbed.analytics);

    for (let point = 0; point < changes; point++) {
      const world = await filledWorld(SMALL);
      let left = point;
      const analytics = watched(world.analytics, ({ method }) => {
        if (method !== 'write') return;
        if (left === 0) throw new Error('killed');
        left -= 1;
      });
      await expect(runDay(world.context(DATE, { analytics }))).rejects.toThrow('killed');

      await runDay(world.context(DATE));

      expect(await snapshot(world.analytics)).toEqual(expected);
    }
    expect(changes).toBeGreaterThan(10);
  });

  it('are parts that stay when the day is run again, and are replaced where a message was added', async () => {
    const world = await filledWorld(SMALL);
    const { manifest } = await runDay(world.context(DATE));
    const { store, calls } = recorded(world.analytics);

    await runDay(world.context(DATE, { analytics: store }));
    const last = new Date(AT + 60_000).toISOString();
    await world.putMessage(messageKeyAt(TENANT, 'alice', 'r1', last, 'last'), messageBody('last', last));
    const { manifest: more } = await runDay(world.context(DATE));

    expect(calls.filter(({ method }) => method === 'write' || method === 'delete')).toEqual([]);
    const keys = (parts: readonly PartRef[]) => parts.map(({ key }) => key);
    expect(keys(more.datasets.messages).slice(0, 5)).toEqual(keys(manifest.datasets.messages).slice(0, 5));
    expect(more.datasets.messages[5]).toMatchObject({ rows: 2 });
    const stored = [...(await snapshot(world.analytics)).keys()].filter(isMessages);
    expect(new Set(stored)).toEqual(new Set(keys(more.datasets.messages)));
  });
});

describe('a day that an earlier version published', () => {
  /** Rewrites the results of a published day as they were when a shard had one part of each dataset, or null. */
  async function asBefore(world: ExportWorld): Promise<Manifest> {
    const published = await readPublishedDay(world.analytics, TENANT, DATE);
    if (published === undefined) throw new Error('The day is not published.');
    const shards: Manifest['shards'][number][] = [];
    for (const shard of published.manifest.shards) {
      const result = await readPaper<ShardResult>(world.analytics, shard.result ?? '');
      const { messages, rooms, users } = result.parts;
      const parts = { messages: messages[0] ?? null, rooms: rooms[0] ?? null, users: users[0] ?? null };
      const key = await writePaper(world.context(DATE), 'result', shard.shard, { ...result, parts });
      shards.push({ ...shard, result: key });
    }
    const manifest = { ...published.manifest, shards };
    await writeManifest(world.analytics, manifest);
    return manifest;
  }

  async function writeManifest(analytics: ObjectStore, manifest: Manifest): Promise<void> {
    const body = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
    await analytics.write(manifestKey(TENANT, DATE), body, { contentType: 'application/json' });
  }

  it('is not read again, and stands as it is', async () => {
    const world = await filledWorld();
    // A room with nothing but what is no row: its user has no part.
    await world.putMessage(messageKeyAt(TENANT, 'bob', 'r', '2025-08-11T03:00:00.000Z', 'broken'), '{');
    await runDay(world.context(DATE));
    const before = await asBefore(world);
    const { store, calls } = recorded(world.data);

    const { manifest } = await runDay(world.context(DATE, { data: store }));

    expect(calls.filter(({ method }) => method === 'read')).toEqual([]);
    expect(manifest).toEqual(before);
  });

  it('has its parts kept where another shard changes', async () => {
    const world = new ExportWorld({ shardMessages: 20 });
    const at = '2025-08-11T03:00:00.000Z';
    for (const user of ['alice', 'bob', 'carol', 'dave'])
      await world.putMessage(messageKeyAt(TENANT, user, 'r', at, user), messageBody(user, at));
    await runDay(world.context(DATE));
    const before = await asBefore(world);
    await world.putMessage(messageKeyAt(TENANT, 'bob', 'r', at, 'more'), messageBody('more', at));
    const { store, calls } = recorded(world.data);

    const { manifest } = await runDay(world.context(DATE, { data: store }));

    const read = new Set(calls.filter(({ method }) => method === 'read').map(({ key }) => key.split('/')[2]));
    expect(read).toEqual(new Set(['bob']));
    expect(manifest.proof.exported).toBe(5);
    const known = new Set(before.datasets.messages.map(({ key }) => key));
    expect(manifest.datasets.messages.filter(({ key }) => !known.has(key))).toHaveLength(1);
  });
});

import { InputChangedError, ProofError } from '../../../shared/errors';
import { planDay } from '../../../shared/messages/plan';
import { publishDay } from '../../../shared/messages/publish';
import { readPublishedDay } from '../../../shared/messages/published-day';
import { exportShard } from '../../../shared/messages/shard';
import type { MetadataItem } from '../../../shared/ports/metadata-store';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { messageBody, messageKeyAt } from '../../support/chat';
import { ExportWorld, runDay, snapshot, TENANT } from '../../support/export-world';
import { recorded, type StoreCall, watched } from '../../support/store-spies';

// A run that ends anywhere, and the run after it.

const DATE = '2025-08-11';
const AT = '2025-08-11T03:00:00.000Z';

class Killed extends Error {}

async function filledWorld(): Promise<ExportWorld> {
  const world = new ExportWorld({ shardMessages: 11 });
  for (const user of ['alice', 'bob', 'carol']) {
    await world.putRoom(user, 'r', AT);
    await world.putMessage(messageKeyAt(TENANT, user, 'r', AT, `${user}1`), messageBody(`${user}1`, AT));
  }
  await world.putMessage(messageKeyAt(TENANT, 'bob', 'r', AT, 'broken'), '{');
  return world;
}

/** A store that does the first `calls` calls that change something and is gone from then on. */
function endingAfter(store: ObjectStore, calls: number, moment: 'before' | 'after'): ObjectStore {
  let left = calls;
  const count = ({ method }: StoreCall) => {
    if (method !== 'write' && method !== 'delete') return;
    if (left === 0) throw new Killed();
    left -= 1;
  };
  return moment === 'before' ? watched(store, count) : watched(store, () => undefined, count);
}

async function changesOf(world: ExportWorld, analytics: ObjectStore = world.analytics): Promise<number> {
  const { store, calls } = recorded(analytics);
  await runDay(world.context(DATE, { analytics: store }));
  return calls.filter(({ method }) => method === 'write' || method === 'delete').length;
}

describe('a run that is cut off', () => {
  it.each(['before', 'after'] as const)(
    '%s any one of its writes is completed by the next one, byte for byte',
    async (moment) => {
      const undisturbed = await filledWorld();
      const changes = await changesOf(undisturbed);
      const expected = await snapshot(undisturbed.analytics);
      expect(changes).toBeGreaterThan(10);

      for (let point = 0; point < changes; point++) {
        const world = await filledWorld();
        const analytics = endingAfter(world.analytics, point, moment);
        await expect(runDay(world.context(DATE, { analytics }))).rejects.toThrow(Killed);

        await runDay(world.context(DATE));

        expect(await snapshot(world.analytics)).toEqual(expected);
      }
    },
  );

  it('while replacing a published day leaves a reader of the manifest with whole parts at every point', async () => {
    const edit = (world: ExportWorld) =>
      world.putMessage(messageKeyAt(TENANT, 'bob', 'r', AT, 'bob1'), messageBody('bob1', AT, 'edited'));
    const rehearsal = await filledWorld();
    await runDay(rehearsal.context(DATE));
    await edit(rehearsal);
    const changes = await changesOf(rehearsal);

    for (let point = 0; point < changes; point++) {
      const world = await filledWorld();
      await runDay(world.context(DATE));
      await edit(world);
      const analytics = endingAfter(world.analytics, point, 'before');
      await expect(runDay(world.context(DATE, { analytics }))).rejects.toThrow(Killed);

      const published = await readPublishedDay(world.analytics, TENANT, DATE);

      const objects = await snapshot(world.analytics);
      for (const part of Object.values(published?.manifest.datasets ?? {}).flat())
        expect(objects.get(part.key)).toBe(part.sha256);
    }
  });
});

describe('publishing', () => {
  it('can be done again at any point although the plan has other rooms than the published one', async () => {
    for (let point = 0; ; point++) {
      const world = await filledWorld();
      await runDay(world.context(DATE));
      await world.putRoom('dave', 'new-and-empty', '2025-08-12T00:00:00Z');
      const planned = await planDay(world.context(DATE));
      const results = [];
      for (const shard of planned.shards)
        results.push(await exportShard(world.context(DATE), planned.plan, shard, false));
      const input = { plan: planned.plan, results, settles: planned.settles };
      const failed = await publishDay(
        world.context(DATE, { analytics: endingAfter(world.analytics, point, 'after') }),
        input,
      ).then(
        () => false,
        () => true,
      );

      const { manifest } = await publishDay(world.context(DATE), input);

      expect(manifest.proof.exported).toBe(3);
      if (!failed) break;
    }
  });

  it('refuses results that do not cover the plan', async () => {
    const world = await filledWorld();
    const planned = await planDay(world.context(DATE));
    const results = [];
    for (const shard of planned.shards)
      results.push(await exportShard(world.context(DATE), planned.plan, shard, false));

    const publish = publishDay(world.context(DATE), { plan: planned.plan, results: results.slice(1), settles: [] });

    await expect(publish).rejects.toMatchObject({ code: 'shards_incomplete' });
    expect(await readPublishedDay(world.analytics, TENANT, DATE)).toBeUndefined();
  });

  it('removes nothing when another run’s manifest stands by the time it would', async () => {
    const world = await filledWorld();
    let overtaken = false;
    const metadata = new Proxy(world.metadata, {
      get: (target, name) => {
        if (name !== 'put' || overtaken) return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name);
        return async (item: MetadataItem) => {
          overtaken = true;
          await world.putMessage(messageKeyAt(TENANT, 'alice', 'r', AT, 'late'), messageBody('late', AT));
          await runDay(world.context(DATE));
          await target.put(item);
        };
      },
    });

    await runDay(world.context(DATE, { metadata }));

    const standing = await readPublishedDay(world.analytics, TENANT, DATE);
    const objects = await snapshot(world.analytics);
    expect(standing?.manifest.proof.exported).toBe(4);
    for (const part of Object.values(standing?.manifest.datasets ?? {}).flat())
      expect(objects.get(part.key)).toBe(part.sha256);
  });
});

describe('input that changes under a run', () => {
  it.each([
    ['changed', (world: ExportWorld, key: string) => world.putMessage(key, messageBody('alice1', AT, 'changed'))],
    ['removed', (world: ExportWorld, key: string) => world.data.delete(key)],
  ])('is a transient failure when an object was %s after it was listed', async (_what, change) => {
    const world = await filledWorld();
    const key = messageKeyAt(TENANT, 'alice', 'r', AT, 'alice1');
    let done = false;
    const data = watched(world.data, async (call) => {
      if (call.method !== 'read' || call.key !== key || done) return;
      done = true;
      await change(world, key);
    });

    const run = runDay(world.context(DATE, { data }));

    await expect(run).rejects.toThrow(InputChangedError);
    await expect(run).rejects.toMatchObject({ kind: 'transient', message: expect.stringContaining(key) });
  });
});

describe('two runs of one day at a time', () => {
  it('do not both publish: the later one is told', async () => {
    const world = await filledWorld();
    let raced = false;
    const analytics = watched(world.analytics, async ({ method, key }) => {
      if (method !== 'write' || !key.includes('/_manifests/') || raced) return;
      raced = true;
      await runDay(world.context(DATE));
    });

    const run = runDay(world.context(DATE, { analytics }));

    await expect(run).rejects.toMatchObject({ code: 'published_meanwhile', kind: 'transient' });
  });
});

describe('a store that does not give back what was written', () => {
  it.each([
    ['a part of other bytes', '.parquet', (body: Uint8Array) => body.map(() => 7)],
    [
      'a part with one bit changed',
      '.parquet',
      (body: Uint8Array) => body.map((byte, i) => (i === 20 ? byte ^ 1 : byte)),
    ],
    [
      'a quarantine file with one bit changed',
      '.jsonl',
      (body: Uint8Array) => body.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
    ],
  ])('keeps the day from being published: %s', async (_what, ending, spoil) => {
    const world = await filledWorld();
    const analytics = watched(world.analytics, () => undefined);
    const spoiling: ObjectStore = {
      ...analytics,
      read: async (key, options) => {
        const object = await analytics.read(key, options);
        return key.endsWith(ending) ? { ...object, body: spoil(object.body) } : object;
      },
    };

    const run = runDay(world.context(DATE, { analytics: spoiling }));

    await expect(run).rejects.toThrow(ProofError);
    expect(await readPublishedDay(world.analytics, TENANT, DATE)).toBeUndefined();
  });

  it('is written to again where an object of the same name and size holds something else', async () => {
    const expected = await filledWorld();
    await runDay(expected.context(DATE));
    const objects = await snapshot(expected.analytics);
    const world = await filledWorld();
    for (const key of objects.keys()) {
      if (!key.endsWith('.parquet')) continue;
      const { body } = await expected.analytics.read(key);
      await world.analytics.write(
        key,
        body.map(() => 7),
        { contentType: 'application/octet-stream' },
      );
    }

    await runDay(world.context(DATE));

    expect(await snapshot(world.analytics)).toEqual(objects);
  });
});

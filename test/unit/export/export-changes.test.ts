import { messageBody, messageKeyAt } from '../../support/chat';
import { ExportWorld, runDay, snapshot, TENANT } from '../../support/export-world';
import { storedRows } from '../../support/published-rows';
import { recorded } from '../../support/store-spies';

// What changes, and what does not, when a day is run again after its input changed.

const DATE = '2025-08-11';
const AT = '2025-08-11T03:00:00.000Z';
const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];

/** Eight users with a room each, two messages a room, in shards of about two rooms. */
async function publishedWorld(): Promise<ExportWorld> {
  const world = new ExportWorld({ shardMessages: 40 });
  for (const user of USERS) {
    for (const id of ['m1', 'm2'])
      await world.putMessage(messageKeyAt(TENANT, user, 'r', AT, `${user}-${id}`), messageBody(`${user}-${id}`, AT));
  }
  await runDay(world.context(DATE));
  return world;
}

function partsOf(objects: ReadonlyMap<string, string>, dataset: string): string[] {
  return [...objects.keys()].filter((key) => key.includes(`/analytics/${dataset}/`));
}

function difference(before: readonly string[], after: readonly string[]): { gone: string[]; new: string[] } {
  return { gone: before.filter((key) => !after.includes(key)), new: after.filter((key) => !before.includes(key)) };
}

function withoutPapers(objects: ReadonlyMap<string, string>): [string, string][] {
  return [...objects].filter(([key]) => !key.includes('/_plans/'));
}

describe('a day that is run again', () => {
  const changes: [string, (world: ExportWorld) => Promise<void>, number][] = [
    [
      'added',
      (world) => world.putMessage(messageKeyAt(TENANT, 'bob', 'r', AT, 'bob-m3'), messageBody('bob-m3', AT)),
      17,
    ],
    [
      'changed',
      (world) => world.putMessage(messageKeyAt(TENANT, 'bob', 'r', AT, 'bob-m1'), messageBody('bob-m1', AT, 'edited')),
      16,
    ],
    ['removed', (world) => world.data.delete(messageKeyAt(TENANT, 'bob', 'r', AT, 'bob-m1')), 15],
  ];

  it.each(changes)('replaces exactly one part of messages when one message was %s', async (_what, change, rows) => {
    // prepare
    const world = await publishedWorld();
    const before = await snapshot(world.analytics);
    await change(world);

    // act
    const { manifest } = await runDay(world.context(DATE));

    // assess
    const after = await snapshot(world.analytics);
    expect(manifest.shards.length).toBeGreaterThan(2);
    const changed = difference(partsOf(before, 'messages'), partsOf(after, 'messages'));
    expect(changed.gone).toHaveLength(1);
    expect(changed.new).toHaveLength(1);
    expect(changed.new[0]?.replace(/-[0-9a-f]{16}\./, '.')).toBe(changed.gone[0]?.replace(/-[0-9a-f]{16}\./, '.'));
    expect(await storedRows(world.analytics, manifest.datasets.messages)).toHaveLength(rows);
  });

  it.each(changes)(
    'ends with the same bytes as a first run over the input in which one message was %s',
    async (_what, change) => {
      const world = await publishedWorld();
      await change(world);
      const fresh = new ExportWorld({ shardMessages: 40 });
      for (const key of (await snapshot(world.data)).keys())
        await fresh.putMessage(key, (await world.data.read(key)).body);

      await runDay(world.context(DATE));
      await runDay(fresh.context(DATE));

      const datasets = (objects: Map<string, string>) => [...objects].filter(([key]) => key.includes('/day='));
      expect(datasets(await snapshot(world.analytics))).toEqual(datasets(await snapshot(fresh.analytics)));
    },
  );

  it('reads no message of a shard whose input did not change', async () => {
    const world = await publishedWorld();
    await world.putMessage(messageKeyAt(TENANT, 'bob', 'r', AT, 'bob-m3'), messageBody('bob-m3', AT));
    const { store, calls } = recorded(world.data);

    await runDay(world.context(DATE, { data: store }));

    const read = new Set(calls.filter(({ method }) => method === 'read').map(({ key }) => key.split('/')[2]));
    expect(read.has('bob')).toBe(true);
    expect(read.size).toBeLessThan(USERS.length);
  });

  it('keeps the published manifest when only a neighbouring day grew', async () => {
    const world = await publishedWorld();
    const before = await snapshot(world.analytics);
    // 16:00 UTC is 01:00 of the next day in Tokyo, in the same date folder.
    await world.putMessage(
      messageKeyAt(TENANT, 'bob', 'r', '2025-08-11T16:00:00Z', 'n1'),
      messageBody('n1', '2025-08-11T16:00:00Z'),
    );

    await runDay(world.context(DATE));

    // The run's own working papers are the next one's to remove.
    expect(withoutPapers(await snapshot(world.analytics))).toEqual(withoutPapers(before));
  });

  it('publishes an empty manifest once the last message is gone, and leaves no part', async () => {
    const world = await publishedWorld();
    for (const key of (await snapshot(world.data)).keys()) await world.data.delete(key);

    const { manifest } = await runDay(world.context(DATE));

    const after = await snapshot(world.analytics);
    expect(manifest.proof).toEqual({ listed: 0, outside: 0, exported: 0, duplicates: 0, quarantined: 0 });
    expect([...after.keys()].filter((key) => key.endsWith('.parquet'))).toEqual([]);
  });

  it('writes a part again that somebody removed', async () => {
    const world = await publishedWorld();
    const before = await snapshot(world.analytics);
    await world.analytics.delete(partsOf(before, 'messages')[0] ?? '');

    await runDay(world.context(DATE));

    expect(await snapshot(world.analytics)).toEqual(before);
  });

  it('stays as it is, and late, when metadata learns of a room that only the audit had found', async () => {
    const world = new ExportWorld({ auditShare: 1 });
    await world.putRoom('bob', 'known', AT);
    await world.putMessage(messageKeyAt(TENANT, 'alice', 'missed', AT, 'm1'), messageBody('m1', AT));
    const { manifest } = await runDay(world.context(DATE));
    await world.metadata.put({ PK: `TENANT#${TENANT}`, SK: 'USER#alice' });
    await world.metadata.put({ PK: `TENANT#${TENANT}#USER#alice`, SK: 'CHAT#missed', updated_at: AT });

    const { manifest: again } = await runDay(world.context(DATE));

    expect(manifest.notices.late).toBe(1);
    expect(again).toEqual(manifest);
  });

  it('keeps messages apart whose ids differ in nothing but lone surrogates', async () => {
    const world = new ExportWorld();
    await world.putMessage(messageKeyAt(TENANT, 'bob', 'r', AT, 'a'), JSON.stringify(messageBody('\ud800', AT)));
    await world.putMessage(messageKeyAt(TENANT, 'bob', 'r', AT, 'b'), JSON.stringify(messageBody('\udc00', AT)));

    const { manifest } = await runDay(world.context(DATE));

    expect(manifest.proof).toMatchObject({ exported: 2, duplicates: 0 });
    expect(manifest.notices.replacedSurrogates).toBe(2);
  });

  it('has the same rows however many shards its rooms are divided into, a user’s among several', async () => {
    const whole = new ExportWorld();
    const divided = new ExportWorld({ shardMessages: 20 });
    for (const world of [whole, divided]) {
      for (const user of ['alice', 'bob']) {
        for (const room of ['r1', 'r2', 'r3', 'r4']) {
          for (const id of ['m1', 'm2']) {
            await world.putMessage(
              messageKeyAt(TENANT, user, room, AT, id),
              messageBody(id, AT, `${user} ${room} ${id}`),
            );
          }
        }
      }
    }

    const { manifest: one } = await runDay(whole.context(DATE));
    const { manifest: several } = await runDay(divided.context(DATE));

    expect(several.shards.length).toBe(8);
    for (const dataset of ['messages', 'rooms', 'users', 'summary'] as const) {
      const expected = await storedRows(whole.analytics, one.datasets[dataset]);
      const rows = await storedRows(divided.analytics, several.datasets[dataset]);
      expect(rows).toHaveLength(expected.length);
      expect(rows).toEqual(expect.arrayContaining(expected));
    }
  });

  it('runs although its working papers are gone', async () => {
    const world = await publishedWorld();
    const before = await snapshot(world.analytics);
    for (const key of before.keys()) if (key.includes('/_plans/')) await world.analytics.delete(key);

    await runDay(world.context(DATE));

    expect(withoutPapers(await snapshot(world.analytics))).toEqual(withoutPapers(before));
  });

  it('gives the same rows with either encoder, in parts of other names', async () => {
    const arrow = await publishedWorld();
    const lite = new ExportWorld({ shardMessages: 40, encoder: 'parquetjs-lite', compression: 'SNAPPY' });
    for (const key of (await snapshot(arrow.data)).keys())
      await lite.putMessage(key, (await arrow.data.read(key)).body);

    const byArrow = await runDay(arrow.context(DATE));
    const byLite = await runDay(lite.context(DATE));

    for (const dataset of ['messages', 'rooms', 'users', 'summary'] as const) {
      const rows = await storedRows(lite.analytics, byLite.manifest.datasets[dataset]);
      expect(rows).toEqual(await storedRows(arrow.analytics, byArrow.manifest.datasets[dataset]));
      expect(rows.length).toBeGreaterThan(0);
    }
  });
});

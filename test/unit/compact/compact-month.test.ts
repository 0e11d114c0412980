import fc from 'fast-check';
import { DATASET_NAMES, MONTHLY_DATASETS, SCHEMA_VERSION } from '../../../shared/messages/datasets';
import { manifestKey } from '../../../shared/messages/output-paths';
import { readPublishedDay } from '../../../shared/messages/published-day';
import { compactMonth } from '../../../shared/operations/compact/compact-month';
import { groupsOf } from '../../../shared/operations/compact/month-layout';
import { readPublishedMonth } from '../../../shared/operations/compact/month-manifest';
import { corpusArbitrary } from '../../support/corpus';
import { ExportWorld, runDay, snapshot, TENANT } from '../../support/export-world';
import { storedRows } from '../../support/published-rows';
import { recorded } from '../../support/store-spies';
import {
  copyOf,
  exportedMonth,
  MONTH,
  monthContext,
  partsOf,
  putMessage,
  rowsOfDays,
  standingMonth,
} from './month-world';

let world: ExportWorld;

beforeAll(async () => {
  world = await exportedMonth();
});

describe('a month', () => {
  test.each([
    ['arrow', 'ZSTD'],
    ['parquetjs-lite', 'SNAPPY'],
  ] as const)('has every row of its days, in their order, each with its day: %s, %s', async (encoder, compression) => {
    const copy = await copyOf(world);
    const context = { ...copy, options: { ...copy.options, encoder, compression } };

    const figures = await compactMonth(context, MONTH);

    const manifest = await standingMonth(context);
    for (const dataset of DATASET_NAMES) {
      const rows = await storedRows(context.analytics, manifest?.datasets[dataset] ?? []);
      expect(rows).toEqual(await rowsOfDays(context, dataset));
      expect(rows).toHaveLength(manifest?.rows[dataset] ?? -1);
      expect(Object.keys(rows[0] ?? {})).toEqual(MONTHLY_DATASETS[dataset].columns.map(({ name }) => name));
    }
    expect(figures).toMatchObject({ changed: true, days: 28, missing: [], parts: 4, rows: 18 + 9 + 9 + 3 });
    expect(figures.sources).toBeGreaterThan(figures.parts);
    expect(manifest).toMatchObject({ encoder, compression, month: MONTH, rows: { messages: 18, summary: 3 } });
    expect(partsOf(manifest).map(({ key }) => key.replace(/[^/]*$/, ''))).toEqual(
      DATASET_NAMES.map((dataset) => `${TENANT}/analytics/monthly/${dataset}/year=2025/month=02/`),
    );
  });

  test('of any messages has the rows of its day', async () => {
    await fc.assert(
      fc.asyncProperty(corpusArbitrary(TENANT), async (corpus) => {
        const any = new ExportWorld({ zone: corpus.day.zone, shardMessages: 80 });
        for (const { key, body } of corpus.objects) await any.putMessage(key, body);
        const { manifest: day } = await runDay(any.context(corpus.day.date));
        const month = corpus.day.date.slice(0, 7);

        await compactMonth(any.context(corpus.day.date), month, { partial: true });

        const published = await readPublishedMonth(any.analytics, TENANT, month);
        for (const dataset of DATASET_NAMES) {
          const ofDay = await storedRows(any.analytics, day.datasets[dataset]);
          const ofMonth = await storedRows(any.analytics, published?.manifest.datasets[dataset] ?? []);
          const business_date = Date.parse(corpus.day.date) / 86_400_000;
          expect(ofMonth).toEqual(ofDay.map((row) => ({ ...row, business_date })));
        }
      }),
      { numRuns: 10 },
    );
  });

  test('of the same days is the same, byte for byte, and leaves the days alone', async () => {
    const other = await exportedMonth();
    const before = await snapshot(other.analytics);

    await compactMonth(monthContext(other), MONTH);
    const copy = await copyOf(world);
    await compactMonth(copy, MONTH);

    const after = await snapshot(other.analytics);
    const withoutPapers = new Map([...after].filter(([key]) => !key.includes('/_plans/')));
    expect(await snapshot(copy.analytics)).toEqual(withoutPapers);
    expect(new Map([...after].filter(([key]) => before.has(key)))).toEqual(before);
    expect(after.size).toBe(before.size + 5);
  });

  test('that stands as its days do is not written again', async () => {
    const context = await copyOf(world);
    await compactMonth(context, MONTH);
    const { store, calls } = recorded(context.analytics);

    const again = await compactMonth({ ...context, analytics: store }, MONTH);

    expect(again).toMatchObject({ changed: false, days: 28, parts: 4 });
    expect(calls.filter(({ method }) => method === 'write' || method === 'delete')).toEqual([]);
    expect(calls.filter(({ method, key }) => method === 'read' && key.endsWith('.parquet'))).toEqual([]);
  });

  test('is made again where a part of it is gone', async () => {
    const context = await copyOf(world);
    await compactMonth(context, MONTH);
    const expected = await snapshot(context.analytics);
    await context.analytics.delete(partsOf(await standingMonth(context))[0]?.key ?? '');

    const again = await compactMonth(context, MONTH);

    expect(again.changed).toBe(true);
    expect(await snapshot(context.analytics)).toEqual(expected);
  });

  test('is made anew when a message came late, and nothing of the old one is left', async () => {
    const late = await exportedMonth();
    const context = monthContext(late);
    await compactMonth(context, MONTH);
    const old = partsOf(await standingMonth(context)).map(({ key }) => key);
    await putMessage(late, 'bob', '2025-02-10', 'late');
    await runDay(late.context('2025-02-10'));

    const again = await compactMonth(context, MONTH);

    const objects = await snapshot(late.analytics);
    const manifest = await standingMonth(context);
    expect(again).toMatchObject({ changed: true, rows: 39 + 4 });
    expect(manifest?.rows.messages).toBe(19);
    expect(await storedRows(late.analytics, manifest?.datasets.messages ?? [])).toEqual(
      await rowsOfDays(context, 'messages'),
    );
    expect(old.filter((key) => objects.has(key))).toEqual([]);
    for (const { key, sha256 } of partsOf(manifest)) expect(objects.get(key)).toBe(sha256);
  });

  test('is made anew when files are to be written differently', async () => {
    const context = await copyOf(world);
    await compactMonth(context, MONTH);

    const snappy = { ...context, options: { ...context.options, compression: 'SNAPPY' } } as const;

    expect(await compactMonth(snappy, MONTH)).toMatchObject({ changed: true });
    expect(await compactMonth(snappy, MONTH)).toMatchObject({ changed: false });
  });

  test('fills several files, whose rows follow one another', async () => {
    const context = await copyOf(world);

    await compactMonth(context, MONTH, { partBytes: 20_000 });

    const manifest = await standingMonth(context);
    const keys = manifest?.datasets.messages.map(({ key }) => key) ?? [];
    expect(keys.length).toBeGreaterThan(1);
    expect(keys).toEqual([...keys].sort());
    expect(await storedRows(context.analytics, manifest?.datasets.messages ?? [])).toEqual(
      await rowsOfDays(context, 'messages'),
    );
  });

  test('without a single message is published empty', async () => {
    const empty = new ExportWorld();
    await runDay(empty.context('2025-02-01'));

    const figures = await compactMonth(monthContext(empty), MONTH, { partial: true });

    expect(figures).toMatchObject({ rows: 0, parts: 0, days: 1 });
    expect(partsOf(await standingMonth(monthContext(empty)))).toEqual([]);
  });
});

describe('a month that is not complete', () => {
  const LEFT_OUT = ['2025-02-05', '2025-02-06'];

  test('is refused, with the days that are missing', async () => {
    const some = await exportedMonth({}, LEFT_OUT);

    const compacted = compactMonth(monthContext(some), MONTH);

    await expect(compacted).rejects.toMatchObject({
      code: 'month_incomplete',
      kind: 'permanent',
      message: expect.stringMatching(/2 of its days are not published \(2025-02-05, 2025-02-06\).*--partial/),
    });
    expect(await standingMonth(monthContext(some))).toBeUndefined();
  });

  test('is made of what there is where that is asked for, and completed later', async () => {
    const some = await exportedMonth({}, LEFT_OUT);
    const context = monthContext(some);

    const partial = await compactMonth(context, MONTH, { partial: true });
    for (const date of LEFT_OUT) await runDay(some.context(date));
    const whole = await compactMonth(context, MONTH);

    expect(partial).toMatchObject({ changed: true, days: 26, missing: LEFT_OUT });
    expect(whole).toMatchObject({ changed: true, days: 28, missing: [] });
    const same = await copyOf(world);
    await compactMonth(same, MONTH);
    expect(partsOf(await standingMonth(context))).toEqual(partsOf(await standingMonth(same)));
  });

  test('of which nothing is published is refused in any case', async () => {
    const nothing = monthContext(new ExportWorld());

    await expect(compactMonth(nothing, MONTH, { partial: true })).rejects.toMatchObject({ code: 'month_incomplete' });
  });
});

describe('a day that is not what was published', () => {
  test('keeps its month from being published: other bytes', async () => {
    const context = await copyOf(world);
    const day = await readPublishedDay(context.analytics, TENANT, '2025-02-03');
    const key = day?.manifest.datasets.messages[0]?.key ?? '';
    const { body } = await context.analytics.read(key);
    await context.analytics.write(
      key,
      body.map((byte, i) => (i === 20 ? byte ^ 1 : byte)),
      { contentType: 'x/y' },
    );

    await expect(compactMonth(context, MONTH)).rejects.toMatchObject({ code: 'part_invalid', kind: 'permanent' });
    expect(await standingMonth(context)).toBeUndefined();
  });

  test('keeps its month from being published: another number of rows', async () => {
    const context = await copyOf(world);
    await editManifest(context, (text) => text.replace(/("key": "[^"]*messages[^"]*",\s*"rows": )1,/, '$12,'));

    await expect(compactMonth(context, MONTH)).rejects.toMatchObject({ code: 'proof_failed', kind: 'permanent' });
    expect(await standingMonth(context)).toBeUndefined();
  });

  test('is one that may be there at the next try: a part is gone', async () => {
    const context = await copyOf(world);
    const day = await readPublishedDay(context.analytics, TENANT, '2025-02-03');
    await context.analytics.delete(day?.manifest.datasets.rooms[0]?.key ?? '');

    await expect(compactMonth(context, MONTH)).rejects.toMatchObject({
      code: 'published_meanwhile',
      kind: 'transient',
    });
  });

  test('is not read where a newer program wrote it', async () => {
    const context = await copyOf(world);
    await editManifest(context, (text) =>
      text.replace(/"schema_version": \d+/, `"schema_version": ${SCHEMA_VERSION + 1}`),
    );

    await expect(compactMonth(context, MONTH)).rejects.toMatchObject({ code: 'schema_newer', kind: 'configuration' });
  });

  async function editManifest({ analytics }: Awaited<ReturnType<typeof copyOf>>, edit: (text: string) => string) {
    const key = manifestKey(TENANT, '2025-02-03');
    const before = Buffer.from((await analytics.read(key)).body).toString();
    expect(edit(before)).not.toBe(before);
    await analytics.write(key, Buffer.from(edit(before)), { contentType: 'application/json' });
  }
});

describe('source parts', () => {
  const parts = fc.array(fc.record({ bytes: fc.nat(300) }), { maxLength: 40 });

  test('are in one group each, in their order, and no group that has room begins a new one', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 400 }), (sources, limit) => {
        const groups = groupsOf(sources, limit);

        const bytes = groups.map((group) => group.reduce((sum, part) => sum + part.bytes, 0));
        expect(groups.flat()).toEqual(sources);
        groups.forEach((group, index) => {
          expect(group.length === 1 || (bytes[index] ?? 0) <= limit).toBe(true);
          const next = groups[index + 1]?.[0];
          if (next !== undefined) expect((bytes[index] ?? 0) + next.bytes).toBeGreaterThan(limit);
        });
      }),
    );
  });
});

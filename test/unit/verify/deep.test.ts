import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DATASETS, type DatasetName } from '../../../shared/messages/datasets';
import { type Manifest, manifestText, type PartRef } from '../../../shared/messages/manifest';
import { partKey, quarantineKey } from '../../../shared/messages/output-paths';
import { verifyDay } from '../../../shared/operations/verify/verify-day';
import { partRowGroups } from '../../../shared/parquet/part-rows';
import { PartWriter } from '../../../shared/parquet/part-writer';
import type { ColumnValue } from '../../../shared/parquet/schema';
import { messageKeyAt } from '../../support/chat';
import { corpusArbitrary } from '../../support/corpus';
import { ExportWorld, runDay, TENANT } from '../../support/export-world';
import { watched } from '../../support/store-spies';
import {
  AT,
  bytesOf,
  codesOf,
  DATE,
  kept,
  manifestOf,
  publishedWorld,
  recordOf,
  verify,
  write,
  writeManifest,
} from './verify-world';

// A day whose parts, manifest and record go together, and whose rows are not those of its messages.

type Rows = ColumnValue[][];

/** Publishes a part of a dataset with other rows, so that manifest and record say that it is whole. */
async function forged(world: ExportWorld, dataset: DatasetName, change: (rows: Rows) => Rows): Promise<PartRef> {
  const manifest = await manifestOf(world);
  const [part] = manifest.datasets[dataset] as [PartRef];
  const columns = DATASETS[dataset].columns.map(({ name }) => name);
  const bytes = await bytesOf(world, part.key);
  const source = {
    size: part.bytes,
    read: async (offset: number, length: number) => bytes.slice(offset, offset + length),
  };
  const rows: Rows = [];
  for await (const group of partRowGroups(source, columns)) rows.push(...group);
  const made = await encoded(dataset, change(rows));
  const number = Number(/part-(\d+)/.exec(part.key)?.[1]);
  const forgery = { key: partKey(TENANT, dataset, DATE, number, made.sha256), ...made.ref };
  await write(world, forgery.key, made.bytes);
  await world.analytics.delete(part.key);
  const others = manifest.datasets[dataset].slice(1);
  await republish(world, { ...manifest, datasets: { ...manifest.datasets, [dataset]: [forgery, ...others] } });
  return forgery;
}

async function encoded(dataset: DatasetName, rows: Rows) {
  const directory = await mkdtemp(join(tmpdir(), 'makoto-test-'));
  try {
    const writer = await PartWriter.open({
      encoder: 'arrow',
      compression: 'ZSTD',
      schema: DATASETS[dataset],
      directory,
    });
    for (const row of rows) await writer.append(row);
    const { path, rows: count, bytes, sha256 } = await writer.finish();
    return { ref: { rows: count, bytes, sha256 }, bytes: await readFile(path), sha256 };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function republish(world: ExportWorld, manifest: Manifest): Promise<void> {
  await writeManifest(world, manifest);
  const parts = Object.values(manifest.datasets).flat();
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const manifest_sha256 = createHash('sha256').update(manifestText(manifest)).digest('hex');
  await world.metadata.put({ ...(await recordOf(world)), parts: parts.length, bytes, manifest_sha256 });
}

const withValue = (column: number, value: ColumnValue) => (rows: Rows) =>
  rows.map((row, i) => (i === 1 ? row.with(column, value) : row));

const forgeries: [DatasetName, string, (rows: Rows) => Rows, string, string][] = [
  ...DATASETS.messages.columns
    .slice(0, -1)
    .map(({ name, type }, column): (typeof forgeries)[number] => [
      'messages',
      `another ${name}`,
      withValue(column, type === 'boolean' ? true : type === 'string' || type === 'json' ? '"x"' : 7),
      'row_differs',
      name,
    ]),
  ['rooms', 'another count', withValue(4, 3n), 'row_differs', 'message_count'],
  ['rooms', 'a row less', (rows) => rows.slice(0, -1), 'row_missing', 'rooms: 1 row'],
  ['users', 'a row twice', (rows) => [...rows, ...rows.slice(-1)], 'row_surplus', 'users: 1 row'],
  ['summary', 'another average', (rows) => rows.map((row) => row.with(5, 1.25)), 'row_differs', 'content_length_avg'],
];

let world: ExportWorld;
let restore: () => Promise<void>;

beforeAll(async () => {
  world = await publishedWorld();
  restore = await kept(world);
});

test.each(forgeries)(
  '%s with %s are found by comparing, and by nothing else',
  async (dataset, _how, change, code, named) => {
    // prepare
    await restore();
    await forged(world, dataset, change);

    // act
    const day = await verify(world, true);

    // assess
    expect(codesOf(day)).toEqual([code]);
    expect(day.findings[0]?.what).toContain(named);
    expect(JSON.stringify(day)).not.toContain('secret words');
  },
);

test('a message that is in no part is named by its key', async () => {
  await restore();
  await forged(world, 'messages', (rows) => [...rows.slice(1), (rows[1] as ColumnValue[]).with(-1, 'zzz')]);

  const day = await verify(world, true);

  expect(day.findings.find(({ code }) => code === 'row_missing')?.what).toMatch(
    /messages: 1 row \(acme\/chat\/.*\.json\)/,
  );
  expect(day.findings.find(({ code }) => code === 'row_surplus')?.what).toContain('messages: 1 row (zzz)');
});

test('a quarantine file with another reason is found by its counts, and one with another detail by comparing', async () => {
  for (const [change, code] of [
    [(text: string) => text.replace('"reason":"bad_json"', '"reason":"bad_type"'), 'quarantine_broken'],
    [(text: string) => text.replace('"detail":"', '"detail":"not '), 'row_differs'],
  ] as const) {
    const world = await publishedWorld({ shardMessages: 100_000 });
    const manifest = await manifestOf(world);
    const [part] = manifest.quarantine as [PartRef];
    const bytes = Buffer.from(change(new TextDecoder().decode(await bytesOf(world, part.key))));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const forgery = { key: quarantineKey(TENANT, DATE, 0, sha256), rows: part.rows, bytes: bytes.length, sha256 };
    await write(world, forgery.key, bytes);
    await republish(world, { ...manifest, quarantine: [forgery] });

    const day = await verify(world, true);

    expect(codesOf(day)).toContain(code);
  }
});

test('an altered row is an error also on a day that has got a message since', async () => {
  const world = await publishedWorld();
  const { key } = await forged(world, 'messages', withValue(8, 'altered'));
  const shard = Number(/part-(\d+)/.exec(key)?.[1]);
  const { datasets } = await manifestOf(world);
  for (const user of ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'])
    await world.putMessage(messageKeyAt(TENANT, user, 'r1', AT, 'late'), {
      message_id: 'late',
      role: 'user',
      content: 'x',
    });

  const day = await verify(world, true);

  expect(datasets.messages.length).toBeGreaterThan(1);
  expect(shard).toBeGreaterThanOrEqual(0);
  expect(day).toMatchObject({ ok: false, input: 'changed: 6 objects more' });
  expect(codesOf(day).filter((code) => code !== 'rows_outdated')).toEqual(['row_differs', 'input_changed']);
  expect(codesOf(day)).toContain('rows_outdated');
});

test('a message that changes while it is read makes the verification fail, and says so', async () => {
  const world = await publishedWorld();
  const key = messageKeyAt(TENANT, 'bob', 'r1', AT, 'bob-r1-1');
  let listed = 0;
  const data = watched(
    world.data,
    () => undefined,
    async ({ method, key: prefix }) => {
      if (method === 'list' && prefix.includes('/bob/r1/') && ++listed === 2) await world.putMessage(key, '{}');
    },
  );

  const verifying = verifyDay(world.context(DATE, { data }), true);

  await expect(verifying).rejects.toMatchObject({ code: 'input_changed', kind: 'transient' });
});

test('whatever messages there are, the day that was made of them is found to be theirs', async () => {
  await fc.assert(
    fc.asyncProperty(
      corpusArbitrary(TENANT, 30),
      fc.constantFrom(1, 20, 100_000),
      async ({ day, objects }, shardMessages) => {
        const theirs = new ExportWorld({
          zone: day.zone,
          shardMessages,
          partLimits: { rowGroupRows: 3, partBytes: 2000 },
        });
        for (const { key, body } of objects) await theirs.putMessage(key, body);
        await runDay(theirs.context(day.date));

        const verdict = await verify(theirs, true, day.date);

        expect(verdict).toMatchObject({ ok: true, deep: true, input: 'unchanged', findings: [] });
      },
    ),
    { numRuns: 15 },
  );
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpusMessages, messageBytes } from '../../../bench/blob-server/corpus';
import { duckdb } from '../../../bench/encode/duckdb';
import type { Encode } from '../../../bench/encode/encode-job';
import { DATE, readMessages, TENANT, writeMessages } from '../../../bench/encode/messages';
import { ours } from '../../../bench/encode/ours';
import { parquetjs } from '../../../bench/encode/parquetjs';
import { SameRows } from '../../../bench/encode/same-rows';
import { queryDuckDb } from '../../support/parquet-readers';

const shape = { tenant: TENANT, date: DATE, rooms: 12, messagesPerRoom: 17, bodyBytes: 600 };
const COUNT = 12 * 17;

let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'makoto-encode-'));
  expect(await writeMessages(folder, shape)).toEqual({ count: COUNT, bytes: COUNT * 600 });
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function written(name: string, encode: Promise<Encode>): Promise<string> {
  const path = join(folder, `${name}.parquet`);
  await (await encode)(path);
  return path;
}

test('the messages come back from their files as the corpus has them', async () => {
  const messages = await readMessages(folder);

  const expected = [...corpusMessages(shape)];
  expect(messages.map(({ key }) => key.key)).toEqual(expected.map(({ key }) => key));
  expect(messages.map(({ key }) => [key.user, key.room])).toEqual(expected.map(({ user, room }) => [user, room]));
  expect(messages.map(({ key }) => key.timeMs)).toEqual(expected.map(({ at }) => Date.parse(at)));
  expect(messages.map(({ body }) => String(body))).toEqual(expected.map((message) => String(messageBytes(message))));
});

test('ours and the peers write the same rows', async () => {
  const same = await SameRows.open(COUNT);

  for (const [name, encode] of [
    ['ours', ours(folder, 'ZSTD', 1)],
    ['ours, SNAPPY', ours(folder, 'SNAPPY', 1)],
    ['parquetjs-lite', parquetjs(folder)],
    ['DuckDB', duckdb(folder, 1)],
  ] as const) {
    await same.check(name, await written(name, encode));
  }
});

test.each([
  ['another value', "* REPLACE (content || '.' AS content)", '', 'has written other values than "ours"'],
  ['a value of null', '* REPLACE (CASE WHEN hour = 0 THEN NULL ELSE role END AS role)', '', 'other values'],
  ['another instant', '* REPLACE ("timestamp" + INTERVAL 1 MILLISECOND AS "timestamp")', '', 'other values'],
  ['another type', '* REPLACE (hour::BIGINT AS hour)', '', 'has written other types'],
  ['a row too few', '*', `LIMIT ${COUNT - 1}`, `has written ${COUNT - 1} rows, not ${COUNT}`],
])('a file with %s is found', async (_what, columns, limit, message) => {
  const same = await SameRows.open(COUNT);
  const path = await written('ours', ours(folder, 'ZSTD', 1));
  await same.check('ours', path);
  const other = join(folder, 'other.parquet');
  await queryDuckDb(`COPY (SELECT ${columns} FROM '${path}' ${limit}) TO '${other}' (FORMAT parquet)`);

  await expect(same.check('other', other)).rejects.toThrow(message);
});

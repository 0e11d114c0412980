import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { DATASET_NAMES, DATASETS, type Dataset, MONTHLY_DATASETS } from '../../../shared/messages/datasets';
import { partKey } from '../../../shared/messages/output-paths';
import { ddlOf } from '../../../shared/operations/ddl/print-ddl';
import type { ColumnType } from '../../../shared/parquet/schema';
import { OUTPUT_DATES, OUTPUT_TENANT, writeOutput } from '../../support/output-folder';

// DuckDB's statements, run over published days and a compacted month.

const TYPES: Readonly<Record<ColumnType, string>> = {
  string: 'VARCHAR',
  json: 'VARCHAR',
  int32: 'INTEGER',
  int64: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
  date: 'DATE',
};

let folder: string;

beforeAll(async () => {
  // A quote in a folder's name is not the end of a text.
  folder = await mkdtemp(join(tmpdir(), "makoto-duck's-"));
  await writeOutput(folder);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Runs a script, and asks queries after it. */
async function ask(script: string, ...queries: string[]): Promise<Answer[]> {
  const database = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' });
  try {
    const connection = await database.connect();
    await connection.run(script);
    const answers: Answer[] = [];
    for (const query of queries) {
      const result = await connection.runAndReadAll(query);
      const types = result.columnTypes().map(String);
      const columns = result.columnNames().map((name, index) => [name, types[index] ?? ''] as const);
      answers.push({ columns, rows: result.getRowsJson() });
    }
    connection.closeSync();
    return answers;
  } finally {
    database.closeSync();
  }
}

const ddl = (monthly = false) =>
  ddlOf({ engine: 'duckdb', tenant: OUTPUT_TENANT, datasets: DATASET_NAMES, location: folder, monthly });

const expectedColumns = ({ columns }: Dataset, folders: readonly string[]) =>
  [...columns.map(({ name, type }) => [name, TYPES[type]]), ...folders.map((name) => [name, 'INTEGER'])].sort();

test.each(DATASET_NAMES)('the views of %s have its columns with their types, and the days', async (dataset) => {
  const [byFolders, published] = await ask(
    ddl(),
    `SELECT * FROM makoto_hinata_books.${dataset}`,
    `SELECT * FROM makoto_hinata_books.published_${dataset}`,
  );

  const columns = expectedColumns(DATASETS[dataset], ['year', 'month', 'day']);
  expect([...(byFolders?.columns ?? [])].sort()).toEqual(columns);
  expect([...(published?.columns ?? [])].sort()).toEqual(columns);
  expect(byFolders?.rows.length).toBeGreaterThan(0);
  expect(published?.rows).toHaveLength(byFolders?.rows.length ?? -1);
});

test.each(DATASET_NAMES)('the views of whole months of %s have the rows of its days', async (dataset) => {
  const monthly = await ask(
    `${ddl()}\n${ddl(true)}`,
    `SELECT * FROM makoto_hinata_books.${dataset}_monthly`,
    `SELECT count(*) FROM makoto_hinata_books.published_${dataset}_monthly`,
    `SELECT count(*) FROM makoto_hinata_books.${dataset}`,
    `SELECT DISTINCT business_date::VARCHAR FROM makoto_hinata_books.${dataset}_monthly ORDER BY ALL`,
  );

  const [rows, published, ofDays, dates] = monthly;
  expect([...(rows?.columns ?? [])].sort()).toEqual(expectedColumns(MONTHLY_DATASETS[dataset], ['year', 'month']));
  expect(published?.rows).toEqual(ofDays?.rows);
  expect(ofDays?.rows).toEqual([[String(rows?.rows.length)]]);
  expect(dates?.rows.flat()).toEqual(OUTPUT_DATES);
});

test('timestamps are instants, shown in the zone of the session', async () => {
  const [inTokyo, inUtc] = await ask(
    `${ddl()}\nSET TimeZone = 'Asia/Tokyo';`,
    'SELECT min("timestamp")::VARCHAR FROM makoto_hinata_books.messages',
    'SELECT epoch_ms(min("timestamp")) FROM makoto_hinata_books.messages',
  );

  expect(inTokyo?.rows).toEqual([['2025-08-10 09:15:00+09']]);
  expect(inUtc?.rows).toEqual([[String(Date.parse('2025-08-10T00:15:00Z'))]]);
});

test('what no manifest names is in the folders alone', async () => {
  const stray = join(folder, partKey(OUTPUT_TENANT, 'messages', '2025-08-11', 9, 'f'.repeat(64)));
  const [copy] = await ask(ddl(), 'SELECT 1');
  expect(copy?.rows).toHaveLength(1);
  await ask(
    `COPY (SELECT * EXCLUDE (year, month, day) FROM (${fromFolders('messages')}) LIMIT 1) TO '${quoted(stray)}' (FORMAT parquet);`,
  );

  const [all, published] = await ask(
    ddl(),
    'SELECT count(*) FROM makoto_hinata_books.messages',
    'SELECT count(*) FROM makoto_hinata_books.published_messages',
  );
  await rm(stray);

  expect(Number(all?.rows[0]?.[0])).toBe(Number(published?.rows[0]?.[0]) + 1);
});

test('a column that only new days have is null in old ones', async () => {
  const later = join(folder, partKey(OUTPUT_TENANT, 'rooms', '2025-08-12', 9, 'e'.repeat(64)));
  await ask(
    `COPY (SELECT * EXCLUDE (year, month, day), 'new' AS new_column FROM (${fromFolders('rooms')}) LIMIT 1) TO '${quoted(later)}' (FORMAT parquet);`,
  );

  const [found] = await ask(
    ddl(),
    'SELECT new_column, count(*) FROM makoto_hinata_books.rooms GROUP BY 1 ORDER BY 1 NULLS LAST',
  );
  await rm(later);

  expect(found?.rows).toEqual([
    ['new', '1'],
    [null, '9'],
  ]);
});

test('the statements can be run again', async () => {
  const [rows] = await ask(`${ddl()}\n${ddl()}`, 'SELECT count(*) FROM makoto_hinata_books.published_summary');

  expect(rows?.rows).toEqual([['3']]);
});

test.each([
  ['s3://bucket/below', 'TYPE s3, PROVIDER credential_chain)'],
  ['az://account.blob.core.windows.net/container', "TYPE azure, PROVIDER credential_chain, ACCOUNT_NAME 'account')"],
  ['abfss://container@account.dfs.core.windows.net', "TYPE azure, PROVIDER credential_chain, ACCOUNT_NAME 'account')"],
])('%s is read with the credentials of whoever asks', (location, secret) => {
  const sql = ddlOf({ engine: 'duckdb', tenant: OUTPUT_TENANT, datasets: ['rooms'], location, monthly: false });

  expect(sql).toContain(secret);
  expect(sql).toContain(`'${location}/hinata-books/analytics/rooms/year=*/month=*/day=*/*.parquet'`);
});

const quoted = (path: string) => path.replaceAll("'", "''");

function fromFolders(dataset: string): string {
  const files = join(folder, OUTPUT_TENANT, 'analytics', dataset, '**', '*.parquet');
  return `SELECT * FROM read_parquet('${quoted(files)}', hive_partitioning = true)`;
}

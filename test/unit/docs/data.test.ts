import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { HISTORY_FILE } from '../../../local/docs/current-schema';
import { DATA_PAGE, writeDataDocuments } from '../../../local/docs/data-documents';
import { dataPage } from '../../../local/docs/data-page';
import { DATASET_NAMES, DATASETS } from '../../../shared/messages/datasets';
import type { Manifest } from '../../../shared/messages/manifest';
import {
  manifestKey,
  monthManifestKey,
  monthPartKey,
  partKey,
  quarantineKey,
} from '../../../shared/messages/output-paths';
import type { MonthManifest } from '../../../shared/operations/compact/month-manifest';
import { OUTPUT_DATES, OUTPUT_MONTH, OUTPUT_TENANT, writeOutput } from '../../support/output-folder';
import { CliWorld } from '../cli/cli-world';
import { codeBlocks, inlineCode, ROOT, readText, section, shellCommands, tableRows } from './documents';

// The page for analysts: its tables are the schema's, its commands and queries can be run.

const page = readText(DATA_PAGE);

const BATCH = 'npx makoto-batch ';
const ddlCommands = shellCommands([DATA_PAGE])
  .map(({ command }) => command)
  .filter((command) => command.startsWith(`${BATCH}ddl `));
const queries = codeBlocks(page)
  .filter(({ language }) => language === 'sql')
  .map(({ content }) => content);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-data-'));
  await writeOutput(folder);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('the page is as it is written from the schema', () => {
  expect(dataPage(page)).toBe(page);
});

test('it has every column of every dataset', () => {
  for (const dataset of DATASET_NAMES) {
    const rows = tableRows(section(page, `### ${dataset}`));

    expect(rows.map(([name]) => name)).toEqual(DATASETS[dataset].columns.map(({ name }) => `\`${name}\``));
    for (const cells of rows) expect(cells).toHaveLength(6);
  }
});

test('it is brought up to date, as the history of the schema is, where something is missing', async () => {
  const copy = join(folder, 'project');
  await mkdir(join(copy, 'docs'), { recursive: true });
  await mkdir(join(copy, 'shared', 'messages'), { recursive: true });
  await writeFile(join(copy, HISTORY_FILE), '{}\n');
  const begun = page.replace(/(<!-- datasets -->\n)[\s\S]*?(<!-- end -->)/, '$1$2');
  await writeFile(join(copy, DATA_PAGE), begun);

  await writeDataDocuments(copy);

  expect(begun).not.toBe(page);
  expect(await readFile(join(copy, DATA_PAGE), 'utf8')).toBe(page);
  expect(await readFile(join(copy, HISTORY_FILE), 'utf8')).toBe(readText(HISTORY_FILE));
});

test('nothing is written where a column was changed', async () => {
  const copy = join(folder, 'changed');
  await mkdir(join(copy, 'docs'), { recursive: true });
  await mkdir(join(copy, 'shared', 'messages'), { recursive: true });
  const changed = readText(HISTORY_FILE).replace('hour int32 INT32', 'hour int64 INT64');
  await writeFile(join(copy, HISTORY_FILE), changed);
  await cp(join(ROOT, DATA_PAGE), join(copy, DATA_PAGE));

  await expect(writeDataDocuments(copy)).rejects.toThrow('The columns of messages have changed');
  expect(await readFile(join(copy, HISTORY_FILE), 'utf8')).toBe(changed);
});

test('files are where it says', () => {
  const [tenant, date, digest] = ['{tenant}', '2025-08-11', '0123456789abcdef'.repeat(4)] as const;

  const [paths] = codeBlocks(section(page, '## Where it is'));

  expect(paths?.content.trim().split('\n')).toEqual([
    partKey(tenant, 'messages', date, 0, digest),
    monthPartKey(tenant, 'messages', '2025-08', 0, digest),
    manifestKey(tenant, date),
    monthManifestKey(tenant, '2025-08'),
    quarantineKey(tenant, date, 0, digest),
  ]);
});

test('manifests have the fields that it names', async () => {
  const read = async <Shape>(key: string) => JSON.parse(await readFile(join(folder, key), 'utf8')) as Shape;
  const day = await read<Manifest>(manifestKey(OUTPUT_TENANT, OUTPUT_DATES[0] ?? ''));
  const month = await read<MonthManifest>(monthManifestKey(OUTPUT_TENANT, OUTPUT_MONTH));

  const named = tableRows(section(page, '## How it is read')).flatMap(([fields = '']) => inlineCode(fields));

  expect(Object.keys(day)).toEqual(expect.arrayContaining(named));
  expect(Object.keys(day.notices.driftFirstSeen ?? {})).toEqual(['feedback']);
  expect(month.days[0]).toHaveProperty('data_digest');
});

test.each(ddlCommands)('%s', async (command) => {
  const { code, stdout } = await new CliWorld().run(command.slice(BATCH.length).split(' '), { env: {} });

  expect(code).toBe(0);
  expect(stdout.text).toContain('makoto_hinata_books');
});

test('every query finds something in what the export has written', async () => {
  const world = new CliWorld();
  const scripts: string[] = [];
  for (const command of ddlCommands.filter((each) => each.includes(' duckdb ')))
    scripts.push((await world.run(command.slice(BATCH.length).split(' '), { env: {} })).stdout.text);
  const here = (sql: string) => sql.replaceAll('.makoto/output', folder);
  const database = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' });

  const connection = await database.connect();
  for (const script of scripts) await connection.run(here(script));
  const found: (readonly [sql: string, rows: number])[] = [];
  for (const sql of queries) found.push([sql, (await connection.runAndReadAll(here(sql))).currentRowCount]);
  const agreeing = await connection.runAndReadAll(queries.find((sql) => sql.includes('AS summary')) ?? '');
  connection.closeSync();
  database.closeSync();

  expect(scripts).toHaveLength(2);
  expect(queries.length).toBeGreaterThan(6);
  for (const [sql, rows] of found) expect({ sql, rows: rows > 0 }).toEqual({ sql, rows: true });
  for (const [, summary, rows] of agreeing.getRowsJson()) expect(rows).toBe(summary);
});

import fc from 'fast-check';
import { InputError, TenantError } from '../../../shared/errors';
import { DATASET_NAMES, DATASETS, type DatasetName, MONTHLY_DATASETS } from '../../../shared/messages/datasets';
import { ENGINES, type Engine } from '../../../shared/operations/ddl/engines';
import { givenLocation } from '../../../shared/operations/ddl/location';
import { ddlOf } from '../../../shared/operations/ddl/print-ddl';
import type { ColumnType } from '../../../shared/parquet/schema';
import { columnsAt, openBehind, shapeOf, statementsOf, type Token } from './sql-tokens';

// The statements that no test can run here, held to the schema; see duckdb.test.ts for the ones that one can.

const LOCATIONS: Readonly<Record<Engine, string>> = {
  athena: 's3://the-bucket',
  synapse: 'https://account.blob.core.windows.net/container',
  fabric: 'https://account.dfs.core.windows.net/container',
  databricks: 'abfss://container@account.dfs.core.windows.net',
  duckdb: 'output',
};

/** What each engine calls the types, by its own documentation of Parquet. */
const TYPES: Readonly<Record<Exclude<Engine, 'duckdb'>, Readonly<Record<ColumnType, RegExp>>>> = {
  athena: {
    string: /^string$/,
    json: /^string$/,
    int32: /^int$/,
    int64: /^bigint$/,
    double: /^double$/,
    boolean: /^boolean$/,
    timestamp: /^timestamp$/,
    date: /^date$/,
  },
  synapse: {
    string: /^varchar\((8000|max)\) COLLATE Latin1_General_100_BIN2_UTF8$/,
    json: /^varchar\(max\) COLLATE Latin1_General_100_BIN2_UTF8$/,
    int32: /^int$/,
    int64: /^bigint$/,
    double: /^float$/,
    boolean: /^bit$/,
    timestamp: /^datetime2\(3\)$/,
    date: /^date$/,
  },
  fabric: {
    string: /^varchar\((8000|max)\)$/,
    json: /^varchar\(max\)$/,
    int32: /^int$/,
    int64: /^bigint$/,
    double: /^float$/,
    boolean: /^bit$/,
    timestamp: /^datetime2\(3\)$/,
    date: /^date$/,
  },
  databricks: {
    string: /^STRING$/,
    json: /^STRING$/,
    int32: /^INT$/,
    int64: /^BIGINT$/,
    double: /^DOUBLE$/,
    boolean: /^BOOLEAN$/,
    timestamp: /^TIMESTAMP$/,
    date: /^DATE$/,
  },
};

const ddl = (engine: Engine, monthly = false, datasets: readonly DatasetName[] = DATASET_NAMES) =>
  ddlOf({ engine, tenant: 'hinata-books', datasets, location: LOCATIONS[engine], monthly });

const texts = (tokens: readonly Token[]) => tokens.filter(({ kind }) => kind === 'text').map(({ value }) => value);

/** The statements that make something of the name. */
function making(sql: string, name: string): Token[] {
  const found = statementsOf(sql).filter(
    (tokens) => tokens[0]?.value === 'CREATE' && tokens.find(({ kind, value }) => kind === 'name' && value === name),
  );
  expect(found).toHaveLength(1);
  return found[0] ?? [];
}

/** Where each engine lists the columns of what a statement makes. */
const LISTED_BEHIND: Readonly<Record<Exclude<Engine, 'duckdb'>, (table: string) => string>> = {
  athena: (table) => table,
  synapse: () => 'WITH',
  fabric: () => 'WITH',
  databricks: (table) => table,
};

describe.each(['athena', 'synapse', 'fabric', 'databricks'] as const)('%s', (engine) => {
  const cases = DATASET_NAMES.flatMap((dataset) => [
    { dataset, table: dataset, monthly: false, schema: DATASETS[dataset] },
    { dataset, table: `${dataset}_monthly`, monthly: true, schema: MONTHLY_DATASETS[dataset] },
  ]);

  test.each(cases)('$table has every column once, in order, with its type', ({ table, monthly, schema }) => {
    const tokens = making(ddl(engine, monthly), table);

    const listed = columnsAt(tokens, openBehind(tokens, LISTED_BEHIND[engine](table)));

    const partitions = engine === 'databricks' ? ['year', 'month', ...(monthly ? [] : ['day'])] : [];
    expect(listed.map(({ name }) => name)).toEqual([...schema.columns.map(({ name }) => name), ...partitions]);
    for (const { name, type } of schema.columns) {
      expect(listed.find((column) => column.name === name)?.type).toMatch(TYPES[engine][type]);
    }
    for (const name of partitions) expect(listed.find((column) => column.name === name)?.type).toBe('INT');
  });

  test('a text as long as a message may be has a type without a limit', () => {
    const tokens = making(ddl(engine), 'messages');

    const listed = columnsAt(tokens, openBehind(tokens, LISTED_BEHIND[engine]('messages')));

    for (const name of ['message_id', 'content', 'agent_mode', 'extra'])
      expect(listed.find((column) => column.name === name)?.type).not.toContain('8000');
  });
});

test('Athena projects the folders of days and of months', () => {
  const day = texts(making(ddl('athena'), 'rooms'));
  const month = texts(making(ddl('athena', true), 'rooms_monthly'));

  const root = 's3://the-bucket/hinata-books/analytics';
  expect(day).toEqual([
    `${root}/rooms/`,
    ...['projection.enabled', 'true'],
    ...['projection.year.type', 'integer', 'projection.year.range', '2020,2050', 'projection.year.digits', '4'],
    ...['projection.month.type', 'integer', 'projection.month.range', '1,12', 'projection.month.digits', '2'],
    ...['projection.day.type', 'integer', 'projection.day.range', '1,31', 'projection.day.digits', '2'],
    ...['storage.location.template', `${root}/rooms/year=\${year}/month=\${month}/day=\${day}/`],
  ]);
  expect(month).toContain(`${root}/monthly/rooms/year=\${year}/month=\${month}/`);
  expect(month.join()).not.toContain('day');
});

test.each(['synapse', 'fabric'] as const)('%s takes the partitions out of the files’ paths', (engine) => {
  const tokens = making(ddl(engine), 'users');

  const [pattern, format] = texts(tokens);
  const names = tokens.filter(({ kind }) => kind === 'name').map(({ value }) => value);

  expect(pattern).toBe(`${LOCATIONS[engine]}/hinata-books/analytics/users/year=*/month=*/day=*/*.parquet`);
  expect(format).toBe('PARQUET');
  expect(names).toEqual(expect.arrayContaining(['year', 'month', 'day']));
  expect(shapeOf(ddl(engine))).toContain('.filepath ( 3 ) AS name');
});

test('Databricks reads the same columns from files as from the table', () => {
  const sql = ddl('databricks');
  const table = making(sql, 'messages');
  const [address, format, schema = '', partitions] = texts(making(sql, 'messages_files'));

  const ofView = columnsAt([{ kind: 'mark', value: '(' }, ...statementsOf(`${schema})`).flat()], 0);

  expect(ofView).toEqual(columnsAt(table, openBehind(table, 'messages')));
  expect([address, format, partitions]).toEqual([
    `${LOCATIONS.databricks}/hinata-books/analytics/messages/`,
    'parquet',
    'year,month,day',
  ]);
  expect(sql).toContain('MSCK REPAIR TABLE `makoto_hinata_books`.`messages`;');
});

describe('whatever it is given', () => {
  const ids = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,20}$/),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom("a'; DROP TABLE x; --", 'a`b', 'a]b', 'a"b', 'A-b', 'a_b', 'a-b'),
  );
  const addresses = fc
    .tuple(
      fc.constantFrom(...Object.values(LOCATIONS), 's3://', '/', ''),
      fc.oneof(
        fc.stringMatching(/^[a-z0-9/._~%-]{0,12}$/),
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.constantFrom("b/'); DROP TABLE x; --", 'b/$'.concat('{x}'), "out'put", 'out*put', '//', '~/a b', '部屋'),
      ),
    )
    .map(([beginning, rest]) => `${beginning}/${rest}`);

  test.each(ENGINES)('%s gets statements of the same shape, or none', (engine) => {
    const usual = shapeOf(ddl(engine));
    const shapes = new Set([usual]);
    // An address in a cloud brings the statements that give access to it.
    if (engine === 'duckdb') {
      for (const location of ['s3://b', 'az://a.blob.core.windows.net/c'])
        shapes.add(shapeOf(ddlOf({ engine, tenant: 'a', datasets: DATASET_NAMES, location, monthly: false })));
    }
    let made = 0;
    fc.assert(
      fc.property(ids, addresses, (tenant, address) => {
        try {
          const location = givenLocation(engine, address);
          const sql = ddlOf({ engine, tenant, datasets: DATASET_NAMES, location, monthly: false });
          made += 1;
          expect(shapes).toContain(shapeOf(sql));
        } catch (error) {
          if (!(error instanceof InputError) && !(error instanceof TenantError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
    expect(made).toBeGreaterThan(20);
  });

  test('different tenants get different databases', () => {
    const databases = new Map<string, string>();
    for (const tenant of ['a-b', 'a_b', 'a.b', 'A-b', 'a-B', 'ab', 'a--b'])
      databases.set(
        tenant,
        statementsOf(
          ddlOf({ engine: 'athena', tenant, datasets: ['rooms'], location: 's3://b', monthly: false }),
        )[0]?.at(-1)?.value ?? '',
      );

    expect(new Set(databases.values()).size).toBe(databases.size);
    for (const name of databases.values()) expect(name).toMatch(/^[a-z0-9_]+$/);
    expect(databases.get('a-b')).toBe('makoto_a_b');
  });
});

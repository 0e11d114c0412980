import fc from 'fast-check';
import { CURRENT_DATASETS, HISTORY_FILE } from '../../../local/docs/current-schema';
import { type NamedDataset, type SchemaHistory, schemaProblems, versionOf } from '../../../local/docs/schema-history';
import {
  DATASET_NAMES,
  DATASETS,
  type DatasetColumn,
  datasetOfVersion,
  MONTHLY_DATASETS,
  SCHEMA_VERSION,
} from '../../../shared/messages/datasets';
import { assertSchema } from '../../../shared/parquet/schema';
import { readJson } from '../docs/documents';

// The contract with who queries the files: what a version of the schema has is never changed.

const history = readJson<SchemaHistory>(HISTORY_FILE);
const NEXT = SCHEMA_VERSION + 1;

type Columns = readonly DatasetColumn[];

const added: DatasetColumn = {
  ...{ name: 'added_column', type: 'string', nullable: true, since: NEXT },
  ...{ meaning: 'A column that is not there yet', nulls: 'the file is older' },
};

function withColumns(index: number, change: (columns: Columns) => Columns): readonly NamedDataset[] {
  return CURRENT_DATASETS.map((each, i) =>
    i === index ? { ...each, dataset: { columns: change(each.dataset.columns) } } : each,
  );
}

const replaced = (columns: Columns, at: number, change: Partial<DatasetColumn>) =>
  columns.map((column, i) => (i === at ? { ...column, ...change } : column));

/** Every way of changing a dataset, of which only the last one is allowed, and that in a new version alone. */
const CHANGES: Readonly<Record<string, (columns: Columns, at: number) => Columns>> = {
  'removes one': (columns, at) => columns.filter((_column, i) => i !== at),
  'renames one': (columns, at) => replaced(columns, at, { name: 'other_name' }),
  'gives one another type': (columns, at) =>
    replaced(columns, at, { type: columns[at]?.type === 'double' ? 'int64' : 'double' }),
  'makes one nullable, or not': (columns, at) => replaced(columns, at, { nullable: !columns[at]?.nullable }),
  'puts one last': (columns, at) => [...columns.filter((_column, i) => i !== at), ...columns.slice(at, at + 1)],
  'adds one before another': (columns, at) => [...columns.slice(0, at), added, ...columns.slice(at)],
  'adds one that is never null': (columns) => [...columns, { ...added, nullable: false }],
  'adds a nullable one at the end': (columns) => [...columns, added],
};
const ALLOWED = 'adds a nullable one at the end';

const places = fc
  .nat(CURRENT_DATASETS.length - 1)
  .chain((index) => fc.tuple(fc.constant(index), fc.nat((CURRENT_DATASETS[index]?.dataset.columns.length ?? 1) - 1)));

test('the datasets are those of the newest version in the history, and the history keeps its rules', () => {
  expect(schemaProblems(history, SCHEMA_VERSION, CURRENT_DATASETS)).toEqual([]);
  expect(Object.keys(history[SCHEMA_VERSION] ?? {})).toHaveLength(2 * DATASET_NAMES.length);
});

describe.each(Object.keys(CHANGES))('a change that %s', (name) => {
  const change = CHANGES[name] ?? ((columns: Columns) => columns);
  const isChange = ([index, at]: readonly [number, number]) =>
    name !== 'puts one last' || at < (CURRENT_DATASETS[index]?.dataset.columns.length ?? 0) - 1;

  test('needs a new version', () => {
    fc.assert(
      fc.property(places.filter(isChange), ([index, at]) => {
        const datasets = withColumns(index, (columns) => change(columns, at));

        expect(schemaProblems(history, SCHEMA_VERSION, datasets)).not.toEqual([]);
      }),
    );
  });

  test(name === ALLOWED ? 'is what a version may do' : 'is none that a version may make', () => {
    fc.assert(
      fc.property(places.filter(isChange), ([index, at]) => {
        const datasets = withColumns(index, (columns) => change(columns, at));
        const longer = { ...history, [NEXT]: versionOf(datasets) };

        const problems = schemaProblems(longer, NEXT, datasets);

        if (name === ALLOWED) expect(problems).toEqual([]);
        else expect(problems).not.toEqual([]);
      }),
    );
  });
});

test('a dataset cannot go, and a new one can come', () => {
  const fewer = CURRENT_DATASETS.slice(1);
  const more = [...CURRENT_DATASETS, { name: 'other', dataset: { columns: [added] } }];

  expect(schemaProblems({ ...history, [NEXT]: versionOf(fewer) }, NEXT, fewer)).not.toEqual([]);
  expect(schemaProblems({ ...history, [NEXT]: versionOf(more) }, NEXT, more)).toEqual([]);
});

test('a column that says another version than the one that brought it is found', () => {
  const datasets = withColumns(0, (columns) => replaced(columns, 3, { since: NEXT }));

  expect(schemaProblems(history, SCHEMA_VERSION, datasets)).toEqual([
    `messages.message_id is not there since version ${NEXT}.`,
  ]);
});

test('a version that the history does not have is found', () => {
  expect(schemaProblems(history, NEXT, CURRENT_DATASETS)).not.toEqual([]);
});

describe.each(DATASET_NAMES)('%s', (name) => {
  test.each([DATASETS[name], MONTHLY_DATASETS[name]])(
    'says of every column what it means, and what its nulls do',
    (dataset) => {
      assertSchema(dataset);
      for (const { meaning, unit, nulls, nullable, since } of dataset.columns) {
        expect(meaning).toMatch(/^[A-Z].*[^.]$/);
        expect(unit).not.toBe('');
        expect(nulls !== undefined && nulls !== '').toBe(nullable);
        expect(since).toBeGreaterThanOrEqual(1);
      }
    },
  );

  test('has its business day in every row of a month', () => {
    const { columns } = MONTHLY_DATASETS[name];

    expect(columns.filter((column) => column.name === 'business_date')).toMatchObject([
      { type: 'date', nullable: false },
    ]);
    expect(columns.filter((column) => column.name !== 'business_date')).toEqual(
      DATASETS[name].columns.filter((column) => column.name !== 'business_date'),
    );
  });

  test('of an earlier version has the columns that were there', () => {
    const dataset = { ...DATASETS[name], columns: [...DATASETS[name].columns, added] };

    expect(datasetOfVersion(dataset, SCHEMA_VERSION)).toEqual(DATASETS[name]);
    expect(datasetOfVersion(dataset, NEXT)).toEqual(dataset);
  });
});

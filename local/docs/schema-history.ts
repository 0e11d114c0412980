import type { Dataset, DatasetColumn } from '../../shared/messages/datasets';
import { PARQUET_TYPES } from '../../shared/parquet/schema';

/** The datasets of one version of the schema, by name. */
export type SchemaVersion = Readonly<Record<string, readonly ColumnLine[]>>;

/** A column as the history has it: `hour int32 INT32 required`. */
export type ColumnLine = string;

/** Every version of the schema that there has been, by its number. What is in it once is never changed. */
export type SchemaHistory = Readonly<Record<string, SchemaVersion>>;

export function versionOf(datasets: readonly NamedDataset[]): SchemaVersion {
  return Object.fromEntries(datasets.map(({ name, dataset }) => [name, dataset.columns.map(lineOf)]));
}

export interface NamedDataset {
  readonly name: string;
  readonly dataset: Pick<Dataset, 'columns'>;
}

function lineOf({ name, type, nullable }: DatasetColumn): ColumnLine {
  const { physical, logical } = PARQUET_TYPES[type];
  const { type: logicalType, ...parameters } = logical ?? { type: undefined };
  const annotation = logicalType === undefined ? [] : [`${logicalType}${parametersOf(parameters)}`];
  return [name, type, physical, ...annotation, nullable ? 'nullable' : 'required'].join(' ');
}

function parametersOf(parameters: object): string {
  const list = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return list.length === 0 ? '' : `(${list.join(',')})`;
}

/**
 * What the datasets and the history have against each other, one line for each; none where every rule holds:
 * - the newest version of the history is the one that the code has, and has the very columns of the code;
 * - a version does nothing to the one before but to add columns, each nullable and behind those that are there, and datasets;
 * - a column's `since` is the version that added it.
 */
export function schemaProblems(
  history: SchemaHistory,
  version: number,
  datasets: readonly NamedDataset[],
): readonly string[] {
  const known = Object.keys(history).map(Number);
  const expected = Array.from({ length: version }, (_, index) => index + 1);
  if (known.join() !== expected.join()) {
    return [`The history has the versions ${known.join(', ')}, and not ${expected.join(', ')}.`];
  }
  const changed = differences(history[version] ?? {}, versionOf(datasets));
  const forbidden = expected.slice(1).flatMap((each) => forbiddenChanges(history, each));
  return [...changed, ...forbidden, ...wrongSince(history, datasets)];
}

function differences(recorded: SchemaVersion, current: SchemaVersion): string[] {
  return namesOf(recorded, current)
    .filter((name) => recorded[name]?.join('\n') !== current[name]?.join('\n'))
    .map((name) => `The columns of ${name} have changed without a new version of the schema.`);
}

function forbiddenChanges(history: SchemaHistory, version: number): string[] {
  const before = history[version - 1] ?? {};
  const after = history[version] ?? {};
  return Object.entries(before).flatMap(([name, columns]) => {
    const now = after[name];
    const where = `Version ${version} of ${name}`;
    if (now === undefined) return [`${where} is missing.`];
    const kept = columns.filter((line, index) => now[index] !== line);
    const added = now.slice(columns.length);
    return [
      ...kept.map((line) => `${where} does not have "${line}" where the version before has it.`),
      ...added.filter((line) => !line.endsWith(' nullable')).map((line) => `${where} adds "${line}", not nullable.`),
    ];
  });
}

function wrongSince(history: SchemaHistory, datasets: readonly NamedDataset[]): string[] {
  return datasets.flatMap(({ name, dataset }) =>
    dataset.columns
      .filter((column) => column.since !== firstWith(history, name, column))
      .map((column) => `${name}.${column.name} is not there since version ${column.since}.`),
  );
}

function firstWith(history: SchemaHistory, dataset: string, column: DatasetColumn): number {
  const version = Object.entries(history).find(([, each]) => each[dataset]?.includes(lineOf(column)));
  return Number(version?.[0]);
}

function namesOf(...versions: readonly SchemaVersion[]): string[] {
  return [...new Set(versions.flatMap((version) => Object.keys(version)))];
}

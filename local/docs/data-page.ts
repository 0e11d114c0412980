import { DATASET_NAMES, DATASETS, type Dataset, type DatasetColumn } from '../../shared/messages/datasets';
import { engineType } from '../../shared/operations/ddl/column-types';
import { ENGINES } from '../../shared/operations/ddl/engines';
import { type ColumnType, PARQUET_TYPES } from '../../shared/parquet/schema';

/** What stands between `<!-- name -->` and the next `<!-- end -->`, by name. */
const WRITTEN: Readonly<Record<string, () => string>> = {
  types: typeTable,
  datasets: () => DATASET_NAMES.map((name) => datasetSection(DATASETS[name])).join('\n\n'),
};

/**
 * The page with everything in it that comes from the schema written anew.
 * @throws Error where the page has no place for a part of it
 */
export function dataPage(page: string): string {
  return Object.entries(WRITTEN).reduce((text, [name, content]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!place.test(text)) throw new Error(`The page has no "<!-- ${name} -->" with an "<!-- end -->" behind it.`);
    return text.replace(place, (_all, begin: string, end: string) => `${begin}\n${content()}\n\n${end}`);
  }, page);
}

function datasetSection({ name, rows, columns }: Dataset): string {
  const titles = ['column', 'type', 'unit', 'meaning', 'null', 'since'];
  return [`### ${name}`, rows, table(titles, columns.map(columnCells))].join('\n\n');
}

function columnCells({ name, type, nullable, unit, meaning, nulls, since }: DatasetColumn): string[] {
  return [`\`${name}\``, nullable ? `${type}, nullable` : type, unit ?? '', meaning, nulls ?? 'never', String(since)];
}

/** A column of each type, so that engines that tell texts apart show the type that has no limit. */
const TYPES: readonly ColumnType[] = ['string', 'json', 'int32', 'int64', 'double', 'boolean', 'timestamp', 'date'];

function typeTable(): string {
  const rows = TYPES.map((type) => [
    type,
    parquetType(type),
    ...ENGINES.map((engine) => `\`${engineType(engine, { name: 'any', type })}\``),
  ]);
  return table(['type', 'in the file', ...ENGINES], rows);
}

function parquetType(type: ColumnType): string {
  const { physical, logical } = PARQUET_TYPES[type];
  if (logical === undefined) return physical;
  return logical.type === 'TIMESTAMP' ? `${physical}, TIMESTAMP (ms, UTC)` : `${physical}, ${logical.type}`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`.replace(/ {2,}\|/g, ' |');
  return [line(titles), `|${titles.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

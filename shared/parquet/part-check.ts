import { type ColumnMetaData, type FileMetaData, parquetRead, type RowGroup } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type PartFooter, type PartSource, partInvalid, readExactly, readFooter } from './part-footer';
import { type Column, type DatasetSchema, PARQUET_TYPES } from './schema';

/** What a part must hold. */
export interface PartExpectation {
  readonly schema: DatasetSchema;
  readonly rows: number;
}

/**
 * Reads a part's head and footer with hyparquet, another implementation than the ones that write, and compares: the row
 * counts of file, row groups and column chunks; each column's name, place, types and nullability; and that the column
 * chunks follow one another within the file.
 *
 * Takes two or three small reads, and about a millisecond. Does not look at values: see {@link checkPartRows}.
 * @returns the footer, with all it says
 * @throws ProofError `part_invalid`, naming the first difference; and whatever `read` throws
 */
export async function checkPart(part: PartSource, expected: PartExpectation): Promise<PartFooter> {
  const footer = await readFooter(part);
  compareFooter(footer, expected);
  return footer;
}

/**
 * As {@link checkPart}, and decodes every value. Reads the whole part, a row group at a time, and holds that group's
 * compressed bytes and one of its columns decoded.
 * @throws ProofError `part_invalid`, naming the first column that cannot be decoded; and whatever `read` throws
 */
export async function checkPartRows(part: PartSource, expected: PartExpectation): Promise<void> {
  const footer = await checkPart(part, expected);
  for (const [index, group] of footer.metadata.row_groups.entries()) {
    const chunks = group.columns.map(({ meta_data }) => chunkRange(meta_data));
    const begin = Math.min(...chunks.map((chunk) => chunk.begin));
    const end = Math.max(...chunks.map((chunk) => chunk.end));
    const bytes = await readExactly(part, begin, end - begin);
    for (const { name } of expected.schema.columns) {
      const where = `column '${name}' of row group ${index}`;
      const rows = await decodedRows(footer.metadata, group, name, where, { begin, bytes });
      compare(`rows decoded of ${where}`, Number(group.num_rows), rows);
    }
  }
}

/** Column chunks begin behind the magic. */
const FIRST_CHUNK = 4;

function compare(what: string, expected: unknown, found: unknown): void {
  if (expected !== found) {
    throw partInvalid(`${what}: expected ${show(expected)}, found ${show(found)}.`);
  }
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : String(value);
}

function compareFooter({ metadata, offset }: PartFooter, { schema, rows }: PartExpectation): void {
  const [root, ...elements] = metadata.schema;
  compare('columns', schema.columns.length, elements.length);
  compare('columns below the root', schema.columns.length, root?.num_children);
  schema.columns.forEach((column, index) => {
    compareColumn(column, index, metadata);
  });
  compare('rows', BigInt(rows), metadata.num_rows);
  const inGroups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  compare('rows in all row groups', rows, inGroups);
  let begin = FIRST_CHUNK;
  metadata.row_groups.forEach((group, index) => {
    begin = compareRowGroup(group, `row group ${index}`, schema, begin, offset);
  });
}

function compareColumn(column: Column, index: number, { schema }: FileMetaData): void {
  const found = schema[index + 1];
  const { physical, logical, converted } = PARQUET_TYPES[column.type];
  compare(`name of column ${index}`, column.name, found?.name);
  const what = (property: string) => `${property} of column '${column.name}'`;
  compare(what('physical type'), physical, found?.type);
  compare(what('logical type'), logicalText(logical), logicalText(found?.logical_type));
  compare(what('converted type'), converted, found?.converted_type);
  compare(what('repetition'), column.nullable ? 'OPTIONAL' : 'REQUIRED', found?.repetition_type);
}

function logicalText(logical: { readonly type: string } | undefined): string {
  if (logical === undefined) {
    return 'none';
  }
  const { type, ...parameters } = logical;
  const list = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return [type, ...list.sort()].join(' ');
}

/** @returns where the row group's chunks end, before which none of the next may begin */
function compareRowGroup(group: RowGroup, where: string, schema: DatasetSchema, begin: number, limit: number): number {
  compare(`columns of ${where}`, schema.columns.length, group.columns.length);
  let end = begin;
  schema.columns.forEach((column, index) => {
    const chunk = group.columns[index]?.meta_data;
    const what = `column '${column.name}' of ${where}`;
    compare(`path of ${what}`, column.name, String(chunk?.path_in_schema));
    compare(`type of ${what}`, PARQUET_TYPES[column.type].physical, chunk?.type);
    compare(`values of ${what}`, group.num_rows, chunk?.num_values);
    const range = chunkRange(chunk);
    if (!(range.begin >= end && range.end > range.begin && range.end <= limit)) {
      throw partInvalid(`${what} lies at bytes ${range.begin} to ${range.end}: expected between ${end} and ${limit}.`);
    }
    end = range.end;
  });
  return end;
}

function chunkRange(chunk: ColumnMetaData | undefined): { readonly begin: number; readonly end: number } {
  const begin = Number(chunk?.dictionary_page_offset ?? chunk?.data_page_offset);
  return { begin, end: begin + Number(chunk?.total_compressed_size) };
}

async function decodedRows(
  metadata: FileMetaData,
  group: RowGroup,
  column: string,
  where: string,
  { begin, bytes }: { readonly begin: number; readonly bytes: Uint8Array },
): Promise<number> {
  let rows = 0;
  const slice = (from: number, to = begin + bytes.length) =>
    Uint8Array.from(bytes.subarray(from - begin, to - begin)).buffer;
  try {
    await parquetRead({
      file: { byteLength: begin + bytes.length, slice },
      metadata: { ...metadata, num_rows: group.num_rows, row_groups: [group] },
      columns: [column],
      compressors,
      onPage: ({ columnData }) => {
        rows += columnData.length;
      },
    });
  } catch (cause) {
    throw partInvalid(`${where} cannot be decoded.`, cause);
  }
  return rows;
}

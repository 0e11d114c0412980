import { type FileMetaData, parquetRead, type RowGroup } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BatchError } from '../errors';
import { type PartSource, partInvalid, readExactly, readFooter } from './part-footer';
import type { ColumnValue } from './schema';

/** Neither drops a byte order mark nor puts U+FFFD in place of bytes that are no UTF-8, as hyparquet's own decoder does. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/**
 * Reads the rows of a part with hyparquet, a row group at a time: each row's values by the given columns, as a writer takes them. A column
 * that the part does not have is null, as one that was added later is in parts from before.
 *
 * Memory: the wanted columns of one row group. Requests: one or two for the footer, then a few for each row group.
 *
 * @throws ProofError `part_invalid` where the part cannot be decoded; and whatever `read` throws
 */
export async function* partRowGroups(
  part: PartSource,
  columns: readonly string[],
): AsyncGenerator<ColumnValue[][], void, undefined> {
  const { metadata } = await readFooter(part);
  const there = columns.filter((name) => metadata.schema.some((element) => element.name === name));
  for (const group of metadata.row_groups) {
    const rows = await rowsOfGroup(part, metadata, group, there);
    yield rows.map((row) => columns.map((name) => row[name] ?? null));
  }
}

type NamedValues = Readonly<Record<string, ColumnValue>>;

async function rowsOfGroup(
  part: PartSource,
  metadata: FileMetaData,
  group: RowGroup,
  columns: readonly string[],
): Promise<NamedValues[]> {
  if (columns.length === 0) return Array.from({ length: Number(group.num_rows) }, () => ({}));
  let rows: NamedValues[] = [];
  const slice = async (from: number, to = part.size) =>
    Uint8Array.from(await readExactly(part, from, to - from)).buffer;
  try {
    await parquetRead({
      file: { byteLength: part.size, slice },
      metadata: { ...metadata, num_rows: group.num_rows, row_groups: [group] },
      columns: [...columns],
      compressors,
      parsers: {
        stringFromBytes: (bytes) => bytes && utf8.decode(bytes),
        timestampFromMilliseconds: (millis) => Number(millis),
        dateFromDays: (days) => days,
      },
      rowFormat: 'object',
      onComplete: (read) => {
        rows = read as NamedValues[];
      },
    });
  } catch (cause) {
    throw cause instanceof BatchError ? cause : partInvalid('a row group cannot be decoded.', cause);
  }
  return rows;
}

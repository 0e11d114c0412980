import { readFile } from 'node:fs/promises';
import type { CsvFileLists } from '../../../shared/youtube/csv-files';
import { byDataset } from '../../../shared/youtube/csv-rows';

export type Fields = readonly (string | null)[];

/** One field by RFC 4180 with what ends it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;

/**
 * Rows of fields by the letter of RFC 4180, and with PostgreSQL's word on null: an empty field without quotes.
 *
 * @throws Error where the text breaks the grammar
 */
export function readByGrammar(text: string): Fields[] {
  const rows: Fields[] = [];
  let row: (string | null)[] = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length) {
    const at = FIELD.lastIndex;
    const match = FIELD.exec(text);
    if (match === null) throw new Error(`No field of RFC 4180 at ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
    const [, quoted, bare, end] = match;
    row.push(quoted === undefined ? bare || null : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) throw new Error('The last row has no line break.');
  return rows;
}

/** The contents of all files, by dataset. */
export async function contentsOf(lists: CsvFileLists): Promise<Record<keyof CsvFileLists, readonly Buffer[]>> {
  const read = byDataset((dataset) => Promise.all(lists[dataset].map(({ path }) => readFile(path))));
  return {
    channels: await read.channels,
    channel_details: await read.channel_details,
    videos: await read.videos,
    stream_details: await read.stream_details,
    video_statistics: await read.video_statistics,
  };
}

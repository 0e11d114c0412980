import type { Client } from 'pg';
import type { CsvRow, CsvValue } from '../../shared/youtube/csv-rows';
import type { DatasetRows } from './catalogue-days';

/** Rows of one statement, as the systems replaced had them. */
export const BATCH_ROWS = 100;

/** One table's rows, and how they are put into it. */
interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  /** Of the columns, besides `tenant_id`. */
  readonly key: readonly string[];
  /** Of a row that is there already. What is changed gets a new `updated_at`. */
  readonly onConflict: 'update' | 'nothing';
  readonly rows: readonly CsvRow[];
}

/** The rows of a day's datasets by table, in the order in which the tables refer to each other. */
export function tableRows(rows: DatasetRows, date: string): TableRows[] {
  const countsOf = new Map(rows.video_statistics.map(([id = null, ...counts]) => [id, counts]));
  const videos = rows.videos.map(([id = null, title = null, ...more]) => {
    const [description, url, thumbnail, duration, published, channel] = more;
    const columns = [id, channel, title, description, url, thumbnail, duration, published, ...(countsOf.get(id) ?? [])];
    return columns.map((value) => value ?? null);
  });
  const kinds = rows.videos.map((row) => [row[0] ?? null, row.at(-1) ?? null]);
  const counts = ['view_count', 'like_count', 'comment_count'];
  return [
    { table: 'channels', columns: ['id', 'title'], key: ['id'], onConflict: 'update', rows: rows.channels },
    {
      table: 'channel_details',
      columns: ['channel_id', 'handle', 'description', 'subscriber_count', 'icon_url'],
      key: ['channel_id'],
      onConflict: 'update',
      rows: rows.channel_details,
    },
    {
      table: 'video_types',
      columns: ['id', 'name'],
      key: ['id'],
      onConflict: 'nothing',
      rows: [
        ['stream', 'stream'],
        ['video', 'video'],
      ],
    },
    {
      table: 'videos',
      columns: [
        ...['id', 'channel_id', 'title', 'description', 'url', 'thumbnail_url', 'duration', 'published_at'],
        ...counts,
      ],
      key: ['id'],
      onConflict: 'update',
      rows: videos,
    },
    {
      table: 'video_video_types',
      columns: ['video_id', 'video_type_id'],
      key: ['video_id', 'video_type_id'],
      onConflict: 'nothing',
      rows: kinds,
    },
    {
      table: 'stream_details',
      columns: ['video_id', 'started_at'],
      key: ['video_id'],
      onConflict: 'update',
      rows: rows.stream_details,
    },
    {
      table: 'video_statistics',
      columns: ['video_id', 'date', ...counts],
      key: ['video_id', 'date'],
      onConflict: 'update',
      rows: rows.video_statistics.map(([id = null, ...more]) => [id, date, ...more]),
    },
  ];
}

/** Puts the rows in by statements of {@link BATCH_ROWS} rows, each prepared once for a connection. */
export async function insertInBatches(client: Client, tenant: string, tables: readonly TableRows[]): Promise<void> {
  for (const table of tables) {
    for (let at = 0; at < table.rows.length; at += BATCH_ROWS) {
      const batch = table.rows.slice(at, at + BATCH_ROWS);
      const values: CsvValue[] = batch.flatMap((row) => [tenant, ...row]);
      await client.query({ name: `${table.table} ${batch.length}`, text: insertText(table, batch.length), values });
    }
  }
}

const texts = new Map<string, string>();

function insertText(table: TableRows, rows: number): string {
  const name = `${table.table} ${rows}`;
  const text = texts.get(name) ?? newInsertText(table, rows);
  texts.set(name, text);
  return text;
}

function newInsertText({ table, columns, key, onConflict }: TableRows, rows: number): string {
  const width = columns.length + 1;
  const parameters = (row: number) => Array.from({ length: width }, (_, at) => `$${row * width + at + 1}`).join(', ');
  const values = Array.from({ length: rows }, (_, row) => `(${parameters(row)})`).join(', ');
  const changing = columns.filter((column) => !key.includes(column));
  return [
    `INSERT INTO public.${table} AS old (tenant_id, ${columns.join(', ')}) VALUES ${values}`,
    `ON CONFLICT (tenant_id, ${key.join(', ')}) DO ${onConflict === 'nothing' ? 'NOTHING' : updateText(changing)}`,
  ].join(' ');
}

/** A row that says the same already is left alone, as ours leaves it. */
function updateText(columns: readonly string[]): string {
  const sets = columns.map((column) => `${column} = excluded.${column}`);
  const listed = (prefix: string) => columns.map((column) => `${prefix}.${column}`).join(', ');
  return [
    `UPDATE SET ${sets.join(', ')}, updated_at = statement_timestamp()`,
    `WHERE (${listed('old')}) IS DISTINCT FROM (${listed('excluded')})`,
  ].join(' ');
}

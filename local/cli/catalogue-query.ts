import { Client, escapeLiteral } from 'pg';
import type { DatabaseSettings } from '../../shared/settings';
import type { QueryResult } from './query-text';

/** The text column comes last, because a font may have an opinion of its own about how wide a Japanese character is. */
const STREAMS = [
  "SELECT to_char(started_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI') AS started, duration, view_count AS views, title",
  'FROM videos JOIN stream_details ON (stream_details.tenant_id, video_id) = (videos.tenant_id, id)',
  'WHERE removed_at IS NULL ORDER BY started_at DESC LIMIT 5;',
].join('\n');

/**
 * Asks the database for a tenant's newest streams, as the site that reads it would: row-level security shows this tenant's rows only.
 *
 * @param database one on this machine, with its password
 */
export async function queryStreams(database: DatabaseSettings, tenant: string): Promise<QueryResult> {
  const { host, port, name, username: user, password } = database;
  const client = new Client({ host, port, database: name, user, password: password?.reveal() ?? '' });
  await client.connect();
  try {
    await client.query('SET ROLE makoto_reader');
    await client.query(asTenant(tenant));
    const { fields, rows } = await client.query<unknown[]>({ text: STREAMS, rowMode: 'array' });
    return { sql: streamsQuery(tenant), columns: fields.map((field) => field.name), rows: rows.map(plainRow) };
  } finally {
    await client.end();
  }
}

/** The query as a person can run it. */
export function streamsQuery(tenant: string): string {
  return `${asTenant(tenant)}\n${STREAMS}`;
}

function asTenant(tenant: string): string {
  return `SET app.tenant_id = ${escapeLiteral(tenant)};`;
}

/** PostgreSQL's bigint comes as text. */
function plainRow(row: readonly unknown[]): (string | number | null)[] {
  return row.map((value) => {
    if (value === null || typeof value === 'number') return value;
    const text = String(value);
    return /^\d{1,15}$/.test(text) ? Number(text) : text;
  });
}

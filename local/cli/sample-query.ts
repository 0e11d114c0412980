import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { shownPath } from './project-root';
import type { QueryResult } from './query-text';

/**
 * Asks the copied Parquet what people talked about most.
 *
 * @param folder a local folder with `{tenant}/analytics/…` below it
 */
export async function queryRooms(folder: string): Promise<QueryResult> {
  const sql = roomsQuery(join(folder, '*', 'analytics', 'rooms', '**', '*.parquet'));
  const database = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const connection = await database.connect();
    const reader = await connection.runAndReadAll(sql);
    connection.closeSync();
    return { sql, columns: reader.columnNames(), rows: reader.getRowsJS().map((row) => row.map(plainValue)) };
  } finally {
    database.closeSync();
  }
}

/** The text column comes last, because a font may have an opinion of its own about how wide a Japanese character is. */
function roomsQuery(files: string): string {
  return [
    'SELECT tenant_id AS tenant, count(*) AS rooms, sum(message_count)::BIGINT AS messages,',
    '       sum(tokens_used_total)::BIGINT AS tokens, title',
    `FROM '${shownPath(files).replaceAll("'", "''")}'`,
    'GROUP BY tenant, title ORDER BY messages DESC, tenant, title LIMIT 8;',
  ].join('\n');
}

function plainValue(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : String(value);
}

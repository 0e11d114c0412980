import { DuckDBInstance } from '@duckdb/node-api';
import type { Encode } from './encode-job';
import { DATE, keyedFile, TENANT } from './messages';

/** DuckDB reads the messages from one file, where each is a line with its key in it. @param threads as many as there are cores, if not given */
export async function duckdb(folder: string, threads?: number): Promise<Encode> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    enable_external_file_cache: 'false',
    ...(threads !== undefined && { threads: String(threads) }),
  });
  const connection = await instance.connect();
  return async (path) => {
    await connection.run(`COPY (${query(keyedFile(folder))}) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`);
  };
}

/** JSON is read as JSON and written as text: a column of type JSON would be another type for whoever reads the file. */
function query(file: string): string {
  return `
    SELECT
      ${quoted(TENANT)} AS tenant_id,
      coalesce(user_id, key_user) AS user_id,
      coalesce(room_id, key_room) AS room_id,
      message_id,
      "timestamp" AT TIME ZONE 'UTC' AS "timestamp",
      DATE ${quoted(DATE)} AS business_date,
      extract(hour FROM "timestamp" + INTERVAL 9 HOUR)::INTEGER AS hour,
      role,
      content,
      length(content)::INTEGER AS content_length,
      coalesce(json_array_length(attachments), 0) > 0 AS has_attachments,
      coalesce(json_array_length(attachments), 0)::INTEGER AS attachment_count,
      coalesce(json_array_length(generated_images), 0)::INTEGER AS generated_image_count,
      coalesce(json_array_length(context, '$.rag_sources'), 0)::INTEGER AS rag_source_count,
      agent_info.mode AS agent_mode,
      agent_info.execution_time_ms AS agent_execution_time_ms,
      agent_info.tokens_used AS agent_tokens_used,
      attachments::VARCHAR AS attachments,
      generated_images::VARCHAR AS generated_images,
      context::VARCHAR AS context,
      NULL::VARCHAR AS extra,
      storage_key
    FROM read_json(${quoted(file)}, format = 'newline_delimited', columns = {
      key_user: 'VARCHAR', key_room: 'VARCHAR', storage_key: 'VARCHAR',
      message_id: 'VARCHAR', user_id: 'VARCHAR', room_id: 'VARCHAR', "timestamp": 'TIMESTAMP', role: 'VARCHAR', content: 'VARCHAR',
      agent_info: 'STRUCT(mode VARCHAR, execution_time_ms DOUBLE, tokens_used BIGINT)',
      attachments: 'JSON', generated_images: 'JSON', context: 'JSON'
    })`;
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

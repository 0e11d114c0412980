import type { Column, DatasetSchema } from '../parquet/schema';

/** The version of the four datasets' columns: raised with every change of one. */
export const SCHEMA_VERSION = 1;

export type DatasetName = 'messages' | 'rooms' | 'users' | 'summary';

export const DATASET_NAMES: readonly DatasetName[] = ['messages', 'rooms', 'users', 'summary'];

type Options = Partial<Pick<Column, 'nullable' | 'unique'>>;

function column(name: string, type: Column['type'], options: Options = {}): Column {
  return { name, type, nullable: false, ...options };
}

const nullable: Options = { nullable: true };
/** Values that hardly repeat: a dictionary would only add to the file. */
const unique: Options = { unique: true };

const messages: DatasetSchema = {
  name: 'messages',
  columns: [
    column('tenant_id', 'string'),
    column('user_id', 'string'),
    column('room_id', 'string'),
    column('message_id', 'string', unique),
    column('timestamp', 'timestamp', unique),
    column('business_date', 'date'),
    column('hour', 'int32'),
    column('role', 'string'),
    column('content', 'string', unique),
    column('content_length', 'int32'),
    column('has_attachments', 'boolean'),
    column('attachment_count', 'int32'),
    column('generated_image_count', 'int32'),
    column('rag_source_count', 'int32'),
    column('agent_mode', 'string', nullable),
    column('agent_execution_time_ms', 'double', { ...nullable, ...unique }),
    column('agent_tokens_used', 'int64', nullable),
    column('attachments', 'json', { ...nullable, ...unique }),
    column('generated_images', 'json', { ...nullable, ...unique }),
    column('context', 'json', { ...nullable, ...unique }),
    column('extra', 'json', { ...nullable, ...unique }),
    column('storage_key', 'string', unique),
  ],
};

const counts: readonly Column[] = [
  column('message_count', 'int64'),
  column('user_message_count', 'int64'),
  column('assistant_message_count', 'int64'),
  column('content_length_total', 'int64'),
  column('tokens_used_total', 'int64'),
  column('first_message_at', 'timestamp'),
  column('last_message_at', 'timestamp'),
];

const rooms: DatasetSchema = {
  name: 'rooms',
  columns: [
    column('tenant_id', 'string'),
    column('user_id', 'string'),
    column('room_id', 'string', unique),
    column('title', 'string', { ...nullable, ...unique }),
    ...counts,
  ],
};

const users: DatasetSchema = {
  name: 'users',
  columns: [
    column('tenant_id', 'string'),
    column('user_id', 'string', unique),
    column('room_count', 'int64'),
    ...counts,
  ],
};

const summary: DatasetSchema = {
  name: 'summary',
  columns: [
    column('tenant_id', 'string'),
    column('business_date', 'date'),
    column('message_count', 'int64'),
    column('user_count', 'int64'),
    column('room_count', 'int64'),
    column('content_length_avg', 'double', nullable),
    column('attachment_count', 'int64'),
    column('tokens_used_total', 'int64'),
    column('quarantined_count', 'int64'),
    column('duplicate_count', 'int64'),
  ],
};

/** The datasets' columns, in file order. */
export const DATASETS: Readonly<Record<DatasetName, DatasetSchema>> = { messages, rooms, users, summary };

import type { Column } from '../parquet/schema';

/** A column as an analyst knows it: a part of the schema, from which the documents and the engines' statements are made. */
export interface DatasetColumn extends Column {
  /** What a value says, in words for who queries it. */
  readonly meaning: string;
  /** What a number counts or measures; absent where there is nothing to measure. */
  readonly unit?: string;
  /** What a null says; given for every nullable column and no other. */
  readonly nulls?: string;
  /** The version of the schema that brought the column. Files of an earlier one do not have it, and engines read null. */
  readonly since: number;
}

type About = Omit<DatasetColumn, 'name' | 'type' | 'nullable' | 'since' | 'meaning'> & { readonly since?: number };

/** Nullable is what says what its nulls mean. */
function column(name: string, type: Column['type'], meaning: string, about: About = {}): DatasetColumn {
  return { name, type, nullable: about.nulls !== undefined, since: 1, meaning, ...about };
}

/** Values that hardly repeat: a dictionary would only add to the file. */
const unique = { unique: true } as const;
const NO_AGENT = 'the message names none';
const NOT_THERE = 'the message has none';
const WHOLE_UTC = 'a UTC instant, in milliseconds';

const tenant = column('tenant_id', 'string', 'The tenant');
const businessDate = column('business_date', 'date', "The business day, by the calendar of the tenant's zone");

export const MESSAGE_COLUMNS: readonly DatasetColumn[] = [
  tenant,
  column('user_id', 'string', "The user, by the object's key"),
  column('room_id', 'string', "The room, by the object's key"),
  column('message_id', 'string', 'The id that the writer gave it, unique within its room and day', unique),
  column('timestamp', 'timestamp', "When it was written: the body's time, else the key's", {
    ...unique,
    unit: WHOLE_UTC,
  }),
  { ...businessDate, meaning: "The business day that the key's time lies in, by the calendar of the tenant's zone" },
  column('hour', 'int32', "The hour of the key's time on a clock of the tenant's zone", { unit: 'hours, 0 to 23' }),
  column('role', 'string', 'Who speaks: `user`, `assistant`, or what else the writer says'),
  column('content', 'string', 'The text, which may be empty', unique),
  column('content_length', 'int32', 'The length of `content`', { unit: 'Unicode code points' }),
  column('has_attachments', 'boolean', 'Whether there is an attachment'),
  column('attachment_count', 'int32', 'The entries of `attachments`', { unit: 'attachments' }),
  column('generated_image_count', 'int32', 'The entries of `generated_images`', { unit: 'images' }),
  column('rag_source_count', 'int32', 'The entries of `rag_sources` in `context`', { unit: 'sources' }),
  column('agent_mode', 'string', 'The mode that the agent answered in', { nulls: NO_AGENT }),
  column('agent_execution_time_ms', 'double', 'How long the agent took', {
    ...unique,
    unit: 'milliseconds',
    nulls: NO_AGENT,
  }),
  column('agent_tokens_used', 'int64', 'The tokens that the agent used', { unit: 'tokens', nulls: NO_AGENT }),
  column('attachments', 'json', 'The attachments, as an array', { ...unique, nulls: NOT_THERE }),
  column('generated_images', 'json', 'The generated images, as an array', { ...unique, nulls: NOT_THERE }),
  column('context', 'json', 'What the agent was given, as an object', { ...unique, nulls: NOT_THERE }),
  column('extra', 'json', 'The fields that have no column, as one object', { ...unique, nulls: NOT_THERE }),
  column('storage_key', 'string', 'The key of the object that the row was made from; no other row has it', unique),
];

const counts: readonly DatasetColumn[] = [
  column('message_count', 'int64', 'Messages of the day', { unit: 'messages' }),
  column('user_message_count', 'int64', 'Of these, those with the role `user`', { unit: 'messages' }),
  column('assistant_message_count', 'int64', 'Of these, those with the role `assistant`', { unit: 'messages' }),
  column('content_length_total', 'int64', 'The sum of `content_length`', { unit: 'Unicode code points' }),
  column('tokens_used_total', 'int64', 'The sum of `agent_tokens_used`, its nulls as 0', { unit: 'tokens' }),
  column('first_message_at', 'timestamp', 'The least `timestamp`', { unit: WHOLE_UTC }),
  column('last_message_at', 'timestamp', 'The greatest `timestamp`', { unit: WHOLE_UTC }),
];

export const ROOM_COLUMNS: readonly DatasetColumn[] = [
  tenant,
  column('user_id', 'string', 'The user whose room it is'),
  column('room_id', 'string', 'The room; ids are unique within a user', unique),
  column('title', 'string', 'The title that the room had when the day was exported', {
    ...unique,
    nulls: 'the metadata store has no title of it',
  }),
  ...counts,
];

export const USER_COLUMNS: readonly DatasetColumn[] = [
  tenant,
  column('user_id', 'string', 'The user', unique),
  column('room_count', 'int64', 'Rooms of the user with a message of the day', { unit: 'rooms' }),
  ...counts,
];

export const SUMMARY_COLUMNS: readonly DatasetColumn[] = [
  tenant,
  businessDate,
  column('message_count', 'int64', 'The rows of `messages`', { unit: 'messages' }),
  column('user_count', 'int64', 'The rows of `users`', { unit: 'users' }),
  column('room_count', 'int64', 'The rows of `rooms`', { unit: 'rooms' }),
  column('content_length_avg', 'double', 'The mean of `content_length`', {
    unit: 'Unicode code points',
    nulls: 'no message was exported',
  }),
  column('attachment_count', 'int64', 'The sum of `attachment_count`', { unit: 'attachments' }),
  column('tokens_used_total', 'int64', 'The sum of `agent_tokens_used`, its nulls as 0', { unit: 'tokens' }),
  column('quarantined_count', 'int64', 'Objects of the day that could be no row', { unit: 'objects' }),
  column('duplicate_count', 'int64', 'Objects whose room and id an earlier one has already', { unit: 'objects' }),
];

/** What a month's file says beside a day's, where the day's leaves it to its folder. */
export const MONTHLY_DATE: DatasetColumn = businessDate;

import {
  countOf,
  integerOf,
  isAbsent,
  jsonTypeOf,
  listOf,
  numberOf,
  objectOf,
  Rejection,
  textOf,
} from './contract-fields';
import { KeptFields } from './kept-fields';
import { type MessageKey, noonOfFolder } from './message-key';
import type { QuarantineReason } from './quarantine-reason';
import { parseTimestamp } from './timestamp';

/** The version of the contract: raised when a message that was valid would be read differently. */
export const CONTRACT_VERSION = 1;

/** Larger bodies are not read at all: the chat product writes at most 128 KiB, and a reader's memory must be bounded. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** A body's timestamp further than this from the key's time is counted as clock skew. */
export const CLOCK_SKEW_MS = 60_000;

/** A message in normal form: what the columns are filled from. Counts are 0 and the rest null where the body has nothing. */
export interface Message {
  readonly key: MessageKey;
  /** The time that decides the day and the hour: the key's where it has one. Epoch ms. */
  readonly placedMs: number;
  /** The body's own timestamp, else `placedMs`. Epoch ms. */
  readonly timestampMs: number;
  readonly messageId: string;
  /** The id as it was written, before lone surrogates were replaced: what tells messages of a room apart. */
  readonly writtenId: string;
  readonly role: string;
  readonly content: string;
  /** In code points. */
  readonly contentLength: number;
  readonly attachmentCount: number;
  readonly generatedImageCount: number;
  readonly ragSourceCount: number;
  readonly agentMode: string | null;
  readonly agentExecutionTimeMs: number | null;
  readonly agentTokensUsed: number | null;
  /** These four are JSON text, as the writer wrote it. */
  readonly attachments: string | null;
  readonly generatedImages: string | null;
  readonly context: string | null;
  readonly extra: string | null;
  /** What was noticed about a message that is valid all the same. */
  readonly clockSkew: boolean;
  readonly replacedSurrogates: boolean;
  /** Names of fields the contract does not know; a part of `agent_info` as `agent_info.name`. */
  readonly unknownFields: readonly string[];
}

/** What became of one object: a row, or a quarantine entry, each with the instant that places it in a day. */
export type Verdict =
  | { readonly kind: 'valid'; readonly message: Message; readonly placedMs: number }
  | {
      readonly kind: 'quarantined';
      readonly reason: QuarantineReason;
      readonly detail: string;
      readonly placedMs: number;
    };

// A byte order mark at the start is skipped, as most readers do; any other malformed byte is an error.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The verdict on an object that is too large to be read. @param size in bytes */
export function judgeUnread(key: MessageKey, size: number): Verdict {
  const detail = `the object has ${size} bytes; at most ${MAX_MESSAGE_BYTES} are read`;
  return { kind: 'quarantined', reason: 'too_large', detail, placedMs: key.timeMs ?? noonOfFolder(key.folderMs) };
}

/**
 * Reads one message body. Never throws for what a body holds: every object becomes a row or a quarantine entry.
 *
 * @param body the object's bytes, at most {@link MAX_MESSAGE_BYTES}
 */
export function judgeMessage(key: MessageKey, body: Uint8Array): Verdict {
  let placedMs = key.timeMs ?? noonOfFolder(key.folderMs);
  try {
    const text = decode(body);
    const fields = parseObject(text);
    const bodyMs = bodyTimestamp(fields);
    placedMs = key.timeMs ?? placeByBody(key, bodyMs);
    return { kind: 'valid', message: normalForm(key, placedMs, bodyMs, fields, text), placedMs };
  } catch (error) {
    if (error instanceof Rejection)
      return { kind: 'quarantined', reason: error.reason, detail: error.detail, placedMs };
    throw error;
  }
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch (error) {
    throw new Rejection('bad_encoding', `the ${body.length} bytes are not UTF-8`, error);
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The parser's own words quote the message and differ between versions of Node: they must not reach the file.
    throw new Rejection(
      'bad_json',
      text.trim() === '' ? 'the body is empty' : `the ${text.length} characters are not JSON`,
      error,
    );
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Rejection('not_an_object', `the body is ${jsonTypeOf(value)}, expected an object`);
  }
  return value as Record<string, unknown>;
}

function bodyTimestamp(fields: Readonly<Record<string, unknown>>): number | undefined {
  const value = fields.timestamp;
  if (isAbsent(value)) return undefined;
  const instant = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (instant === undefined)
    throw new Rejection('bad_timestamp', `timestamp is ${jsonTypeOf(value)} that is no ISO 8601 date and time`);
  return instant;
}

/**
 * A key without a time stands where its body says, if that is on the date of the folder it was found in: on any other date no
 * run would look into this folder, and the message would be in no day at all. Else it stands at noon.
 */
export function placeByBody(key: MessageKey, bodyMs: number | undefined): number {
  const inFolder = bodyMs !== undefined && bodyMs >= key.folderMs && bodyMs < key.folderMs + 86_400_000;
  return inFolder ? bodyMs : noonOfFolder(key.folderMs);
}

function normalForm(
  key: MessageKey,
  placedMs: number,
  bodyMs: number | undefined,
  fields: Readonly<Record<string, unknown>>,
  text: string,
): Message {
  sameAsKey('user_id', fields.user_id, key.user);
  sameAsKey('room_id', fields.room_id, key.room);
  const idField = isAbsent(fields.message_id) && !isAbsent(fields.id) ? 'id' : 'message_id';
  const messageId = textOf(fields[idField], idField);
  const role = textOf(fields.role, 'role');
  const content = textOf(fields.content, 'content', 'may be empty');
  const context = objectOf(fields.context, 'context');
  const agent = objectOf(fields.agent_info, 'agent_info');
  const agentMode = isAbsent(agent?.mode) ? null : textOf(agent?.mode, 'agent_info.mode', 'may be empty');
  const imagesField = isAbsent(fields.generated_images) ? 'images' : 'generated_images';
  listOf(fields.crawl_sources, 'crawl_sources');
  const kept = new KeptFields(fields, text, { idField, imagesField, agent });
  // Of UTF-8, a lone surrogate can come only from an escape.
  const mayBeIllFormed = text.includes('\\u');

  return {
    key,
    placedMs,
    timestampMs: bodyMs ?? placedMs,
    messageId: mayBeIllFormed ? messageId.toWellFormed() : messageId,
    writtenId: messageId,
    role: mayBeIllFormed ? role.toWellFormed() : role,
    content: mayBeIllFormed ? content.toWellFormed() : content,
    contentLength: codePoints(content),
    attachmentCount: countOf(fields.attachments, 'attachments'),
    generatedImageCount: countOf(fields[imagesField], imagesField),
    ragSourceCount: countOf(context?.rag_sources, 'context.rag_sources'),
    agentMode: mayBeIllFormed ? (agentMode?.toWellFormed() ?? null) : agentMode,
    agentExecutionTimeMs: numberOf(agent?.execution_time_ms, 'agent_info.execution_time_ms'),
    agentTokensUsed: integerOf(agent?.tokens_used, 'agent_info.tokens_used'),
    attachments: kept.source('attachments'),
    generatedImages: kept.source(imagesField),
    context: kept.source('context'),
    extra: kept.extra(),
    clockSkew: bodyMs !== undefined && Math.abs(bodyMs - placedMs) > CLOCK_SKEW_MS,
    replacedSurrogates:
      mayBeIllFormed && ![messageId, role, content, agentMode ?? ''].every((part) => part.isWellFormed()),
    unknownFields: kept.unknown,
  };
}

/** The key is what was authorised when the message was written, so a body that names another place is not believed. */
function sameAsKey(field: string, value: unknown, ofKey: string): void {
  if (isAbsent(value)) return;
  if (textOf(value, field, 'may be empty') !== ofKey)
    throw new Rejection('key_mismatch', `${field} is not the one in the key`);
}

const HIGH_SURROGATE = /[\ud800-\udbff]/;

function codePoints(text: string): number {
  let count = text.length;
  if (!HIGH_SURROGATE.test(text)) return count;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(i + 1);
    if (next >= 0xdc00 && next <= 0xdfff) count--;
  }
  return count;
}

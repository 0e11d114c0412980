import { Temporal } from 'temporal-polyfill';
import type { SampleRoom } from './rooms';

/** A message before it is given the shape of one of the writers in the field. */
export interface ChatMessage {
  readonly room: SampleRoom;
  readonly messageId: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  /** Epoch ms. */
  readonly instantMs: number;
  readonly timeZone: string;
}

export type MessageBody = Readonly<Record<string, unknown>>;

/** The fields that every writer in the field has in mind, in the spelling of the newest. */
export function plainBody(message: ChatMessage): MessageBody {
  const { room, messageId, role, content, instantMs } = message;
  const timestamp = new Date(instantMs).toISOString();
  return { message_id: messageId, user_id: room.user, room_id: room.room, timestamp, role, content };
}

interface Shape {
  /** Every so many messages of a role: no shape is left to chance. */
  readonly every: number;
  readonly of?: ChatMessage['role'];
  readonly reshape: (body: MessageBody, message: ChatMessage) => MessageBody;
}

const SHAPES: readonly Shape[] = [
  { every: 9, reshape: ({ message_id, ...rest }) => ({ id: message_id, ...rest }) },
  { every: 7, reshape: ({ user_id: _user, ...rest }) => rest },
  { every: 29, reshape: ({ timestamp: _timestamp, ...rest }) => rest },
  { every: 11, reshape: (body, { instantMs }) => ({ ...body, timestamp: withoutZone(instantMs) }) },
  { every: 8, reshape: (body, { instantMs, timeZone }) => ({ ...body, timestamp: withOffset(instantMs, timeZone) }) },
  { every: 17, of: 'user', reshape: (body, message) => ({ ...body, attachments: attachmentsOf(message) }) },
  { every: 2, of: 'assistant', reshape: (body, message) => ({ ...body, agent_info: agentInfoOf(message) }) },
  { every: 6, of: 'assistant', reshape: (body, message) => ({ ...body, context: contextOf(message) }) },
  { every: 23, of: 'assistant', reshape: (body, message) => ({ ...body, generated_images: imagesOf(message) }) },
  { every: 31, of: 'assistant', reshape: (body, message) => ({ ...body, images: imagesOf(message) }) },
  { every: 19, of: 'assistant', reshape: (body) => ({ ...body, crawl_sources: CRAWLED }) },
  { every: 13, of: 'user', reshape: (body) => ({ ...body, context: null, attachments: [] }) },
];

/** Gives a tenant's messages their shapes, in turn. */
export class ShapeRota {
  readonly #count = { user: 0, assistant: 0 };

  next(message: ChatMessage): MessageBody {
    const number = this.#count[message.role]++;
    const shapes = SHAPES.filter(
      ({ every, of }) => (of ?? message.role) === message.role && number % every === every - 1,
    );
    return shapes.reduce((body, { reshape }) => reshape(body, message), plainBody(message));
  }
}

/** As Python writes a naive time: microseconds, and no zone, which means UTC. */
function withoutZone(instantMs: number): string {
  return new Date(instantMs).toISOString().replace('Z', '000');
}

function withOffset(instantMs: number, timeZone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone);
  return local.toString({ timeZoneName: 'never', fractionalSecondDigits: 3 });
}

/** A number that differs from message to message, for sizes and durations. */
function numberOf({ messageId }: ChatMessage, max: number): number {
  return Number.parseInt(messageId.slice(-6), 16) % max;
}

function attachmentsOf(message: ChatMessage): readonly object[] {
  const photo = { name: '写真 1.jpg', content_type: 'image/jpeg', size: 180_000 + numberOf(message, 90_000) };
  const paper = { name: 'notes.pdf', content_type: 'application/pdf', size: 20_000 + numberOf(message, 40_000) };
  return numberOf(message, 3) === 0 ? [photo, paper] : [photo];
}

function agentInfoOf(message: ChatMessage): object {
  return {
    mode: ['chat', 'search', 'writing'][numberOf(message, 3)],
    execution_time_ms: 400 + numberOf(message, 9000) + 0.5,
    tokens_used: 60 + numberOf(message, 1900),
  };
}

function contextOf(message: ChatMessage): object {
  const source = (page: number) => ({ document: 'handbook.md', page, score: 0.5 + numberOf(message, 50) / 100 });
  return { rag_sources: numberOf(message, 2) === 0 ? [source(3)] : [source(7), source(12)], locale: message.timeZone };
}

function imagesOf(message: ChatMessage): readonly object[] {
  return [{ url: `generated/${message.messageId}.png`, width: 1024, height: 768, prompt: '水彩の朝の台所' }];
}

const CRAWLED: readonly object[] = [{ url: 'https://example.com/recipes/ginger', title: 'Ginger, five ways' }];

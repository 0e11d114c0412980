import type { ColumnValue } from '../parquet/schema';
import type { Message } from './contract';

/** What is counted of a room's or a user's messages of one day. All fields add up over disjoint sets of messages. */
export interface Tally {
  messages: number;
  userMessages: number;
  assistantMessages: number;
  contentLength: number;
  tokensUsed: number;
  attachments: number;
  /** Epoch ms; Infinity and -Infinity while there is no message. */
  firstAt: number;
  lastAt: number;
}

export function emptyTally(): Tally {
  return {
    messages: 0,
    userMessages: 0,
    assistantMessages: 0,
    contentLength: 0,
    tokensUsed: 0,
    attachments: 0,
    firstAt: Number.POSITIVE_INFINITY,
    lastAt: Number.NEGATIVE_INFINITY,
  };
}

export function countMessage(tally: Tally, message: Message): void {
  tally.messages += 1;
  if (message.role === 'user') tally.userMessages += 1;
  if (message.role === 'assistant') tally.assistantMessages += 1;
  tally.contentLength += message.contentLength;
  tally.tokensUsed += message.agentTokensUsed ?? 0;
  tally.attachments += message.attachmentCount;
  tally.firstAt = Math.min(tally.firstAt, message.timestampMs);
  tally.lastAt = Math.max(tally.lastAt, message.timestampMs);
}

export function addTally(into: Tally, other: Tally): void {
  into.messages += other.messages;
  into.userMessages += other.userMessages;
  into.assistantMessages += other.assistantMessages;
  into.contentLength += other.contentLength;
  into.tokensUsed += other.tokensUsed;
  into.attachments += other.attachments;
  into.firstAt = Math.min(into.firstAt, other.firstAt);
  into.lastAt = Math.max(into.lastAt, other.lastAt);
}

/** The columns that rooms and users share, in the order of their schemas. */
export function tallyColumns(tally: Tally): ColumnValue[] {
  return [
    tally.messages,
    tally.userMessages,
    tally.assistantMessages,
    tally.contentLength,
    tally.tokensUsed,
    tally.firstAt,
    tally.lastAt,
  ];
}

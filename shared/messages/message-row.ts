import type { ColumnValue } from '../parquet/schema';
import type { Message } from './contract';

/** A message as a row of the `messages` dataset: the values in the order of its columns. */
export function messageRow(tenant: string, businessDate: number, hour: number, message: Message): ColumnValue[] {
  return [
    tenant,
    message.key.user,
    message.key.room,
    message.messageId,
    message.timestampMs,
    businessDate,
    hour,
    message.role,
    message.content,
    message.contentLength,
    message.attachmentCount > 0,
    message.attachmentCount,
    message.generatedImageCount,
    message.ragSourceCount,
    message.agentMode,
    message.agentExecutionTimeMs,
    message.agentTokensUsed,
    message.attachments,
    message.generatedImages,
    message.context,
    message.extra,
    message.key.key,
  ];
}

import { InputChangedError, StorageError } from '../../errors';
import { judgeMessage, judgeUnread, MAX_MESSAGE_BYTES, type Verdict } from '../../messages/contract';
import type { MessageKey } from '../../messages/message-key';
import type { ObjectStore } from '../../ports/object-store';

/** A message's object as it is in storage now, and what today's contract says of it. */
export interface CurrentMessage {
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
  /** Undefined where it is too large to be read. */
  readonly body: Uint8Array | undefined;
  readonly verdict: Verdict;
}

/** @returns undefined where the object is gone. @throws StorageError; InputChangedError where it is changed while it is looked at */
export async function currentMessage(data: ObjectStore, key: MessageKey): Promise<CurrentMessage | undefined> {
  const entry = await data.head(key.key);
  if (entry === undefined) return undefined;
  const { etag, size } = entry;
  if (size > MAX_MESSAGE_BYTES) return { etag, size, body: undefined, verdict: judgeUnread(key, size) };
  try {
    const { body } = await data.read(key.key, { ifMatch: etag });
    return { etag, size, body, verdict: judgeMessage(key, body) };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (error.code === 'object_not_found') return undefined;
    throw error.code === 'precondition_failed' ? new InputChangedError(key.key, error) : error;
  }
}

import type { BatchPlatform } from '../../batch/batch-platform';
import { allItems } from '../../messages/pages';
import type { UserTraces } from './user-traces';

/** What of the user the chat product still has, which is not the batch's to delete. */
export interface LeftBehind {
  /** The prefix of the user's messages; missing where there is none. */
  readonly prefix?: string;
  /** Items of the metadata store, each as its PK and SK. */
  readonly items: readonly string[];
}

/** @throws StorageError, MetadataError */
export async function leftBehind(
  { dataStore, metadata }: Pick<BatchPlatform, 'dataStore' | 'metadata'>,
  traces: UserTraces,
): Promise<LeftBehind> {
  const { tenant, user, prefix } = traces;
  const { entries, next } = await dataStore(tenant).list(prefix);
  const items: string[] = [];
  const known = await metadata.get(`TENANT#${tenant}`, `USER#${user}`);
  if (known !== undefined) items.push(`${known.item.PK} / ${known.item.SK}`);
  const rooms = { partition: `TENANT#${tenant}#USER#${user}`, attributes: [] };
  for await (const { PK, SK } of allItems(metadata, rooms)) items.push(`${PK} / ${SK}`);
  return { ...(entries.length > 0 || next !== undefined ? { prefix } : {}), items };
}

import { MetadataError } from '../errors';
import { orderedMap } from '../ordered-map';
import type { MetadataItem, MetadataStore } from '../ports/metadata-store';
import type { RoomId } from './message-key';
import { allItems } from './pages';
import { readCount } from './room-weights';
import { parseTimestamp } from './timestamp';

/** Partitions are read side by side: each is one small query. */
const QUERIES_AT_ONCE = 8;
const USER_PREFIX = 'USER#';
const ROOM_PREFIX = 'CHAT#';

/** A room as the chat product's metadata knows it. */
export interface KnownRoom extends RoomId {
  readonly title: string | null;
  /** Epoch ms; undefined where the metadata has none that can be read. */
  readonly updatedAtMs: number | undefined;
  /** The messages that the room ever had; undefined where the metadata does not say. */
  readonly count: number | undefined;
}

export interface KnownUser {
  readonly user: string;
  readonly rooms: readonly KnownRoom[];
}

/**
 * Every user of a tenant that the metadata store knows, with its rooms; all pages of all queries.
 *
 * @throws MetadataError `metadata_item_invalid` where a user's or room's id cannot be part of a key: such an item would
 *   make the batch read somewhere else, so the tenant fails by name
 */
export async function* knownUsers(metadata: MetadataStore, tenant: string): AsyncGenerator<KnownUser, void, undefined> {
  const users = allItems(metadata, { partition: `TENANT#${tenant}`, sortKeyPrefix: USER_PREFIX, attributes: [] });
  yield* orderedMap(users, QUERIES_AT_ONCE, async (item) => {
    const user = idOf(item, USER_PREFIX);
    return { user, rooms: await roomsOf(metadata, tenant, user) };
  });
}

async function roomsOf(metadata: MetadataStore, tenant: string, user: string): Promise<KnownRoom[]> {
  const rooms: KnownRoom[] = [];
  const query = {
    partition: `TENANT#${tenant}#USER#${user}`,
    sortKeyPrefix: ROOM_PREFIX,
    attributes: ['updated_at', 'title', 'message_count'],
  };
  for await (const item of allItems(metadata, query)) {
    const { updated_at: updatedAt, title, message_count: count } = item;
    rooms.push({
      user,
      room: idOf(item, ROOM_PREFIX),
      title: typeof title === 'string' ? title.toWellFormed() : null,
      updatedAtMs: typeof updatedAt === 'string' ? parseTimestamp(updatedAt) : undefined,
      count: readCount(count),
    });
  }
  return rooms;
}

function idOf(item: MetadataItem, prefix: string): string {
  const id = item.SK.slice(prefix.length);
  if (isKeyPart(id)) return id;
  throw new MetadataError(
    `The metadata item PK ${JSON.stringify(item.PK)}, SK ${JSON.stringify(item.SK)} names an id that cannot be part of a key: ` +
      'it must not be empty, "." or "..", nor hold a slash, a backslash or a control character. Correct or remove the item.',
    { code: 'metadata_item_invalid', kind: 'configuration' },
  );
}

/** Whether an id can stand between two slashes of a key. */
function isKeyPart(id: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return id !== '' && id !== '.' && id !== '..' && id.isWellFormed() && !/[/\\\u0000-\u001f\u007f]/u.test(id);
}

import { MemoryMetadataStore } from '../../shared/local/memory-metadata-store';
import type { MetadataItem, MetadataPage, MetadataQuery, MetadataStore } from '../../shared/ports/metadata-store';
import type { Corpus } from '../blob-server/corpus';
import type { CorpusRoom } from '../blob-server/corpus-rooms';

/** Items in a page of a query. */
const PAGE = 1000;

/**
 * What the chat product has written of a corpus: its users and rooms, made when they are asked for, as they would come from a service. What the
 * batch writes is kept in memory.
 */
export class CorpusMetadata implements MetadataStore {
  readonly name = 'corpus';
  readonly #own = new MemoryMetadataStore();
  /** Rooms by their user, both in order. */
  readonly #rooms = new Map<string, CorpusRoom[]>();

  constructor(
    private readonly tenant: string,
    private readonly corpus: Corpus,
  ) {
    for (const room of corpus.rooms) {
      const rooms = this.#rooms.get(room.user);
      if (rooms === undefined) this.#rooms.set(room.user, [room]);
      else rooms.push(room);
    }
    for (const rooms of this.#rooms.values()) rooms.sort((a, b) => (a.room < b.room ? -1 : 1));
  }

  get(...key: Parameters<MetadataStore['get']>): ReturnType<MetadataStore['get']> {
    return this.#own.get(...key);
  }

  put(...write: Parameters<MetadataStore['put']>): ReturnType<MetadataStore['put']> {
    return this.#own.put(...write);
  }

  async query(query: MetadataQuery, continuation?: string): Promise<MetadataPage> {
    const { partition, sortKeyPrefix = '' } = query;
    const users = `TENANT#${this.tenant}`;
    if (partition === users && sortKeyPrefix === 'USER#') {
      return pageOf([...this.#rooms.keys()], continuation, (user) => ({
        PK: users,
        SK: `USER#${user}`,
        user_id: user,
      }));
    }
    const rooms = partition.startsWith(`${users}#USER#`) && sortKeyPrefix === 'CHAT#';
    if (!rooms) return this.#own.query(query, continuation);
    const user = partition.slice(`${users}#USER#`.length);
    return pageOf(this.#rooms.get(user) ?? [], continuation, (room) => this.#itemOf(partition, room));
  }

  #itemOf(partition: string, room: CorpusRoom): MetadataItem {
    return {
      PK: partition,
      SK: `CHAT#${room.room}`,
      room_id: room.room,
      title: `Room ${room.index}`,
      message_count: this.corpus.messagesInRoom,
      updated_at: new Date(this.corpus.lastInstant(room)).toISOString(),
      status: 'active',
    };
  }
}

function pageOf<Item>(
  items: readonly Item[],
  continuation: string | undefined,
  itemOf: (item: Item) => MetadataItem,
): MetadataPage {
  const start = Number(continuation ?? 0);
  const page = items.slice(start, start + PAGE).map(itemOf);
  return start + PAGE < items.length ? { items: page, next: String(start + PAGE) } : { items: page };
}

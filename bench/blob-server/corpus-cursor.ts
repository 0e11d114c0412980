import type { Corpus } from './corpus';
import type { CorpusRoom } from './corpus-rooms';
import type { ListedBlob } from './list-xml';
import { lowerBound, type NameCursor } from './name-cursor';

/** The messages of a corpus in the order of their keys. */
export class CorpusNames {
  readonly #rooms: readonly CorpusRoom[];
  readonly #prefixes: readonly string[];

  constructor(private readonly corpus: Corpus) {
    this.#rooms = [...corpus.rooms].sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
    this.#prefixes = this.#rooms.map(({ prefix }) => prefix);
  }

  /** Stands at the first key that is not before the given one. */
  from(key: string): NameCursor {
    const { corpus } = this;
    const rooms = this.#rooms;
    const prefixes = this.#prefixes;
    let place = 0;
    let ordinal = 0;
    let entry: ListedBlob | undefined;

    const enter = () => {
      if (ordinal === corpus.messagesInRoom) {
        ordinal = 0;
        place += 1;
      }
      const room = rooms[place];
      entry = room && entryOf(corpus, room, ordinal);
    };
    const seek = (wanted: string) => {
      place = lowerBound(prefixes.length, (index) => (prefixes[index] as string) <= wanted) - 1;
      const room = rooms[place];
      if (room === undefined) place = ordinal = 0;
      else ordinal = lowerBound(corpus.messagesInRoom, (index) => corpus.message(room, index).key < wanted);
      enter();
    };
    seek(key);
    return {
      entry: () => entry,
      advance: () => {
        ordinal += 1;
        enter();
      },
      seek,
    };
  }
}

function entryOf(corpus: Corpus, room: CorpusRoom, ordinal: number): ListedBlob {
  const message = corpus.message(room, ordinal);
  return { key: message.key, etag: etagOfMessage(message), size: message.bytes };
}

export function etagOfMessage({ id }: { readonly id: string }): string {
  return `0x8${id.slice(1)}`;
}

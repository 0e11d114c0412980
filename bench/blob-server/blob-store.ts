import { Corpus, type CorpusShape, messageBytes } from './corpus';
import { CorpusNames, etagOfMessage } from './corpus-cursor';
import type { ListedBlob } from './list-xml';
import type { NameCursor } from './name-cursor';
import { type FoundBlob, WrittenBlobs } from './written-blobs';

export interface ListedPage {
  readonly blobs: readonly ListedBlob[];
  readonly prefixes: readonly string[];
  readonly nextMarker: string;
}

export interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly marker: string;
  /** A whole name: what is before it is left out. */
  readonly startFrom: string;
  readonly maxResults: number;
}

const AFTER_ALL = '\uffff';

/** One container: the messages of a corpus, made when they are asked for, and what was written. */
export class BlobStore {
  readonly #corpus: Corpus;
  readonly #names: CorpusNames;
  readonly #written = new WrittenBlobs();
  /** Messages of the corpus that are no more. */
  readonly #deleted = new Set<string>();

  constructor(shape: CorpusShape) {
    this.#corpus = new Corpus(shape);
    this.#names = new CorpusNames(this.#corpus);
  }

  find(key: string): FoundBlob | undefined {
    const written = this.#written.find(key);
    if (written !== undefined) return written;
    const message = this.#deleted.has(key) ? undefined : this.#corpus.find(key);
    return message && { etag: etagOfMessage(message), bytes: messageBytes(message) };
  }

  put(key: string, bytes: Buffer): string {
    return this.#written.put(key, bytes);
  }

  putBlock(key: string, id: string, bytes: Buffer): void {
    this.#written.putBlock(key, id, bytes);
  }

  commit(key: string, ids: readonly string[]): string | undefined {
    return this.#written.commit(key, ids);
  }

  /** @returns whether it was there */
  delete(key: string): boolean {
    const isThere = this.find(key) !== undefined;
    this.#written.delete(key);
    if (isThere) this.#deleted.add(key);
    return isThere;
  }

  /** Forgets whatever was written or deleted. */
  reset(): void {
    this.#written.clear();
    this.#deleted.clear();
  }

  list({ prefix, delimiter, marker, startFrom, maxResults }: ListQuery): ListedPage {
    const blobs: ListedBlob[] = [];
    const prefixes: string[] = [];
    const start = [prefix, marker, startFrom].reduce((a, b) => (a < b ? b : a));
    const cursors = [this.#written.from(start), this.#names.from(start)];
    for (let entry = firstOf(cursors); entry?.key.startsWith(prefix); entry = firstOf(cursors)) {
      const { key } = entry;
      if (this.#deleted.has(key) && this.#written.find(key) === undefined) {
        pass(cursors, key);
        continue;
      }
      if (blobs.length + prefixes.length === maxResults) return { blobs, prefixes, nextMarker: key };
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      if (end === -1) {
        blobs.push(entry);
        pass(cursors, key);
      } else {
        const folder = key.slice(0, end + delimiter.length);
        prefixes.push(folder);
        for (const cursor of cursors) cursor.seek(`${folder}${AFTER_ALL}`);
      }
    }
    return { blobs, prefixes, nextMarker: '' };
  }
}

/** What stands first; of the same key that of the first cursor. */
function firstOf(cursors: readonly NameCursor[]): ListedBlob | undefined {
  let first: ListedBlob | undefined;
  for (const cursor of cursors) {
    const entry = cursor.entry();
    if (entry !== undefined && (first === undefined || entry.key < first.key)) first = entry;
  }
  return first;
}

function pass(cursors: readonly NameCursor[], key: string): void {
  for (const cursor of cursors) if (cursor.entry()?.key === key) cursor.advance();
}

import { z } from 'zod';
import { StorageError, SyncOverlapsError } from '../errors';
import type { ObjectStore } from '../ports/object-store';
import type { FetchedChannel } from './fetched-channel';
import { readJson, writeJson } from './work-json';

/** The API's terms want data that is older to be read again. */
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

const listedPage = z.object({
  /** Of the page itself; the first one has none. */
  token: z.string().nullable(),
  etag: z.string().nullable(),
  total: z.number().nullable(),
  ids: z.array(z.string()),
  next: z.string().nullable(),
});

/** A page of the uploads list, as it was read. */
export type ListedPage = z.infer<typeof listedPage>;

const uploadsState = z.object({
  /** The pages from the first one on, as far as the list was read. */
  pages: z.array(listedPage),
  /** Ids that were found at the list's top after its pages were read. */
  fresh: z.array(z.string()),
  /** Ids of an attempt to read the list that was given up. */
  earlier: z.array(z.string()),
  complete: z.boolean(),
  rereads: z.number(),
});

/** How far the uploads list is read. */
export type UploadsState = z.infer<typeof uploadsState>;

const reading = z.object({
  version: z.literal(1),
  channelId: z.string(),
  /** Goes up with everyone who takes the reading over: names the lots, so that no two ever write the same one. */
  claim: z.number(),
  begunBy: z.string(),
  begunAt: z.string(),
  /** The run that worked on it last, and the units that it spent. */
  run: z.string(),
  units: z.number(),
  list: uploadsState,
  lots: z.array(z.object({ key: z.string(), ids: z.array(z.string()) })),
  gone: z.array(z.string()),
  replacedCharacters: z.number(),
  /** What the reading came to, once it is done. */
  result: z
    .object({
      channelId: z.string(),
      paper: z.string(),
      videos: z.number(),
      units: z.number(),
      notices: z.object({
        atListLimit: z.boolean(),
        rereads: z.number(),
        replacedCharacters: z.number(),
        resumed: z.boolean(),
      }),
    })
    .nullable(),
});

/** The reading of a channel: what there is of it, and so what is missing. Changed in place while it goes on. */
export type Reading = z.infer<typeof reading>;

/** A reading's object in the store. Only one can write it: who finds that another has done so gives up. */
export class FetchProgress {
  readonly #store: ObjectStore;
  readonly #key: string;
  #etag: string | undefined;
  /** The reading as it was found; undefined where there was none, or one that cannot be used. */
  readonly found: Reading | undefined;

  private constructor(store: ObjectStore, key: string, etag: string | undefined, found: Reading | undefined) {
    this.#store = store;
    this.#key = key;
    this.#etag = etag;
    this.found = found;
  }

  static async open(store: ObjectStore, key: string): Promise<FetchProgress> {
    const stored = await readJson(store, key, reading);
    return new FetchProgress(store, key, stored?.etag, stored?.value);
  }

  /** What `run` has made of the channel, if it is done. */
  resultOf(run: string): FetchedChannel | undefined {
    return this.found?.run === run ? (this.found.result ?? undefined) : undefined;
  }

  /** @throws SyncOverlapsError where somebody else has written since this was opened or saved */
  async save(state: Reading): Promise<void> {
    const onlyIf = this.#etag === undefined ? ('absent' as const) : { etag: this.#etag };
    try {
      this.#etag = await writeJson(this.#store, this.#key, state, { onlyIf });
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'precondition_failed') throw error;
      throw new SyncOverlapsError(state.channelId, error);
    }
  }

  /** Whether what was saved last is still what is there. */
  async stands(): Promise<boolean> {
    return (await this.#store.head(this.#key))?.etag === this.#etag;
  }
}

export interface ReadingStart {
  readonly channelId: string;
  readonly run: string;
  readonly nowMs: number;
  /** Not to go on with what another run has begun. */
  readonly force: boolean;
}

/** The reading that a run works on: the one that was found, where it can be gone on with, else a new one. */
export function readingFor(found: Reading | undefined, start: ReadingStart): Reading {
  const claim = (found?.claim ?? 0) + 1;
  if (found === undefined || !canGoOn(found, start)) return newReading(start, claim);
  return { ...found, claim, run: start.run, units: found.run === start.run ? found.units : 0 };
}

function canGoOn({ channelId, result, begunBy, begunAt }: Reading, start: ReadingStart): boolean {
  if (result !== null || channelId !== start.channelId) return false;
  if (start.force && begunBy !== start.run) return false;
  return start.nowMs - Date.parse(begunAt) <= MAX_AGE_MS;
}

function newReading({ channelId, run, nowMs }: ReadingStart, claim: number): Reading {
  const begunAt = new Date(nowMs).toISOString();
  const list = { pages: [], fresh: [], earlier: [], complete: false, rereads: 0 };
  const nothingYet = { units: 0, list, lots: [], gone: [], replacedCharacters: 0, result: null };
  return { version: 1, channelId, claim, begunBy: run, begunAt, run, ...nothingYet };
}

/** Ids that need not be asked for any more. */
export function answeredIds({ lots, gone }: Pick<Reading, 'lots' | 'gone'>): Set<string> {
  return new Set([...lots.flatMap(({ ids }) => ids), ...gone]);
}

/** What remains to be kept of a reading that is done. */
export function doneReading(done: Reading, result: FetchedChannel): Reading {
  return { ...done, list: { ...done.list, pages: [], fresh: [], earlier: [] }, lots: [], gone: [], result };
}

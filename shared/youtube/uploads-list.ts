import { YoutubeError } from '../errors';
import type { Log } from '../ports/log';
import type { ListedPage, UploadsState } from './fetch-progress';

/** How often one step reads a list again that changes while it is read. */
const MAX_REREADS = 2;
/** Pages between two savings: what a crash can cost. */
const PAGES_A_SAVING = 20;

/** Reads a page; the first one has no token. */
export type PageSource = (token: string | null) => Promise<ListedPage>;

export interface UploadsTools {
  readonly readPage: PageSource;
  readonly save: () => Promise<void>;
  readonly log: Log;
}

/** Every id that was seen, once: the list as it was read last, newest first, and then what only an earlier reading had. */
export function listedIds({ fresh, pages, earlier }: UploadsState): string[] {
  return [...new Set([...fresh, ...pages.flatMap(({ ids }) => ids), ...earlier])];
}

/**
 * Reads the uploads list to its end, from where `list` stands, and brings `list` up to date as it goes.
 *
 * Page tokens are places in the list. A new upload while it is read moves the rest down: ids come twice, and the top is looked at again. A video
 * that vanishes moves the rest up, and one comes never: the total that the API gives with each page goes down, and the list is
 * read from the start, at once. What was seen stays listed: whether it is still there is for videos.list to say.
 *
 * @throws YoutubeError
 */
export async function listUploads(list: UploadsState, tools: UploadsTools): Promise<void> {
  await new UploadsReading(list, tools).run();
}

class UploadsReading {
  readonly #list: UploadsState;
  readonly #tools: UploadsTools;
  #rereadsLeft = MAX_REREADS;
  /** Whether the next page is the first one of this step: its token may be old. */
  #atOldToken: boolean;
  /** Whether there may be videos at the top that the pages do not have. */
  #grown: boolean;
  /** Ids of the pages of the current attempt. */
  readonly #seen: Set<string>;

  constructor(list: UploadsState, tools: UploadsTools) {
    this.#list = list;
    this.#tools = tools;
    this.#atOldToken = list.pages.length > 0;
    this.#grown = this.#atOldToken;
    this.#seen = new Set(list.pages.flatMap(({ ids }) => ids));
  }

  async run(): Promise<void> {
    const goesOn = this.#atOldToken;
    for (let read = 1; !this.#list.complete; read++) {
      await this.#readOn();
      if (this.#list.complete || read % PAGES_A_SAVING === 0) await this.#tools.save();
    }
    // Of a list that an earlier step has begun, the top is old for certain: looking there is no reading again.
    if (this.#grown && goesOn) this.#grown = await this.#readTop();
    while (this.#grown && this.#mayReadAgain()) this.#grown = await this.#readTop();
  }

  /** Reads one page more, or finds that the list must be read from the start. */
  async #readOn(): Promise<void> {
    const before = this.#list.pages.at(-1);
    const page = await this.#nextPage(before?.next ?? null);
    if (page === undefined) return this.#startAgain();
    if (before !== undefined && hasShrunk(before, page) && this.#mayReadAgain()) return this.#startAgain(page.ids);
    if (page.ids.some((id) => this.#seen.has(id))) this.#grown = true;
    if ([...this.#list.pages, page].some(({ token }) => token !== null && token === page.next)) throw endless(page);
    for (const id of page.ids) this.#seen.add(id);
    this.#list.pages.push(withTotal(page, before));
    this.#list.complete = page.next === null;
  }

  /** Undefined where the token is not good any more, and the list can be read from the start. */
  async #nextPage(token: string | null): Promise<ListedPage | undefined> {
    const isOld = this.#atOldToken;
    this.#atOldToken = false;
    try {
      return await this.#tools.readPage(token);
    } catch (error) {
      const tokenIsBad = error instanceof YoutubeError && error.code === 'youtube_page_token_invalid';
      if (tokenIsBad && token !== null && (isOld || this.#mayReadAgain())) return undefined;
      throw error;
    }
  }

  #startAgain(alsoSeen: readonly string[] = []): void {
    this.#list.earlier = [...new Set([...listedIds(this.#list), ...alsoSeen])];
    this.#list.fresh = [];
    this.#list.pages = [];
    this.#seen.clear();
    this.#grown = false;
  }

  /**
   * Reads pages from the top until one has nothing new.
   *
   * @returns whether the list has changed meanwhile, so that it must be done once more
   */
  async #readTop(): Promise<boolean> {
    const known = new Set(listedIds(this.#list));
    const walked = new Set<string>();
    const found: string[] = [];
    let changed = false;
    let before: ListedPage | undefined;
    do {
      const page: ListedPage = await this.#tools.readPage(before?.next ?? null);
      const fresh = page.ids.filter((id) => !known.has(id));
      found.push(...fresh);
      for (const id of fresh) known.add(id);
      changed ||= page.ids.some((id) => walked.has(id)) || (before !== undefined && hasShrunk(before, page));
      for (const id of page.ids) walked.add(id);
      before = fresh.length === 0 ? undefined : withTotal(page, before);
    } while (before !== undefined && before.next !== null);
    this.#list.fresh = [...found, ...this.#list.fresh];
    return changed;
  }

  #mayReadAgain(): boolean {
    if (this.#rereadsLeft === 0) {
      this.#tools.log.warn(
        'The uploads list changes faster than it is read: the next sync finds what this one has missed.',
      );
      return false;
    }
    this.#rereadsLeft -= 1;
    this.#list.rereads += 1;
    return true;
  }
}

function hasShrunk(before: ListedPage, page: ListedPage): boolean {
  return before.total !== null && page.total !== null && page.total < before.total;
}

/** A page that does not say how long the list is leaves it at what was last said. */
function withTotal(page: ListedPage, before: ListedPage | undefined): ListedPage {
  return { ...page, total: page.total ?? before?.total ?? null };
}

function endless({ next }: ListedPage): YoutubeError {
  return new YoutubeError(`The uploads list does not end: the page ${JSON.stringify(next)} follows itself.`, {
    code: 'youtube_answer_invalid',
    kind: 'permanent',
  });
}

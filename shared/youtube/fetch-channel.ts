import { SyncOverlapsError } from '../errors';
import { errorDimensions } from '../logging/error-dimensions';
import type { ChannelName } from '../ports/youtube-api';
import { channelNameText } from './channel-names';
import { failedStart } from './failed-start';
import { answeredIds, doneReading, FetchProgress, type Reading, readingFor } from './fetch-progress';
import type { ChannelPaper, FetchedChannel } from './fetched-channel';
import { type FoundChannel, findChannel } from './find-channel';
import { readHandle, writeHandle } from './handle-note';
import { MeteredReading } from './metered-reading';
import { stopFailure } from './reading-stop';
import type { SyncContext } from './sync-context';
import { progressKey, uploadsPagesKey, videoLotKey } from './sync-paths';
import { unitsLeft } from './units-left';
import { listedIds, listUploads } from './uploads-list';
import { readUploadsPages, type StoredPage, uploadsPageSource, writeUploadsPages } from './uploads-pages';
import { readDetails } from './video-details';
import { writeJson } from './work-json';
import { channelPaperKey, channelWorkFolder } from './work-paths';
import { removeObjectsBelow } from './work-sweep';

/** As many items as an uploads list has ever been seen to show (github.com/mattwright324/youtube-metadata, issues 177 and 207). */
const LONGEST_LIST = 20_000;

/**
 * Reads a whole channel into objects: every video that its uploads list or the database names. For N videos, and a list that does not change
 * meanwhile, it costs at most `1 + 2·⌈N/50⌉` units.
 *
 * It can stop at any request or write. What it has by then stays, and the next call goes on from there, in this run or another. A run that
 * has done it gets the same result again, without a request.
 *
 * @param options.force not to go on with what another run has begun
 * @throws YoutubeError; SyncOverlapsError where another call reads the same channel; StorageError, MetadataError, DatabaseError, SecretError,
 *   SettingsError
 */
export async function fetchChannel(
  context: SyncContext,
  name: ChannelName,
  { force }: { readonly force: boolean },
): Promise<FetchedChannel> {
  const before = await resultBefore(context, name);
  if (before !== undefined) return before;
  return MeteredReading.run(context, channelNameText(name), async (metered) => {
    const found = await foundChannel(context, name, metered);
    const { output, tenant, run, clock } = context;
    const { id: channelId } = found.normal.channel;
    if ('handle' in name) await writeHandle(output, tenant, run, name.handle, channelId);
    const progress = await FetchProgress.open(output, progressKey(tenant, channelId));
    const done = progress.resultOf(run);
    if (done !== undefined) return done;
    const reading = readingFor(progress.found, { channelId, run, nowMs: clock.now(), force });
    return new ChannelReading(context, found, metered, progress, reading).run();
  });
}

async function foundChannel(context: SyncContext, name: ChannelName, metered: MeteredReading): Promise<FoundChannel> {
  try {
    return await findChannel(await metered.api(1), name);
  } catch (error) {
    throw await failedStart(error, context, name, metered.spent);
  }
}

/** What an earlier try of this step has come to. */
async function resultBefore({ output, tenant, run }: SyncContext, name: ChannelName) {
  const channelId = 'id' in name ? name.id : await readHandle(output, tenant, run, name.handle);
  if (channelId === undefined) return undefined;
  return (await FetchProgress.open(output, progressKey(tenant, channelId))).resultOf(run);
}

class ChannelReading {
  readonly #context: SyncContext;
  readonly #found: FoundChannel;
  readonly #metered: MeteredReading;
  readonly #progress: FetchProgress;
  readonly #reading: Reading;
  /** Units that earlier tries of this run's step have spent. */
  readonly #unitsBefore: number;
  /** Names the folder of what this try writes. */
  readonly #reader: string;

  constructor(
    context: SyncContext,
    found: FoundChannel,
    metered: MeteredReading,
    progress: FetchProgress,
    reading: Reading,
  ) {
    this.#context = context;
    this.#found = found;
    this.#metered = metered;
    this.#progress = progress;
    this.#reading = reading;
    this.#unitsBefore = reading.units;
    this.#reader = `${context.run}-${reading.claim}`;
  }

  async run(): Promise<FetchedChannel> {
    // From here on whoever else reads this channel finds that it has been taken over.
    await this.#save();
    try {
      await this.#read();
      return await this.#finish();
    } catch (error) {
      await this.#keep(error);
      throw stopFailure(error, this.#reading, this.#context.clock.now());
    }
  }

  async #read(): Promise<void> {
    const { tenant, output, database, log } = this.#context;
    const { channelId, list } = this.#reading;
    const stored = await readUploadsPages(this.#context, channelId);
    const api = await this.#metered.api(unitsLeft(this.#reading, this.#videosExpected(stored)));
    const save = () => this.#save();

    const { playlistId, videoCount } = this.#found;
    const mayBeMissing = (videoCount ?? 0) === 0;
    const readPage = uploadsPageSource(api, { playlistId, stored, mayBeMissing });
    // A channel without a public video has no list worth a unit, and the real API none at all.
    if (videoCount === 0) list.complete = true;
    await listUploads(list, { readPage, save, log });

    const answeredBefore = answeredIds(this.#reading);
    const known = await database.knownVideos(tenant, channelId);
    const ids = [...new Set([...listedIds(list), ...known])].filter((id) => !answeredBefore.has(id));
    const lotKey = (number: number) => videoLotKey(tenant, channelId, this.#reader, number);
    await readDetails(this.#reading, ids, { api, output, lotKey, save, log });
  }

  #videosExpected(stored: readonly StoredPage[]): number {
    return this.#found.videoCount ?? stored.reduce((sum, { ids }) => sum + ids.length, 0);
  }

  /** The order matters: only when everything else is there does the progress say that it is done. */
  async #finish(): Promise<FetchedChannel> {
    const { output, tenant } = this.#context;
    const { channelId, list, lots, gone } = this.#reading;
    const result = this.#result(channelPaperKey(tenant, channelId, this.#reader));
    const lotKeys = lots.map(({ key }) => key);
    const paper: ChannelPaper = { channel: this.#found.normal.channel, whole: true, lots: lotKeys, gone };
    await writeJson(output, result.paper, paper);
    await writeUploadsPages(this.#context, channelId, list.pages);
    await this.#progress.save(doneReading(this.#reading, result));
    await this.#removeLeftovers([result.paper, ...lotKeys]);
    return result;
  }

  #result(paper: string): FetchedChannel {
    const { channelId, begunBy, list, lots, replacedCharacters } = this.#reading;
    const listed = listedIds(list).length;
    const atListLimit = listed >= LONGEST_LIST;
    if (atListLimit) {
      this.#context.log.warn(
        `The uploads list of the channel is as long as the API shows one at the most: older videos may be missing from it.`,
        { channel: channelId, videos: listed },
      );
    }
    return {
      channelId,
      paper,
      videos: lots.reduce((sum, { ids }) => sum + ids.length, 0),
      units: this.#units(),
      notices: {
        atListLimit,
        rereads: list.rereads,
        replacedCharacters: replacedCharacters + this.#found.normal.replacedCharacters,
        resumed: begunBy !== this.#context.run,
      },
    };
  }

  #units(): number {
    return this.#unitsBefore + this.#metered.spent;
  }

  async #save(): Promise<void> {
    this.#reading.units = this.#units();
    await this.#progress.save(this.#reading);
  }

  /** Saves what there is when the reading stops. */
  async #keep(stoppedBy: unknown): Promise<void> {
    if (stoppedBy instanceof SyncOverlapsError) return;
    try {
      await this.#save();
    } catch (error) {
      // Why the reading stopped is what must be known; what was saved last is still there.
      this.#context.log.warn('What was read of a channel could not be kept.', errorDimensions(error));
    }
  }

  /** Removes what no reading needs any more: the earlier one's objects, and what was begun and never named. */
  async #removeLeftovers(inUse: readonly string[]): Promise<void> {
    const { output, tenant, log } = this.#context;
    const { channelId } = this.#reading;
    const kept = new Set([progressKey(tenant, channelId), uploadsPagesKey(tenant, channelId), ...inUse]);
    try {
      await removeObjectsBelow(
        output,
        channelWorkFolder(tenant, channelId),
        (key) => !kept.has(key),
        () => this.#progress.stands(),
      );
    } catch (error) {
      // The channel is read all the same, and the next reading removes them.
      log.warn('What earlier readings of a channel left could not be removed.', errorDimensions(error));
    }
  }
}

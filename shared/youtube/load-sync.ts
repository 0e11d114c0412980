import { readPaper } from '../messages/papers';
import { kindOf } from './catalogue';
import { CsvFiles } from './csv-files';
import { byDataset } from './csv-rows';
import { uploadCsv } from './csv-upload';
import type { ChannelPaper, FetchedChannel } from './fetched-channel';
import type { SyncContext } from './sync-context';
import { csvFolder } from './sync-paths';
import { readLatestVideos } from './video-lots';

/** What a sync has come to. */
export interface LoadedSync {
  readonly channels: number;
  /** All of them, streams too. */
  readonly videos: number;
  readonly streams: number;
  /** Videos that the database marked as removed. */
  readonly removed: number;
  readonly rowsWritten: number;
  /** The folder of the CSV files in the tenant's container. */
  readonly csv: string;
  /** Characters that were replaced because no database text can hold them. */
  readonly replacedCharacters: number;
}

/**
 * Brings what was read of the channels into CSV files, those into the tenant's container, and the same files into the
 * database, in one transaction. Nothing is loaded that is not in the container. Doing it again gives the same.
 *
 * @param fetched in the order that the rows shall have; a channel that was read under two names counts once
 * @throws StorageError, DatabaseError, BatchError `csv_file_failed`
 */
export async function loadSync(context: SyncContext, fetched: readonly FetchedChannel[]): Promise<LoadedSync> {
  const { tenant, date, run, database, options, log } = context;
  const channels = await readChannels(context, fetched);
  const files = await CsvFiles.create(options.temporaryFolder, options.csvRows);
  try {
    const written = await writeRows(context, channels, files);
    const lists = await files.finish();
    const bytes = await uploadCsv(context, lists);
    log.info('The CSV files are in the container.', { stage: 'load', videos: written.videos, bytes });
    const { rowsWritten, removed } = await database.load({
      tenant,
      date,
      files: byDataset((dataset) => lists[dataset].map(({ path }) => path)),
      wholeChannels: channels.filter(({ whole }) => whole).map(({ channel }) => channel.id),
      goneVideos: written.gone,
    });
    const { videos, streams } = written;
    const replacedCharacters = sum(channels.map((channel) => channel.replacedCharacters));
    const csv = csvFolder(tenant, run);
    return { channels: channels.length, videos, streams, removed, rowsWritten, csv, replacedCharacters };
  } finally {
    await files.remove();
  }
}

interface ReadChannel extends ChannelPaper {
  readonly replacedCharacters: number;
}

/** The papers, those of one channel put together: what was read later counts. */
async function readChannels({ output }: SyncContext, fetched: readonly FetchedChannel[]): Promise<ReadChannel[]> {
  const papers = new Map(fetched.map(({ paper, notices }) => [paper, notices.replacedCharacters]));
  const channels = new Map<string, ReadChannel>();
  for (const [key, replacedCharacters] of papers) {
    const paper = await readPaper<ChannelPaper>(output, key);
    const before = channels.get(paper.channel.id);
    channels.set(paper.channel.id, {
      channel: paper.channel,
      whole: paper.whole || before?.whole === true,
      lots: [...(before?.lots ?? []), ...paper.lots],
      gone: [...(before?.gone ?? []), ...paper.gone],
      replacedCharacters: replacedCharacters + (before?.replacedCharacters ?? 0),
    });
  }
  return [...channels.values()];
}

interface WrittenRows {
  readonly videos: number;
  readonly streams: number;
  /** Without those that were there at another moment of the reading, and so have rows. */
  readonly gone: readonly string[];
}

async function writeRows(
  { output, database, tenant }: SyncContext,
  channels: readonly ChannelPaper[],
  files: CsvFiles,
): Promise<WrittenRows> {
  const premieres = await database.premieres(tenant);
  const gone = new Set(channels.flatMap((channel) => channel.gone));
  let videos = 0;
  let streams = 0;
  for (const { channel } of channels) await files.addChannel(channel);
  const lots = channels.flatMap((channel) => channel.lots);
  for await (const video of readLatestVideos(output, lots)) {
    await files.addVideo(video, premieres);
    gone.delete(video.id);
    videos += 1;
    if (kindOf(video, premieres) === 'stream') streams += 1;
  }
  return { videos, streams, gone: [...gone] };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

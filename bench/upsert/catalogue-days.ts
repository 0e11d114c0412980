import { makeCatalogue } from '../../local/youtube/make-catalogue';
import type { CatalogueVideo } from '../../local/youtube/model';
import { channelResource, videoResource, withParts } from '../../local/youtube/resources';
import type { CatalogueFiles } from '../../shared/ports/catalogue-database';
import type { Channel, Video } from '../../shared/youtube/catalogue';
import { CsvFiles } from '../../shared/youtube/csv-files';
import { byDataset, CATALOGUE_DATASETS, type CsvRow, channelRows, videoRows } from '../../shared/youtube/csv-rows';
import { channelOf, videoOf } from '../../shared/youtube/normal-form';

export interface CatalogueSize {
  readonly videos: number;
  /** Of every video's description, in bytes of UTF-8. */
  readonly descriptionBytes: { readonly atMost: number } | { readonly exactly: number };
}

/** Rows of every dataset, without headers. */
export type DatasetRows = Readonly<Record<keyof CatalogueFiles, readonly CsvRow[]>>;

/** What a sync of one day loads, as files and as the same rows in memory. */
export interface CatalogueDay {
  readonly date: string;
  readonly channelId: string;
  readonly files: CatalogueFiles;
  readonly rows: DatasetRows;
  /** Of the rows in all five files. */
  readonly rowCount: number;
  /** Of all files. */
  readonly bytes: number;
  remove(): Promise<void>;
}

const PARTS = new Set(['snippet', 'contentDetails', 'status', 'statistics', 'liveStreamingDetails']);
/** As many as a file has by default (`YOUTUBE_CSV_ROWS`). */
const ROWS_PER_FILE = 100_000;
/** Of so many videos, one gets another title from one day to the next. */
const RETITLED = 200;

/** A channel on two days in a row: on the second one every video that shows its views has more of them, and some have another title. */
export async function catalogueDays(
  folder: string,
  size: CatalogueSize,
): Promise<readonly [CatalogueDay, CatalogueDay]> {
  const { channel, videos } = normalCatalogue(size);
  const dayAfter = videos.map((video, index) => ({
    ...video,
    title: index % RETITLED === 0 ? `${video.title} (again)` : video.title,
    viewCount: video.viewCount === null ? null : video.viewCount + 1 + (index % 1000),
  }));
  return [
    await catalogueDay(folder, '2025-08-11', channel, videos),
    await catalogueDay(folder, '2025-08-12', channel, dayAfter),
  ];
}

/** The stand-in's answers in normal form, as a sync gets them. */
function normalCatalogue({ videos, descriptionBytes }: CatalogueSize): { channel: Channel; videos: Video[] } {
  const atMost = 'atMost' in descriptionBytes ? descriptionBytes.atMost : 0;
  const catalogue = makeCatalogue({ seed: 'bench', channels: 1, videos, descriptionBytes: atMost });
  const [channel] = catalogue.channels();
  if (channel === undefined) throw new Error('The catalogue has no channel.');
  const described = (video: CatalogueVideo) =>
    'atMost' in descriptionBytes
      ? video
      : { ...video, description: { seed: video.id, bytes: descriptionBytes.exactly } };
  return {
    channel: channelOf(withParts(channelResource(channel, catalogue), PARTS)).channel,
    videos: catalogue
      .uploads(channel.id)
      .map((video) => videoOf(withParts(videoResource(described(video), channel), PARTS)).video),
  };
}

async function catalogueDay(
  folder: string,
  date: string,
  channel: Channel,
  videos: readonly Video[],
): Promise<CatalogueDay> {
  const csv = await CsvFiles.create(folder, ROWS_PER_FILE);
  await csv.addChannel(channel);
  for (const video of videos) await csv.addVideo(video, new Set());
  const lists = await csv.finish();
  const rows = [channelRows(channel), ...videos.map((video) => videoRows(video, new Set()))];
  const files = CATALOGUE_DATASETS.flatMap((dataset) => lists[dataset]);
  return {
    date,
    channelId: channel.id,
    files: byDataset((dataset) => lists[dataset].map(({ path }) => path)),
    rows: byDataset((dataset) => rows.flatMap(({ [dataset]: row }) => (row === undefined ? [] : [row]))),
    rowCount: files.reduce((sum, file) => sum + file.rows, 0),
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    remove: () => csv.remove(),
  };
}

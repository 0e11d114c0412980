import type { CatalogueDataset } from '../ports/catalogue-database';
import { type Channel, kindOf, type Video } from './catalogue';
import { clockText } from './duration';

export { CATALOGUE_COLUMNS as CSV_COLUMNS, CATALOGUE_DATASETS } from '../ports/catalogue-database';

export type CsvValue = string | number | null;
export type CsvRow = readonly CsvValue[];

/** A value for every dataset. */
export function byDataset<Value>(make: (dataset: CatalogueDataset) => Value): Record<CatalogueDataset, Value> {
  return {
    channels: make('channels'),
    channel_details: make('channel_details'),
    videos: make('videos'),
    stream_details: make('stream_details'),
    video_statistics: make('video_statistics'),
  };
}

/** Rows of some datasets; what is not named gets none. */
export type CatalogueRows = Partial<Readonly<Record<CatalogueDataset, CsvRow>>>;

export function channelRows({ id, title, handle, description, subscriberCount, iconUrl }: Channel): CatalogueRows {
  return { channels: [id, title], channel_details: [id, handle, description, subscriberCount, iconUrl] };
}

/** A row of `stream_details` only for a stream whose start is known, be it past or scheduled. */
export function videoRows(video: Video, premieres: ReadonlySet<string>): CatalogueRows {
  const { id, channelId, title, description, url, thumbnailUrl, durationSeconds, publishedAt, startedAt } = video;
  const kind = kindOf(video, premieres);
  const duration = durationSeconds === null ? null : clockText(durationSeconds);
  const rows: CatalogueRows = {
    videos: [id, title, description, url, thumbnailUrl, duration, publishedAt, channelId, kind],
    video_statistics: [id, video.viewCount, video.likeCount, video.commentCount],
  };
  return kind === 'stream' && startedAt !== null ? { ...rows, stream_details: [id, startedAt] } : rows;
}

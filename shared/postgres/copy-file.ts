import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from } from 'pg-copy-streams';
import type { CatalogueDataset } from '../ports/catalogue-database';

/** The columns as the files have them. */
const COLUMNS: Readonly<Record<CatalogueDataset, readonly string[]>> = {
  channels: ['id', 'title'],
  channel_details: ['channel_id', 'handle', 'description', 'subscriber_count', 'icon_url'],
  videos: [
    'id',
    'title',
    'description',
    'url',
    'thumbnail_url',
    'duration',
    'published_at',
    'channel_id',
    'video_type',
  ],
  stream_details: ['video_id', 'started_at'],
  video_statistics: ['video_id', 'view_count', 'like_count', 'comment_count'],
};

const CHUNK_BYTES = 256 * 1024;

export const DATASETS: readonly CatalogueDataset[] = [
  'channels',
  'channel_details',
  'videos',
  'stream_details',
  'video_statistics',
];

/** Copies a file into the transaction's table `incoming_{dataset}`, piece by piece as the server takes them. */
export async function copyFile(client: ClientBase, dataset: CatalogueDataset, path: string): Promise<void> {
  const columns = COLUMNS[dataset].join(', ');
  // HEADER match: columns in another order would be taken for each other without a word.
  const text = `COPY pg_temp.incoming_${dataset} (${columns}) FROM STDIN (FORMAT csv, HEADER match, ENCODING 'UTF8')`;
  const file = await open(path);
  // The file is open before the COPY begins: one that is not there costs no connection.
  await pipeline(file.createReadStream({ highWaterMark: CHUNK_BYTES }), client.query(from(text)));
}

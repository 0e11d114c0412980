import type { ObjectStore } from '../ports/object-store';
import type { Video } from './catalogue';

const utf8 = new TextDecoder();

/** Writes a lot of videos as JSON lines, over one that is there. @throws StorageError */
export async function writeVideoLot(store: ObjectStore, key: string, videos: readonly Video[]): Promise<void> {
  const lines = videos.map((video) => `${JSON.stringify(video)}\n`).join('');
  await store.write(key, Buffer.from(lines), { contentType: 'application/x-ndjson' });
}

/**
 * The videos of all lots, in order, with one lot in memory at a time. A video that is in several comes several times.
 *
 * @throws StorageError `object_not_found` where a lot is gone
 */
export async function* readVideoLots(
  store: ObjectStore,
  keys: readonly string[],
): AsyncGenerator<Video, void, undefined> {
  for (const key of keys) {
    const { body } = await store.read(key);
    for (const line of utf8.decode(body).split('\n')) if (line !== '') yield JSON.parse(line) as Video;
  }
}

/**
 * Every video of some lots once, as the last lot that has it says, in the order of those last places. The lots are read twice: what stays in
 * memory is one of them and the ids.
 *
 * @throws StorageError as {@link readVideoLots}
 */
export async function* readLatestVideos(
  store: ObjectStore,
  keys: readonly string[],
): AsyncGenerator<Video, void, undefined> {
  const lastPlaces = new Map<string, number>();
  let places = 0;
  for await (const { id } of readVideoLots(store, keys)) lastPlaces.set(id, places++);
  let place = 0;
  for await (const video of readVideoLots(store, keys)) if (lastPlaces.get(video.id) === place++) yield video;
}

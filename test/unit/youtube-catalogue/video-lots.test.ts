import fc from 'fast-check';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import type { Video } from '../../../shared/youtube/catalogue';
import { readLatestVideos, readVideoLots, writeVideoLot } from '../../../shared/youtube/video-lots';
import { recorded } from '../../support/store-spies';
import { sampleVideo, videoOfChannel } from './catalogues';

const keyOf = (number: number) => `t/youtube/_work/c/r/videos-${number}.jsonl`;

/** Lots of videos of few ids, so that many come several times. */
const lotsOfFewIds = fc.array(
  fc.array(videoOfChannel(fc.constantFrom('a', 'b', 'c', 'd', 'e'), 'c'), { maxLength: 4 }),
  { maxLength: 5 },
);

async function stored(lots: readonly (readonly Video[])[]): Promise<{ store: MemoryObjectStore; keys: string[] }> {
  const store = new MemoryObjectStore();
  for (const [number, videos] of lots.entries()) await writeVideoLot(store, keyOf(number), videos);
  return { store, keys: lots.map((_, number) => keyOf(number)) };
}

async function taken(videos: AsyncIterable<Video>): Promise<Video[]> {
  const all: Video[] = [];
  for await (const video of videos) all.push(video);
  return all;
}

test('lots give back every video in order', async () => {
  await fc.assert(
    fc.asyncProperty(lotsOfFewIds, async (lots) => {
      const { store, keys } = await stored(lots);

      expect(await taken(readVideoLots(store, keys))).toEqual(lots.flat());
    }),
  );
});

test('of a video that comes several times, the last one counts, in its place', async () => {
  await fc.assert(
    fc.asyncProperty(lotsOfFewIds, async (lots) => {
      const { store, keys } = await stored(lots);

      const latest = await taken(readLatestVideos(store, keys));

      const all = lots.flat();
      expect(latest).toEqual(all.filter(({ id }, place) => !all.slice(place + 1).some((later) => later.id === id)));
    }),
  );
});

test('the same videos give the same bytes, over those of an earlier try', async () => {
  const videos = [sampleVideo({ title: 'a\u2028\r\n"b' }), sampleVideo({ id: 'other' })];
  const { store } = await stored([videos]);
  const before = await store.read(keyOf(0));

  await writeVideoLot(store, keyOf(0), videos);

  expect((await store.read(keyOf(0))).body).toEqual(before.body);
});

test('a lot is read only when the videos before it are taken', async () => {
  const { store, calls } = recorded((await stored([[sampleVideo({ id: 'a' })], [sampleVideo({ id: 'b' })]])).store);
  const videos = readVideoLots(store, [keyOf(0), keyOf(1)]);

  await videos.next();

  expect(calls.map(({ key }) => key)).toEqual([keyOf(0)]);
  await videos.next();
  expect(calls.map(({ key }) => key)).toEqual([keyOf(0), keyOf(1)]);
});

test('a lot that is gone is an error, not the end', async () => {
  const { store } = await stored([[sampleVideo()]]);

  const reading = taken(readVideoLots(store, [keyOf(0), keyOf(1)]));

  await expect(reading).rejects.toMatchObject({ code: 'object_not_found' });
});

import fc from 'fast-check';
import { countsOf, makeCatalogue } from '../../../local/youtube/make-catalogue';
import type { CatalogueVideo } from '../../../local/youtube/model';
import { textOf } from '../../../local/youtube/text';

const options = fc.record({
  seed: fc.string(),
  channels: fc.nat(5),
  videos: fc.oneof(fc.nat(120), fc.array(fc.nat(60), { minLength: 1, maxLength: 3 })),
  oddities: fc.boolean(),
});

describe('a made catalogue', () => {
  it('is the same for the same options, and has as many channels and uploads as were asked for', () => {
    fc.assert(
      fc.property(options, (asked) => {
        const catalogue = makeCatalogue(asked);

        const counts = [asked.videos].flat();
        expect(makeCatalogue(asked).content()).toEqual(catalogue.content());
        expect(catalogue.channels().map(({ id }) => catalogue.uploads(id).length)).toEqual(
          Array.from({ length: asked.channels }, (_, index) => counts[index] ?? counts.at(-1)),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('differs by its seed', () => {
    const ids = ['a', 'b'].map((seed) =>
      makeCatalogue({ seed })
        .content()
        .videos.map(({ id }) => id),
    );

    expect(new Set(ids.flat()).size).toBe(ids.flat().length);
  });

  it('has ids, titles, handles and instants as YouTube has them', () => {
    const { channels, videos } = makeCatalogue({ oddities: false, channels: 6, videos: 200 }).content();

    for (const { id, handle } of channels) {
      expect(id).toMatch(/^UC[\w-]{22}$/);
      expect(handle).toMatch(/^@[\w.-]{3,30}$/);
    }
    expect(new Set(channels.map(({ handle }) => handle)).size).toBe(6);
    for (const { id, title, publishedAt, broadcast } of videos) {
      expect(id).toMatch(/^[\w-]{11}$/);
      expect(title).toMatch(/^[^{}<>]{5,100}$/);
      expect(publishedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(broadcast?.state ?? 'finished').toBe('finished');
    }
  });

  it.each<[string, (video: CatalogueVideo) => boolean]>([
    ['an upcoming stream', ({ broadcast }) => broadcast?.state === 'upcoming' && broadcast.actualStart === null],
    ['a live one without an end', ({ broadcast }) => broadcast?.state === 'live' && broadcast.actualEnd === null],
    [
      'a stream that was never held',
      ({ broadcast }) => broadcast?.state === 'finished' && broadcast.actualStart === null,
    ],
    ['a premiere', ({ premiere, broadcast }) => premiere && broadcast !== null],
    ['a members-only video', ({ membersOnly }) => membersOnly],
    ['an age-limited one', ({ ageLimited }) => ageLimited],
    ['one without thumbnails', ({ thumbnails }) => thumbnails === null],
    ['one without statistics', ({ counts }) => counts === null],
    ['one with hidden likes', ({ counts }) => counts !== null && counts.likes === null],
    ['0 seconds', ({ durationSeconds }) => durationSeconds === 0],
    ['200 hours', ({ durationSeconds }) => durationSeconds === 720_000],
    ['no duration', ({ durationSeconds, broadcast }) => durationSeconds === null && broadcast === null],
    ['a quote in a title', ({ title }) => title.includes('"')],
    ['a comma in a title', ({ title }) => title.includes(',')],
    ['a line break in a title', ({ title }) => title.includes('\n')],
    ['a title that begins with =', ({ title }) => title.startsWith('=')],
    ['a NUL in a title', ({ title }) => title.includes('\u0000')],
    ['a title of 100 characters', ({ title }) => [...title].length === 100],
    ['a description of 5,000 bytes', ({ description }) => Buffer.byteLength(textOf(description)) === 5000],
    ['a private video', ({ privacy }) => privacy === 'private'],
    ['an unlisted video', ({ privacy }) => privacy === 'unlisted'],
  ])('of the default size has %s', (_name, trait) => {
    expect(makeCatalogue().content().videos.filter(trait)).not.toHaveLength(0);
  });

  it('grows to 20,500 videos, keeps the ids that it had, and holds no descriptions in memory', () => {
    const small = makeCatalogue({ channels: 1, videos: 10 });
    const large = makeCatalogue({ channels: 1, videos: 20_500, descriptionBytes: 5000 });

    const [channel] = large.channels();
    const ids = large.uploads(channel?.id ?? '').map(({ id }) => id);
    expect(new Set(ids).size).toBe(20_500);
    expect(ids.slice(-10)).toEqual(small.uploads(channel?.id ?? '').map(({ id }) => id));
    const held = large.content().videos.filter(({ description }) => typeof description === 'string');
    expect(held.length).toBeLessThan(10);
  });

  it('is counted as a sync has to count it', () => {
    const catalogue = makeCatalogue();

    const { channels, videos, streams, premieres } = countsOf(catalogue);

    expect({ channels, videos }).toEqual({ channels: 3, videos: 184 });
    expect(premieres).toBe(catalogue.premiereIds().length);
    const broadcast = catalogue
      .content()
      .videos.filter((video) => video.privacy === 'public' && video.broadcast !== null);
    expect(streams + premieres).toBe(broadcast.length);
  });
});

describe('a generated text', () => {
  it('has exactly its bytes, and is the same for the same seed', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(5000), (seed, bytes) => {
        const text = textOf({ seed, bytes });

        expect(Buffer.byteLength(text)).toBe(bytes);
        expect(textOf({ seed, bytes })).toBe(text);
      }),
    );
  });
});

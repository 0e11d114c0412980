import fc from 'fast-check';
import { exactUnits, FetchWorld } from './fetch-world';

// Catalogues that change while they are read.

interface Change {
  /** It comes before the request of this number is answered. */
  readonly request: number;
  readonly what: 'upload' | 'insert' | 'remove' | 'hide' | 'retitle' | 'forget tokens';
  /** Of the list, from its top (0) to its end (1). */
  readonly place: number;
}

const sizes = fc.oneof(fc.integer({ min: 0, max: 230 }), fc.constantFrom(49, 50, 51, 99, 100, 101, 150, 200));

function changes(...kinds: Change['what'][]): fc.Arbitrary<Change> {
  return fc.record({
    request: fc.integer({ min: 1, max: 14 }),
    what: fc.constantFrom(...kinds),
    place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  });
}

function changing(world: FetchWorld, planned: readonly Change[]): void {
  const { channel, api } = world;
  const first = api.requests.length;
  api.before = (number) => {
    for (const { request, what, place } of planned) {
      if (number - first !== request) continue;
      const at = Math.floor(place * channel.videos.length);
      if (what === 'upload') channel.upload();
      if (what === 'insert') channel.upload({ place: at });
      if (what === 'remove') channel.remove(at);
      if (what === 'hide') channel.change(at, { listed: false });
      if (what === 'retitle') channel.change(at, { title: `Title at ${number}` });
      if (what === 'forget tokens') api.tokenGeneration += 1;
    }
  };
}

const ANYTHING = changes('upload', 'insert', 'remove', 'hide', 'retitle', 'forget tokens');

test('after any changes during any readings, the next quiet one gives the catalogue', async () => {
  const readings = fc.array(fc.array(ANYTHING, { maxLength: 8 }), { minLength: 1, maxLength: 3 });
  const etags = fc.constantFrom('of the content' as const, 'changing' as const, 'none' as const);
  await fc.assert(
    fc.asyncProperty(sizes, readings, etags, fc.boolean(), async (size, disturbed, withEtags, totals) => {
      const world = new FetchWorld(size);
      world.api.etags = withEtags;
      world.api.totals = totals;
      for (const planned of disturbed) {
        changing(world, planned);
        await world.fetch().then(
          (fetched) => world.load(fetched),
          // The tokens can be forgotten faster than the list is read.
          (error: unknown) => expect(error).toMatchObject({ code: 'youtube_page_token_invalid' }),
        );
      }
      world.api.before = () => undefined;
      const seen = new Set(world.known.get(world.channel.id)?.videos);

      const quiet = await world.fetch({ force: true });
      const titles = await world.titles(quiet);
      const { gone } = await world.paper(quiet);
      await world.load(quiet);
      const quieter = await world.fetch();

      const there = world.channel.videos.filter(({ id, listed }) => listed || seen.has(id));
      expect(titles).toEqual(new Map(there.map(({ id, title }) => [id, title])));
      expect(quiet.videos).toBe(titles.size);
      expect(gone.filter((id) => world.channel.videos.some((video) => video.id === id))).toEqual([]);
      expect(quiet.notices).toMatchObject({ rereads: 0, resumed: false });
      const listed = world.channel.listed.length;
      expect(quieter.units).toBe(1 + Math.ceil(listed / 50) + Math.ceil(there.length / 50));
    }),
    { numRuns: 60 },
  );
});

test('a video that is there from the start of a reading to its end is in the result, whatever two others do', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.array(changes('upload', 'remove'), { maxLength: 2 }), async (size, planned) => {
      const world = new FetchWorld(size);
      const atStart = world.channel.listed;
      changing(world, planned);

      const fetched = await world.fetch();

      const throughout = world.channel.listed.filter((id) => atStart.includes(id));
      const read = new Set((await world.videos(fetched)).map(({ id }) => id));
      expect(throughout.filter((id) => !read.has(id))).toEqual([]);
      if (planned.length === 0) expect(fetched.units).toBe(exactUnits(size));
    }),
    { numRuns: 150 },
  );
});

test('a video of the database is called gone only where videos.list does not answer it', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.array(ANYTHING, { maxLength: 6 }), async (size, planned) => {
      const world = new FetchWorld(size);
      await world.load(await world.fetch());
      changing(
        world,
        planned.filter(({ what }) => what !== 'forget tokens'),
      );

      const fetched = await world.fetch();

      const { gone } = await world.paper(fetched);
      const there = new Set(world.channel.videos.map(({ id }) => id));
      expect(gone.filter((id) => there.has(id))).toEqual([]);
      const read = new Set((await world.videos(fetched)).map(({ id }) => id));
      const known = world.known.get(world.channel.id)?.videos ?? [];
      expect(known.filter((id) => !read.has(id) && !gone.includes(id))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

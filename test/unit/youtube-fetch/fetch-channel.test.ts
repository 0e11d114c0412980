import { StorageError } from '../../../shared/errors';
import { recorded, watched } from '../../support/store-spies';
import { DAY_MS, exactUnits, FetchWorld, TENANT } from './fetch-world';

const SAME_RUN = { run: '2025-08-12T00-00-00' };

function progressOf(world: FetchWorld): string {
  return `${TENANT}/youtube/_work/${world.channel.id}/progress.json`;
}

async function put(world: FetchWorld, key: string, text: string): Promise<void> {
  await world.store.write(key, Buffer.from(text), { contentType: 'application/json' });
}

async function stopAt(world: FetchWorld, request: number): Promise<void> {
  await expect(world.fetchUntilExceeded(request)).rejects.toMatchObject({ code: 'youtube_quota_exceeded' });
  await world.nextDay();
}

describe('a step that is repeated', () => {
  it.each([
    ['an id', { id: 'UC-fake-channel-000000000' }],
    ['a handle', { handle: '@fake' }],
    ['a handle in other letters', { handle: '@FAKE' }],
  ])('gives the same result without a request, by %s', async (_what, name) => {
    const world = new FetchWorld(120);
    const first = await world.fetch({ ...SAME_RUN, name });
    world.channel.upload();
    const before = world.api.requests.length;

    const again = await world.fetch({ ...SAME_RUN, name });
    const forced = await world.fetch({ ...SAME_RUN, name, force: true });

    expect(again).toEqual(first);
    expect(forced).toEqual(first);
    expect(world.api.requests).toHaveLength(before);
    expect(await world.titles(again)).toHaveProperty('size', 120);
  });

  it('costs one request for a channel that the run has read under another name', async () => {
    const world = new FetchWorld(120);
    const first = await world.fetch({ ...SAME_RUN, name: { id: world.channel.id } });

    const again = await world.fetch({ ...SAME_RUN, name: { handle: '@fake' } });

    expect(again).toEqual(first);
    expect(world.api.requests).toHaveLength(exactUnits(120) + 1);
  });

  it('asks again which channel a handle names in another run', async () => {
    const world = new FetchWorld(3);
    const name = { handle: '@fake' };
    await world.fetch({ name });

    const next = await world.fetch({ name });

    expect(next.units).toBe(exactUnits(3));
  });

  it('counts the units of all tries of the run, and of no other run', async () => {
    const world = new FetchWorld(400);
    await expect(world.fetchUntilExceeded(12, SAME_RUN)).rejects.toMatchObject({ kind: 'quota' });
    await world.nextDay();
    await expect(world.fetchUntilExceeded(4)).rejects.toMatchObject({ kind: 'quota' });
    await world.nextDay();
    const before = world.api.requests.length;
    const run = { run: '2025-08-14T00-00-00' };
    await expect(world.fetchUntilExceeded(4, run)).rejects.toMatchObject({ kind: 'quota' });
    await world.nextDay();

    const fetched = await world.fetch(run);

    expect(fetched.units).toBe(world.api.requests.length - before);
    expect(fetched.notices.resumed).toBe(true);
  });
});

describe('a channel', () => {
  it('that has no uploads playlist is an error that says so', async () => {
    const world = new FetchWorld(3);
    const { api } = world;
    const channel = api.channel.bind(api);
    api.channel = async (name) => {
      const answer = await channel(name);
      return answer.unchanged ? answer : { ...answer, value: { ...answer.value, contentDetails: {} } };
    };

    const fetch = world.fetch({ name: { handle: '@fake' } });

    await expect(fetch).rejects.toMatchObject({
      code: 'youtube_answer_invalid',
      kind: 'permanent',
      message: 'The channel UC-fake-channel-000000000 (@fake) has no uploads playlist.',
    });
    expect(await world.spent()).toBe(1);
  });

  it.each([
    ['has no videos, and then is not asked for', true, 1],
    ['does not say how many videos it has', false, 2],
  ])('whose playlist is not there is empty where it %s', async (_what, countsVideos, units) => {
    const world = new FetchWorld(0);
    world.channel.hasPlaylist = false;
    world.channel.countsVideos = countsVideos;

    const fetched = await world.fetch();

    expect(fetched).toMatchObject({ videos: 0, units, channelId: world.channel.id });
    expect(await world.paper(fetched)).toMatchObject({ whole: true, lots: [], gone: [] });
  });

  it('whose playlist is not there although it has videos is an error', async () => {
    const world = new FetchWorld(3);
    world.channel.hasPlaylist = false;

    await expect(world.fetch()).rejects.toMatchObject({ code: 'youtube_playlist_not_found' });
  });

  it('that is not there costs one unit', async () => {
    const world = new FetchWorld();

    await expect(world.fetch({ name: { handle: '@nobody' } })).rejects.toMatchObject({
      code: 'youtube_channel_not_found',
    });

    expect(await world.spent()).toBe(1);
  });

  it('of 20,000 videos is at the limit of the list, and one less is not', async () => {
    const world = new FetchWorld(19_999);
    const below = await world.fetch();
    world.channel.upload();

    const at = await world.fetch();

    expect(below.notices.atListLimit).toBe(false);
    expect(at.notices.atListLimit).toBe(true);
    expect(world.warnings).toEqual([expect.stringContaining('as long as the API shows one')]);
  });

  it('keeps the videos beyond the end of its list that the database knows, and asks for them with the others', async () => {
    const world = new FetchWorld(130);
    await world.load(await world.fetch());
    for (let place = 100; place < 130; place++) world.channel.change(place, { listed: false });
    world.channel.remove(129);

    const fetched = await world.fetch();

    expect(fetched).toMatchObject({ videos: 129, units: 1 + 2 + 3 });
    const gone = (await world.paper(fetched)).gone;
    expect(gone).toHaveLength(1);
    expect(world.known.get(world.channel.id)?.videos).toContain(gone[0]);
  });

  it('loses a video that belongs to another one now', async () => {
    const world = new FetchWorld(3);
    const [moved] = world.channel.listed;
    world.channel.change(0, { channelId: 'UC-other' });

    const fetched = await world.fetch();

    expect(fetched.videos).toBe(2);
    expect((await world.paper(fetched)).gone).toEqual([moved]);
    expect(world.warnings).toEqual([expect.stringContaining('another channel')]);
  });

  it('counts the characters that no database can hold', async () => {
    const world = new FetchWorld(2);
    world.channel.title = 'A\u0000B';
    world.channel.change(1, { title: 'C\u0000D', description: '\ud83d and \ude00' });

    const fetched = await world.fetch();

    expect(fetched.notices.replacedCharacters).toBe(4);
  });
});

describe('a list that changes while it is read', () => {
  /** Something happens before the page of this number, from 1 on. */
  function beforePage(world: FetchWorld, page: number, change: () => void): void {
    const pages = world.api.count('uploadsPage');
    world.api.before = (_number, { method }) => {
      if (method === 'uploadsPage' && world.api.count('uploadsPage') - pages === page) change();
    };
  }

  it('is read again from the start once a video has vanished, so that none is skipped', async () => {
    const world = new FetchWorld(400);
    beforePage(world, 5, () => world.channel.remove(20));

    const fetched = await world.fetch();

    expect(fetched.notices.rereads).toBe(1);
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
    expect(world.api.count('uploadsPage')).toBe(5 + 8);
  });

  it('is looked at again at its top once it has grown', async () => {
    const world = new FetchWorld(400);
    beforePage(world, 5, () => {
      for (let more = 0; more < 60; more++) world.channel.upload();
    });

    const fetched = await world.fetch();

    expect(fetched.notices.rereads).toBe(1);
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
    expect(world.api.count('uploadsPage')).toBe(10 + 3);
  });

  it.each([
    ['grows', (world: FetchWorld) => void world.channel.upload()],
    ['loses a video', (world: FetchWorld) => world.channel.remove(10)],
  ])('is looked at once more where it %s while its top is looked at', async (_what, change) => {
    const world = new FetchWorld(400);
    let pages = 0;
    world.api.before = (_number, { method }) => {
      if (method !== 'uploadsPage') return;
      pages += 1;
      if (pages === 5) for (let more = 0; more < 60; more++) world.channel.upload();
      // Ten pages are the list, the next two its top.
      if (pages === 12) change(world);
    };

    const fetched = await world.fetch();

    expect(fetched.notices.rereads).toBe(2);
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
  });

  it('is noticed to grow by ids that come twice, where the API does not say how long it is', async () => {
    const world = new FetchWorld(400);
    world.api.totals = false;
    beforePage(world, 5, () => void world.channel.upload());

    const fetched = await world.fetch();

    expect(fetched.notices.rereads).toBe(1);
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
  });

  it('is read again twice at the most', async () => {
    const world = new FetchWorld(400);
    world.api.before = (_number, { method }) => {
      if (method === 'uploadsPage') world.channel.remove(0);
    };

    const fetched = await world.fetch();

    expect(fetched.notices.rereads).toBe(2);
    expect(world.warnings).toContainEqual(expect.stringContaining('changes faster than it is read'));
    expect(world.api.count('uploadsPage')).toBeLessThanOrEqual(2 + 2 + 8);
    const there = new Set(world.channel.listed);
    expect((await world.paper(fetched)).gone.filter((id) => there.has(id))).toEqual([]);
  });

  it('is read again from the start where a token is not good any more that was given just now', async () => {
    const world = new FetchWorld(400);
    beforePage(world, 5, () => {
      world.api.tokenGeneration += 1;
    });

    const fetched = await world.fetch();

    expect(fetched.notices.rereads).toBe(1);
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
    expect(world.api.count('uploadsPage')).toBe(5 + 8);
  });

  it('whose tokens are never good is an error', async () => {
    const world = new FetchWorld(400);
    world.api.before = (_number, request) => {
      if (request.method === 'uploadsPage' && request.token !== undefined) world.api.tokenGeneration += 1;
    };

    await expect(world.fetch()).rejects.toMatchObject({ code: 'youtube_page_token_invalid' });
    expect(world.api.count('uploadsPage')).toBe(6);
  });

  it('that never ends is an error', async () => {
    const world = new FetchWorld(120);
    const { api } = world;
    const page = api.uploadsPage.bind(api);
    api.uploadsPage = async (playlist, token, etag) => {
      const answer = await page(playlist, token, etag);
      return answer.unchanged ? answer : { ...answer, value: { ...answer.value, next: '1:50' } };
    };

    await expect(world.fetch()).rejects.toMatchObject({
      code: 'youtube_answer_invalid',
      message: expect.stringContaining('"1:50" follows itself'),
    });
  });
});

describe('what an earlier run has begun', () => {
  it('is left where the reading is forced', async () => {
    const world = new FetchWorld(400);
    await stopAt(world, 12);
    world.channel.change(0, { title: 'Another title' });

    const fetched = await world.fetch({ force: true });

    expect(fetched).toMatchObject({ units: exactUnits(400), notices: { resumed: false } });
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
  });

  it('is gone on with by the forced run that has begun it', async () => {
    const world = new FetchWorld(400);
    await stopAt(world, 5);
    await expect(world.fetchDying({ request: 12 }, { ...SAME_RUN, force: true })).rejects.toThrow();
    const before = world.api.requests.length;

    const fetched = await world.fetch({ ...SAME_RUN, force: true });

    expect(world.api.requests.length - before).toBe(1 + 1 + 8);
    expect(fetched.notices.resumed).toBe(false);
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
  });

  it.each([
    [29, true],
    [31, false],
  ])('%i days ago is gone on with: %s', async (days, resumed) => {
    const world = new FetchWorld(400);
    await stopAt(world, 12);
    await world.clock.sleep((days - 1) * DAY_MS);

    const fetched = await world.fetch();

    expect(fetched.notices.resumed).toBe(resumed);
    expect(fetched.videos).toBe(400);
  });

  it.each([
    ['of another version', (text: string) => text.replace('"version":1', '"version":2')],
    ['cut off', (text: string) => text.slice(0, -20)],
    ['not JSON of a reading', () => '[]'],
    ['of another channel', (text: string) => text.replace('"channelId":"UC-fake', '"channelId":"UC-other')],
  ])('is begun anew where its progress is %s', async (_what, spoil) => {
    const world = new FetchWorld(400);
    await stopAt(world, 12);
    const { body } = await world.store.read(progressOf(world));
    await put(world, progressOf(world), spoil(Buffer.from(body).toString()));

    const fetched = await world.fetch();

    expect(fetched).toMatchObject({ units: exactUnits(400), notices: { resumed: false } });
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
  });

  it('and its pages, where they cannot be read, are not missed', async () => {
    const world = new FetchWorld(120);
    await world.load(await world.fetch());
    await put(world, `${TENANT}/youtube/_work/${world.channel.id}/uploads.json`, '{"version":1,"pages":[{}]}');

    const fetched = await world.fetch();

    expect(fetched.units).toBe(exactUnits(120));
    expect(world.api.requests.filter((request) => 'etag' in request && request.etag !== undefined)).toEqual([]);
  });
});

describe('the store', () => {
  it('is written a bounded number of times', async () => {
    const world = new FetchWorld(1_308);
    const { store, calls } = recorded(world.store);

    await world.fetch({ output: store });

    // The claim, after 20 pages, after the list, 3 lots with a saving each, paper, pages, end.
    expect(calls.filter(({ method }) => method === 'write')).toHaveLength(3 + 6 + 3);
  });

  it('may refuse to remove what is left over: the channel is read all the same', async () => {
    const world = new FetchWorld(3);
    await world.load(await world.fetch());
    const refused = new StorageError('No.', { code: 'access_denied', kind: 'configuration' });
    const output = watched(world.store, ({ method }) => {
      if (method === 'delete') throw refused;
    });

    const fetched = await world.fetch({ output });

    expect(fetched.videos).toBe(3);
    expect(world.warnings).toEqual([expect.stringContaining('could not be removed')]);
  });

  it('that fails is what the reading fails with', async () => {
    const world = new FetchWorld(600);
    const refused = new StorageError('No.', { code: 'storage_unavailable', kind: 'transient' });
    const output = watched(world.store, ({ method, key }) => {
      if (method === 'write' && key.endsWith('.jsonl')) throw refused;
    });

    await expect(world.fetch({ output })).rejects.toBe(refused);
  });
});

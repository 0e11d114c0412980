import { Catalogue } from '../../../local/youtube/catalogue';
import { newChannel, newVideo } from '../../../local/youtube/model';
import { newDatabase } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { numberedCatalogue, numberedVideo } from '../../support/youtube-catalogues';
import { YoutubeWorld } from '../../support/youtube-world';
import { shown } from '../postgres/model';
import { SyncedModel } from './catalogue-model';
import { type Moment, Mortality, oneOfEach } from './mortality';
import { watching } from './onlooker';

const OTHER = `UC${'o'.repeat(22)}`;

let database: DatabaseSettings;
let world: YoutubeWorld;
let model: SyncedModel;
let round = 0;

beforeAll(async () => {
  database = await newDatabase('crashes');
});

beforeEach(async () => {
  world = await YoutubeWorld.open({ database, catalogue: someCatalogue() });
  model = new SyncedModel();
});

afterEach(() => world.close());

/** A channel of two pages, and a small one. */
function someCatalogue(): Catalogue {
  const { channels, videos } = numberedCatalogue(53).catalogue.content();
  const others = [1, 2].map((number) => newVideo({ id: `other00000${number}`, channelId: OTHER }));
  return new Catalogue({ channels: [...channels, newChannel({ id: OTHER })], videos: [...videos, ...others] });
}

/** One video new, one gone, one with another title, and other numbers: each round leaves the catalogue as long as it was. */
function changeCatalogue(): void {
  const { catalogue } = world;
  round += 1;
  const [gone, , retitled, counted] = catalogue.uploads(`UC${'n'.repeat(22)}`);
  catalogue.publish(numberedVideo(-round));
  catalogue.delete(gone?.id ?? '');
  catalogue.retitle(retitled?.id ?? '', `Title of round ${round}`);
  catalogue.change(counted?.id ?? '', { counts: { views: round, likes: null, comments: 0 } });
  catalogue.retitle('other000001', `Other of round ${round}`);
}

async function completeSync(): Promise<void> {
  await world.pass();
  const report = await world.runOne();
  modelSync();
  expect(report).toMatchObject({ status: 'completed' });
  expect(await shown(database, world.tenant)).toEqual(model.shown());
}

function modelSync(): void {
  const { catalogue, date } = world;
  const channels = catalogue.channels().map(({ id }) => id);
  model.sync(catalogue, channels, date);
}

/** The moments of a sync that finds a catalogue that has changed since the last one. */
async function someMoments(): Promise<Moment[]> {
  await completeSync();
  changeCatalogue();
  const undisturbed = new Mortality();
  await world.run({}, undisturbed.between());
  await completeSync();
  return oneOfEach(undisturbed.moments);
}

/** A sync in which something goes wrong. @returns its report, and what others saw meanwhile that was neither what was before nor what is at the end */
async function disturbedSync(mortality: Mortality) {
  changeCatalogue();
  await world.pass();
  const { before, seen, result } = await watching(database, world.tenant, () => world.run({}, mortality.between()));
  return { report: result, states: seen.filter((state) => state !== before) };
}

async function stateNow(): Promise<string> {
  return (await watching(database, world.tenant, async () => undefined)).before;
}

test('wherever a process dies, no half sync is ever seen, and the next complete run makes the database the catalogue', async () => {
  for (const moment of await someMoments()) {
    const mortality = new Mortality('dies', moment);

    const { states } = await disturbedSync(mortality);
    await completeSync();

    const whole = await stateNow();
    expect({ moment, struck: mortality.struck, half: states.filter((state) => state !== whole) }).toEqual({
      moment,
      struck: true,
      half: [],
    });
  }
});

test('whatever fails for good, no half sync is ever seen, and the next complete run makes the database the catalogue', async () => {
  for (const moment of (await someMoments()).filter(({ name }) => name.endsWith('before'))) {
    const mortality = new Mortality('for good', moment);

    const { report, states } = await disturbedSync(mortality);
    await completeSync();

    const whole = await stateNow();
    const others = states.filter((state) => state !== whole);
    // A channel that was read before is loaded though the other one failed: that load is one state more, and the report tells of it.
    const loads = report.status === 'failed' && report.tenants[0]?.videos !== undefined ? 1 : 0;
    expect({ moment, struck: mortality.struck, half: others.slice(loads) }).toEqual({ moment, struck: true, half: [] });
    if (report.status === 'completed') expect(states).toEqual([whole]);
  }
});

test('whatever call fails once, or has its answer lost, the run completes all the same', async () => {
  for (const moment of await someMoments()) {
    const mortality = new Mortality('once', moment);

    const { report, states } = await disturbedSync(mortality);

    expect({ moment, struck: mortality.struck, status: report.status, failure: report.tenants[0]?.failure }).toEqual({
      moment,
      struck: true,
      status: 'completed',
      failure: undefined,
    });
    modelSync();
    expect(await shown(database, world.tenant)).toEqual(model.shown());
    expect(states).toEqual([await stateNow()]);
  }
});

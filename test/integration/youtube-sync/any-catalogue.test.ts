import fc from 'fast-check';
import { Catalogue } from '../../../local/youtube/catalogue';
import { textOf } from '../../../local/youtube/text';
import { estimatedUnits } from '../../../shared/youtube/estimate';
import { newDatabase } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { catalogueContents, mutations } from '../../support/youtube-catalogues';
import { YoutubeWorld } from '../../support/youtube-world';
import { shown } from '../postgres/model';
import { SyncedModel, unstorable } from './catalogue-model';

let database: DatabaseSettings;

beforeAll(async () => {
  database = await newDatabase('any_catalogue');
});

const hoursLater = fc.constantFrom(1, 13, 24);
const changes = fc.array(fc.record({ mutations: fc.array(mutations, { maxLength: 6 }), hoursLater }), { maxLength: 3 });

test('after each complete sync of any catalogue that changes in any way, the database equals it', async () => {
  await fc.assert(
    fc.asyncProperty(catalogueContents(), changes, async (content, steps) => {
      const world = await YoutubeWorld.open({ database, catalogue: new Catalogue(content) });
      try {
        await expectSynced(world, new SyncedModel(), steps);
      } finally {
        await world.close();
      }
    }),
    { numRuns: 15 },
  );
});

async function expectSynced(
  world: YoutubeWorld,
  model: SyncedModel,
  steps: readonly {
    readonly mutations: readonly { apply(catalogue: Catalogue): void }[];
    readonly hoursLater: number;
  }[],
): Promise<void> {
  const { catalogue } = world;
  const channels = catalogue.channels().map(({ id }) => id);
  for (const step of [{ mutations: [], hoursLater: 0 }, ...steps]) {
    for (const mutation of step.mutations) mutation.apply(catalogue);
    await world.pass(step.hoursLater * 3_600_000);
    await world.listPremieres();
    const spent = world.unitsSpent;

    const report = await world.runOne();

    const removed = model.sync(catalogue, channels, world.date);
    const uploads = channels.flatMap((id) => catalogue.uploads(id));
    expect(report).toMatchObject({ status: 'completed', channels: channels.length, videos: uploads.length, removed });
    expect(await shown(world.database, world.tenant)).toEqual(model.shown());
    expectCost(world, channels, removed, world.unitsSpent - spent);
    expectReplacementsTold(world, report.notices);
    expect(await world.lastRecord()).toMatchObject({ status: 'completed', videos: uploads.length, removed });
    const again = await syncAgain(world);
    expect(again).toMatchObject({ status: 'completed', rowsWritten: 0, removed: 0 });
  }
}

/** What is gone is asked for once more, to know that it is. */
function expectCost(world: YoutubeWorld, channels: readonly string[], removed: number, units: number): void {
  const most = channels.reduce((sum, id) => sum + Math.max(2, estimatedUnits(world.catalogue.uploads(id).length)), 0);
  expect(units).toBeLessThanOrEqual(most + Math.min(removed, channels.length));
}

function expectReplacementsTold(world: YoutubeWorld, notices: readonly { replacedCharacters: number }[] = []): void {
  const { catalogue } = world;
  const texts = catalogue.channels().flatMap((channel) => {
    const videos = catalogue.uploads(channel.id).flatMap(({ title, description }) => [title, textOf(description)]);
    return [channel.title, textOf(channel.description), ...videos];
  });
  const told = notices.reduce((sum, { replacedCharacters }) => sum + replacedCharacters, 0);
  expect(told).toBe(unstorable(...texts));
}

async function syncAgain(world: YoutubeWorld) {
  await world.pass(1000);
  return await world.runOne();
}

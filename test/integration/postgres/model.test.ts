import fc from 'fast-check';
import type { CatalogueDatabase } from '../../../shared/ports/catalogue-database';
import { newDatabase } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { CatalogueWorld } from './catalogue-world';
import { ModelCatalogue, shown } from './model';
import type { Sync, SyncChannel, SyncVideo } from './sync-files';

let settings: DatabaseSettings;
let world: CatalogueWorld;
let database: CatalogueDatabase;
let tenants = 0;

beforeAll(async () => {
  settings = await newDatabase('model');
  world = new CatalogueWorld();
  database = world.open(settings);
  await database.prepare();
});

afterAll(() => world.end());

/** Texts of any script with what CSV, COPY and SQL make something of; no NUL, which no text of PostgreSQL can hold. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }).map((value) => value.replaceAll('\0', '')),
  fc.constantFrom(
    '',
    ' ',
    'NULL',
    '\\N',
    '\\.',
    '"',
    '""',
    "'",
    ',',
    '\r\n',
    '\n\\.\n',
    '=1+1',
    '{a}',
    '$1',
    '%s',
    '🎉👩‍👩‍👧',
    '\u202e',
    '\ufeffid',
    '�',
  ),
  fc.constant('あ🎉"\n,'.repeat(500)),
);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const count = optional(fc.oneof(fc.nat(), fc.constantFrom(0, 3_000_000_000, 2 ** 52)));
const instant = optional(
  fc
    .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
);
const duration = fc
  .nat({ max: 200 * 3600 })
  .map((s) => [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((n) => String(n).padStart(2, '0')).join(':'));

const channel = (id: string): fc.Arbitrary<SyncChannel> =>
  fc.record({
    id: fc.constant(id),
    title: text,
    handle: optional(text),
    description: optional(text),
    subscribers: count,
  });

const video: fc.Arbitrary<SyncVideo> = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'A', '-x', '_y'),
  channel: fc.constantFrom('UC1', 'UC2'),
  title: text,
  description: optional(text),
  thumbnail: optional(text),
  duration: optional(fc.oneof(duration, fc.constantFrom('00:00:00', '200:00:00'))),
  publishedAt: instant,
  type: fc.constantFrom('stream' as const, 'video' as const),
  startedAt: instant,
  views: count,
  likes: count,
  comments: count,
});

const oneSync: fc.Arbitrary<Omit<Sync, 'tenant'>> = fc.record({
  date: fc.constantFrom('2025-08-09', '2025-08-10'),
  channels: fc.tuple(channel('UC1'), channel('UC2')),
  videos: fc.uniqueArray(video, { selector: ({ id }) => id, maxLength: 6 }),
  whole: fc.subarray(['UC1', 'UC2', 'UC3']),
  gone: fc.subarray(['a', 'b', 'never seen']),
});

test('after any loads the database is what the files said, for this tenant, and another load of the last files writes nothing', async () => {
  const sequences = fc.array(oneSync, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(sequences, sequences, async (mine, others) => {
      const models = new Map<string, ModelCatalogue>();
      const run = async (tenant: string, syncs: readonly Omit<Sync, 'tenant'>[]) => {
        const model = new ModelCatalogue();
        models.set(tenant, model);
        for (const facts of syncs) {
          const sync = { ...facts, tenant };
          const removed = model.load(sync);
          const figures = await world.load(database, sync);
          expect(figures.removed).toBe(removed);
          expect(await world.load(database, sync)).toEqual({ rowsWritten: 0, removed: 0 });
        }
      };
      tenants += 2;

      await Promise.all([run(`tenant ${tenants}`, mine), run(`tenant ${tenants + 1}`, others)]);

      for (const [tenant, model] of models) expect(await shown(settings, tenant)).toEqual(model.shown());
    }),
    // A failure is told with the smallest example that was found until then.
    { numRuns: 12, interruptAfterTimeLimit: 90_000 },
  );
});

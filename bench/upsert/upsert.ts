import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes, formatCount } from '../../local/cli/figures';
import type { Bench, BenchContext, BenchResult } from '../harness/bench';
import { type Contender, contest } from '../harness/contest';
import { type Figure, figureOf, type Goal } from '../harness/figures';
import { packageVersions } from '../harness/machine';
import { BenchDatabase, TENANT } from './bench-database';
import { type CatalogueDay, type CatalogueSize, catalogueDays } from './catalogue-days';
import { BATCH_ROWS, insertInBatches, tableRows } from './insert-batches';
import { readCsvFiles } from './read-csv';

const OURS = 'COPY and upsert';
const PEER = `INSERT by ${BATCH_ROWS}`;
/** The least that any way of inserting in batches takes. */
const FLOOR = `INSERT by ${BATCH_ROWS}, rows in memory`;

const GOAL: Goal = { of: 'value', atLeast: 20_000 };

/** The loads that one round consists of, one after the other. */
type Part = 'first' | 'unchanged' | 'next';

const PARTS: Readonly<Record<Part, string>> = {
  first: 'first load',
  unchanged: 'load with nothing new',
  next: 'next day’s load',
};

type Days = readonly [CatalogueDay, CatalogueDay];

export const upsert: Bench = {
  name: 'upsert',
  about:
    'A channel of 20,000 videos from the CSV files of a sync into PostgreSQL, beside `INSERT … ON CONFLICT` in batches of 100 rows.',

  async run(context: BenchContext): Promise<BenchResult> {
    const { display, teardown, quick } = context;
    const folder = await mkdtemp(join(tmpdir(), 'makoto-bench-'));
    await teardown.add(() => rm(folder, { recursive: true, force: true }));
    display.show('starting PostgreSQL');
    const database = await BenchDatabase.start(context);
    const videos = quick ? 500 : 20_000;

    const usual = await measured(context, database, folder, {
      size: { videos, descriptionBytes: { atMost: 2000 } },
      peers: [PEER, FLOOR],
      rounds: quick ? 1 : 5,
    });
    const long = await measured(context, database, folder, {
      size: { videos, descriptionBytes: { exactly: 5000 } },
      peers: [PEER],
      rounds: quick ? 1 : 3,
    });
    return {
      figures: [
        ...usual.figures(PARTS, PEER, GOAL),
        ...usual.figures(named('beside rows in memory'), FLOOR),
        ...long.figures(named('long descriptions'), PEER),
      ],
      versions: { PostgreSQL: database.version, ...packageVersions('pg', 'pg-copy-streams', 'csv-parse') },
      conditions: [
        `Counted are the rows of all five CSV files, ${usual.data}; with descriptions of 5,000 bytes each, the longest that there are, ${long.data}.`,
        'Ours is the batch’s own load: COPY of the files into temporary tables, one upsert a table, removed videos marked, all in one transaction.',
        `The peer does the same to the same tables, in the same role under row-level security and in one transaction: it reads the files with csv-parse, and makes statements of ${BATCH_ROWS} rows, each prepared once; rows that say the same already are left alone. “Rows in memory” has them without reading any file: the least that inserting in batches takes.`,
        'The server is on the same machine and does not wait for its disk. Each batch is a round trip, some 750 in all against about 20 of ours: here they cost next to nothing, in a data centre half a millisecond or so each.',
        'Every round begins with empty tables; after each of its loads all tables must hold the same rows, whoever loaded them.',
        'On the next day every video that shows its views has more of them, one in 200 another title, and the day’s statistics are new.',
      ],
    };
  },
};

function named(suffix: string): Record<Part, string> {
  const names = Object.entries(PARTS).map(([part, name]) => [part, `${name}, ${suffix}`]);
  return Object.fromEntries(names) as Record<Part, string>;
}

interface Measuring {
  readonly size: CatalogueSize;
  readonly peers: readonly string[];
  readonly rounds: number;
}

/** Measures ours beside some peers with one catalogue. */
async function measured(
  context: BenchContext,
  database: BenchDatabase,
  folder: string,
  { size, peers, rounds }: Measuring,
) {
  const { display } = context;
  const about = 'exactly' in size.descriptionBytes ? 'long descriptions' : 'usual descriptions';
  display.step(`${about}: making the CSV files`);
  display.show(`${about}: making the CSV files`);
  const days = await catalogueDays(folder, size);
  const equality = new Equality();
  const contenders = [OURS, ...peers].map((name) => newContender(name, database, days, equality));
  const results = await contest<Part>(contenders, {
    warmUps: context.quick ? 0 : 1,
    rounds,
    onTurn: (turn) => {
      display.step(`${about}, ${turn}`);
      display.show(`${about}, ${turn}`);
    },
  });
  for (const day of days) await day.remove();
  const samples = (name: string, part: Part) => results.get(name)?.[part] ?? [];
  return {
    data: `${formatCount(days[0].rowCount)} in ${formatBytes(days[0].bytes)}`,
    figures: (names: Partial<Record<Part, string>>, peer: string, goal?: Goal): Figure[] =>
      (Object.entries(names) as [Part, string][]).map(([part, name]) =>
        figureOf({
          name,
          unit: 'rows/s',
          ours: samples(OURS, part),
          peer: { name: peer, samples: samples(peer, part) },
          ...(goal && { goal }),
        }),
      ),
  };
}

/** Rows a second of each load. */
function newContender(name: string, database: BenchDatabase, days: Days, equality: Equality): Contender<Part> {
  const [day, dayAfter] = days;
  const load = name === OURS ? oursLoad(database) : peerLoad(database, name === FLOOR);
  const rate = async (part: Part, of: CatalogueDay) => {
    await database.settle();
    const begun = performance.now();
    await load(of);
    const seconds = (performance.now() - begun) / 1000;
    equality.check(part, name, await database.digests());
    return of.rowCount / seconds;
  };
  return {
    name,
    round: async () => {
      await database.empty();
      const first = await rate('first', day);
      const unchanged = await rate('unchanged', day);
      return { first, unchanged, next: await rate('next', dayAfter) };
    },
  };
}

type Load = (day: CatalogueDay) => Promise<void>;

function oursLoad({ ours }: BenchDatabase): Load {
  return async ({ date, channelId, files }) => {
    await ours.load({ tenant: TENANT, date, files, wholeChannels: [channelId], goneVideos: [] });
  };
}

/** @param inMemory whether the rows are read from the files before, so that it costs nothing */
function peerLoad({ peer }: BenchDatabase, inMemory: boolean): Load {
  return async (day) => {
    const rows = inMemory ? day.rows : await readCsvFiles(day.files);
    await peer.query('BEGIN');
    await insertInBatches(peer, TENANT, tableRows(rows, day.date));
    await peer.query('COMMIT');
  };
}

/** Sees to it that all contenders come to the same. */
class Equality {
  readonly #digests = new Map<Part, { readonly name: string; readonly text: string }>();

  /** @throws Error where they do not */
  check(part: Part, name: string, digests: Readonly<Record<string, string>>): void {
    const text = JSON.stringify(digests);
    const before = this.#digests.get(part) ?? { name, text };
    this.#digests.set(part, before);
    if (before.text === text) return;
    throw new Error(
      `After the ${PARTS[part]}, "${name}" has left other rows than "${before.name}": ${text}, ${before.text}.`,
    );
  }
}

import { BlobServiceClient } from '@azure/storage-blob';
import { createBlobServiceAccess } from '../../shared/azure/blob-service';
import { objectPages } from '../../shared/messages/pages';
import { BlobServer } from '../blob-server/blob-server';
import { type CorpusShape, corpusMessages } from '../blob-server/corpus';
import { namesBelow } from '../blob-server/sdk-reads';
import { sideBySide } from '../blob-server/side-by-side';
import type { Bench, BenchContext, BenchResult } from '../harness/bench';
import { type Contender, contest } from '../harness/contest';
import { type Figure, figureOf } from '../harness/figures';
import { packageVersions } from '../harness/machine';

const OURS = 'fast reader';
const SDK = 'SDK listBlobsFlat()';
const AT_ONCE = 8;

/** Listings of this kind and that: what a prefix holds decides what a name costs. */
interface Kind {
  readonly name: string;
  readonly rooms: number;
  readonly messagesPerRoom: number;
}

export const list: Bench = {
  name: 'list',
  about: 'Names and ETags of messages, listed from a blob server on this machine, beside the listing of the Azure SDK.',

  async run(context: BenchContext): Promise<BenchResult> {
    const { quick } = context;
    return {
      figures: [
        await figureFor(context, {
          name: 'CPU per name, day folders of 10',
          rooms: quick ? 10 : 1000,
          messagesPerRoom: 20,
        }),
        await figureFor(context, {
          name: 'CPU per name, pages of 5,000',
          rooms: 2,
          messagesPerRoom: quick ? 50 : 20_000,
        }),
      ],
      versions: packageVersions('@azure/storage-blob', 'undici'),
      conditions: [
        `CPU is user and system time of the listing process alone; ${AT_ONCE} listings are under way at a time. The server answers with every property that the real service gives of a blob.`,
      ],
    };
  },
};

async function figureFor({ display, teardown, quick }: BenchContext, kind: Kind): Promise<Figure> {
  const shape: CorpusShape = { tenant: 'bench', date: '2025-08-11', bodyBytes: 600, ...kind };
  const server = await BlobServer.start(shape);
  await teardown.add(() => server.end());
  const keys = [...corpusMessages(shape)].map(({ key }) => key);
  const folders = [...new Set(keys.map((key) => key.slice(0, key.lastIndexOf('/') + 1)))];
  const { connectionString } = server;
  const store = createBlobServiceAccess({ connectionString, reader: 'fast' }).container(server.container);
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(server.container);
  const ours = async (folder: string) => {
    let names = 0;
    for await (const { entries } of objectPages(store, folder)) names += entries.length;
    return names;
  };
  const results = await contest<'cpu'>(
    [
      contender(OURS, folders, keys.length, ours),
      contender(SDK, folders, keys.length, (each) => namesBelow(container, each)),
    ],
    { warmUps: quick ? 0 : 1, rounds: quick ? 1 : 5, onTurn: (turn) => display.show(`${kind.name}, ${turn}`) },
  );
  await server.end();
  const samples = (name: string) => results.get(name)?.cpu ?? [];
  return figureOf({
    name: kind.name,
    unit: 'ms',
    ours: samples(OURS),
    peer: { name: SDK, samples: samples(SDK) },
    goal: { of: 'ratio', atMost: 0.25 },
  });
}

function contender(
  name: string,
  folders: readonly string[],
  expected: number,
  namesIn: (folder: string) => Promise<number>,
): Contender<'cpu'> {
  return {
    name,
    round: async () => {
      let names = 0;
      const { cpuMs } = await sideBySide(folders, AT_ONCE, async (folder) => {
        const found = await namesIn(folder);
        names += found;
      });
      if (names !== expected) throw new Error(`${name} listed ${names} names, not ${expected}.`);
      return { cpu: cpuMs / names };
    },
  };
}

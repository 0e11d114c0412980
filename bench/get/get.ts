import { BlobServiceClient } from '@azure/storage-blob';
import { createBlobServiceAccess } from '../../shared/azure/blob-service';
import { BlobServer } from '../blob-server/blob-server';
import { type CorpusShape, corpusMessages } from '../blob-server/corpus';
import { downloaded } from '../blob-server/sdk-reads';
import { sideBySide } from '../blob-server/side-by-side';
import type { Bench, BenchContext, BenchResult } from '../harness/bench';
import { type Contender, contest } from '../harness/contest';
import { figureOf } from '../harness/figures';
import { packageVersions } from '../harness/machine';

const OURS = 'fast reader';
const SDK = 'SDK download()';
const AT_ONCE = 32;
const BODY_BYTES = 600;

type Part = 'cpu' | 'rate';

export const get: Bench = {
  name: 'get',
  about: `Messages of ${BODY_BYTES} bytes, read one by one from a blob server on this machine, beside the \`download()\` of the Azure SDK.`,

  async run({ display, teardown, quick }: BenchContext): Promise<BenchResult> {
    const shape: CorpusShape = {
      tenant: 'bench',
      date: '2025-08-11',
      rooms: quick ? 10 : 500,
      messagesPerRoom: 20,
      bodyBytes: BODY_BYTES,
    };
    const server = await BlobServer.start(shape);
    await teardown.add(() => server.end());
    const keys = [...corpusMessages(shape)].map(({ key }) => key);
    const { connectionString } = server;
    const store = createBlobServiceAccess({ connectionString, reader: 'fast' }).container(server.container);
    const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(server.container);
    const results = await contest<Part>(
      [
        contender(OURS, keys, async (key) => (await store.read(key)).body),
        contender(SDK, keys, (key) => downloaded(container, key)),
      ],
      { warmUps: quick ? 0 : 1, rounds: quick ? 1 : 5, onTurn: (turn) => display.show(turn) },
    );
    const samples = (name: string, part: Part) => results.get(name)?.[part] ?? [];
    const figure = (name: string, unit: string, part: Part) => ({
      name,
      unit,
      ours: samples(OURS, part),
      peer: { name: SDK, samples: samples(SDK, part) },
    });
    return {
      figures: [
        figureOf({ ...figure('CPU per message', 'ms', 'cpu'), goal: { of: 'ratio', atMost: 0.15 } }),
        figureOf(figure('messages', '1/s', 'rate')),
      ],
      versions: packageVersions('@azure/storage-blob', 'undici'),
      conditions: [
        `CPU is user and system time of the reading process alone; the server has a process of its own on the same machine. ${AT_ONCE} reads are under way at a time.`,
        'Ours checks length and checksum of every body. The server answers with the headers of the real service, without TLS, and checks signatures: ours once, those of the SDK for each request.',
      ],
    };
  },
};

function contender(name: string, keys: readonly string[], read: (key: string) => Promise<Uint8Array>): Contender<Part> {
  return {
    name,
    round: async () => {
      const { cpuMs, ms } = await sideBySide(keys, AT_ONCE, async (key) => {
        const { byteLength } = await read(key);
        if (byteLength !== BODY_BYTES) throw new Error(`${name} read ${byteLength} bytes of ${key}.`);
      });
      return { cpu: cpuMs / keys.length, rate: (keys.length / ms) * 1000 };
    },
  };
}

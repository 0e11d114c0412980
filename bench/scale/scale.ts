import type { CorpusShape } from '../blob-server/corpus';
import { messagesOfDay } from '../blob-server/corpus-shape';
import { type ExportRound, exportRound, startStage } from '../export/export-round';
import type { Bench, BenchContext, BenchResult } from '../harness/bench';
import { type Figure, figureOf } from '../harness/figures';
import { packageVersions } from '../harness/machine';

const MESSAGES_PER_ROOM = 20;
const SKEW = 0.5;
/**
 * Of an instance with 512 MB V8 lets old objects take half (Heap::HeapSizeFromPhysicalMemory), of this machine gigabytes: then what has been done
 * with is not collected for as long as there is room.
 */
const LIMITS = ['--max-old-space-size=256'];

export const scale: Bench = {
  name: 'scale',
  about:
    "One tenant's day of 1,000,000 messages beside one of 100,000, and one where half of 200,000 messages are one user's.",

  async run(context: BenchContext): Promise<BenchResult> {
    const unit = context.quick ? 200 : 100_000;
    const small = await roundOf(context, unit);
    const large = await roundOf(context, 10 * unit);
    const even = await roundOf(context, 2 * unit);
    const skewed = await roundOf(context, 2 * unit, SKEW);
    return {
      figures: [...sizeFigures(small, large), ...skewFigures(even, skewed)],
      versions: packageVersions('@azure/storage-blob', 'apache-arrow', 'parquet-wasm', 'undici'),
      conditions: [
        `Messages of 600 bytes, ${MESSAGES_PER_ROOM} a room, four rooms a user, exported once each by the inline engine with default settings, in a process of its own with ${LIMITS[0]}: what V8 sets by itself on an instance of 512 MB. Memory is all that the process had at once. The blob server is on the same machine.`,
        "The skewed tenant has as many rooms as the even one, half of them the first user's. Shards are exported four at a time in one process; on several instances each has its own.",
      ],
    };
  },
};

async function roundOf(context: BenchContext, messages: number, skew?: number): Promise<ExportRound> {
  const rooms = messages / MESSAGES_PER_ROOM;
  const shape = { tenant: 'bench', date: '2025-08-11', rooms, messagesPerRoom: MESSAGES_PER_ROOM, bodyBytes: 600 };
  const corpus: CorpusShape = skew === undefined ? shape : { ...shape, skew };
  const what = `exporting ${messagesOfDay(corpus)} messages${skew === undefined ? '' : ", half of them one user's"}`;
  context.display.step(what);
  context.display.show(what);
  const stage = await startStage(context, corpus);
  const round = await exportRound(stage, { teardown: context.teardown, limits: LIMITS });
  await stage.server.end();
  return round;
}

function sizeFigures(small: ExportRound, large: ExportRound): Figure[] {
  const peer = `at ${small.exported.toLocaleString('en')}`;
  const figure = (name: string, unit: string, of: (round: ExportRound) => number) => ({
    ...{ name: `${name} at ${large.exported.toLocaleString('en')} messages`, unit, ours: [of(large)] },
    peer: { name: peer, samples: [of(small)] },
  });
  return [
    figureOf({
      ...figure('peak memory', 'MB', ({ rssPeak }) => rssPeak / 1e6),
      goal: { of: 'value', atMost: 512 },
    }),
    figureOf({
      ...figure('CPU per message', 'ms', ({ cpuPerMessage }) => cpuPerMessage),
      goal: { of: 'ratio', atMost: 1.1 },
    }),
    figureOf(figure('rate', '1/s', ({ messagesPerSecond }) => messagesPerSecond)),
    figureOf(figure('requests per message', '', ({ requestsPerMessage }) => requestsPerMessage)),
    figureOf(figure('shards', '', ({ shards }) => shards.length)),
    figureOf(figure('longest stall of the event loop', 'ms', ({ stallMs }) => stallMs)),
  ];
}

function skewFigures(even: ExportRound, skewed: ExportRound): Figure[] {
  const figure = (name: string, unit: string, of: (round: ExportRound) => number) => ({
    ...{ name: `skewed tenant: ${name}`, unit, ours: [of(skewed)] },
    peer: { name: 'even tenant', samples: [of(even)] },
  });
  return [
    figureOf(figure('time', 's', ({ seconds }) => seconds)),
    figureOf(figure('shards', '', ({ shards }) => shards.length)),
    figureOf(
      figure('largest shard', '% of all messages', ({ shards, exported }) => (Math.max(...shards) / exported) * 100),
    ),
  ];
}

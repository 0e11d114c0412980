import type { CorpusShape } from '../blob-server/corpus';
import type { Bench, BenchContext, BenchResult } from '../harness/bench';
import { type Contender, contest } from '../harness/contest';
import { type Figure, type FigureSource, figureOf } from '../harness/figures';
import { packageVersions } from '../harness/machine';
import { type ExportRound, type ExportStage, exportRound, startStage } from './export-round';
import { findPythonLoop, type PythonLoopSearch, runPythonLoop } from './python-loop';

const OURS = 'ours';
const LATE = 'ours, with latency';
const PYTHON = 'Python';
const LATENCY_MS = 20;

type Part = 'cpu' | 'rate';

export const exportBench: Bench = {
  name: 'export',
  about:
    "One tenant's day of 100,000 messages of 600 bytes, from a blob server on this machine to published Parquet, beside the same as one writes it in Python.",

  async run(context: BenchContext): Promise<BenchResult> {
    const { display, quick, teardown } = context;
    const corpus = corpusOf(quick ? 25 : 5000);
    const stage = await startStage(context, corpus);
    const lateStage = await startStage(context, corpus, { latencyMs: LATENCY_MS });
    const python = await findPythonLoop();
    const rounds: ExportRound[] = [];
    const ours = async () => {
      const round = await exportRound(stage, { teardown });
      rounds.push(round);
      return round;
    };
    const results = await contest<Part>(
      [
        contender(OURS, ours),
        contender(LATE, () => exportRound(lateStage, { teardown })),
        ...pythonContender(python, stage, context),
      ],
      { warmUps: 0, rounds: quick ? 1 : 3, onTurn: (turn) => display.show(turn) },
    );
    display.show("ours, through the SDK's reader");
    const sdkStage = await startStage(context, corpusOf(quick ? 25 : 500));
    const sdk = await exportRound(sdkStage, { teardown, settings: { STORAGE_READER: 'sdk' } });

    const samples = (name: string, part: Part) => results.get(name)?.[part] ?? [];
    const peer = (part: Part) => peerOf(python, samples(PYTHON, part));
    return {
      figures: [
        ...cpuFigures(samples(OURS, 'cpu'), peer('cpu'), sdk.cpuPerMessage),
        figureOf({
          ...{ name: 'messages', unit: '1/s', ours: samples(OURS, 'rate'), ...peer('rate') },
          goal: { of: 'value', atLeast: 8000 },
        }),
        figureOf({
          ...{ name: `messages, ${LATENCY_MS} ms of latency`, unit: '1/s', ours: samples(LATE, 'rate') },
          goal: { of: 'value', atLeast: 3000 },
        }),
        figureOf({
          ...{ name: `CPU per message, ${LATENCY_MS} ms of latency`, unit: 'ms', ours: samples(LATE, 'cpu') },
          peer: { name: 'ours, without latency', samples: samples(OURS, 'cpu') },
          goal: { of: 'ratio', atMost: 1.1 },
        }),
        ...costFigures(rounds),
      ],
      versions: {
        ...packageVersions('@azure/storage-blob', 'apache-arrow', 'parquet-wasm', 'undici'),
        ...versionsOf(python),
      },
      conditions: conditionsOf(python, quick),
    };
  },
};

function corpusOf(rooms: number): CorpusShape {
  return { tenant: 'bench', date: '2025-08-11', rooms, messagesPerRoom: 20, bodyBytes: 600 };
}

/** Every round has a process of its own, so none has to be warmed up, and none measures what another has left in memory. */
function contender(
  name: string,
  round: () => Promise<{ readonly cpuPerMessage: number; readonly messagesPerSecond: number }>,
): Contender<Part> {
  return {
    name,
    round: async () => {
      const { cpuPerMessage, messagesPerSecond } = await round();
      return { cpu: cpuPerMessage, rate: messagesPerSecond };
    },
  };
}

function pythonContender(
  { loop }: PythonLoopSearch,
  stage: ExportStage,
  { teardown }: BenchContext,
): Contender<Part>[] {
  return loop === undefined ? [] : [contender(PYTHON, () => runPythonLoop(loop, stage, teardown))];
}

function peerOf({ loop }: PythonLoopSearch, samples: readonly number[]): Pick<FigureSource, 'peer'> {
  return loop === undefined ? {} : { peer: { name: loop.name, samples } };
}

function cpuFigures(ours: readonly number[], python: Pick<FigureSource, 'peer'>, sdk: number): Figure[] {
  const figure = (name: string) => ({ name, unit: 'ms', ours });
  return [
    figureOf({ ...figure('CPU per message'), goal: { of: 'value', atMost: 0.13 } }),
    ...(python.peer === undefined
      ? []
      : [figureOf({ ...figure('CPU per message, beside Python'), ...python, goal: { of: 'ratio', atMost: 0.55 } })]),
    figureOf({
      ...figure("CPU per message, beside the SDK's reader"),
      peer: { name: 'STORAGE_READER=sdk', samples: [sdk] },
    }),
  ];
}

function costFigures(rounds: readonly ExportRound[]): Figure[] {
  const figure = (name: string, unit: string, of: (round: ExportRound) => number) => ({
    ...{ name, unit, ours: rounds.map(of) },
  });
  return [
    figureOf({
      ...figure('requests per message', '', (round) => round.requestsPerMessage),
      goal: { of: 'value', atMost: 1.08 },
    }),
    figureOf(figure('peak memory', 'MB', (round) => round.rssPeak / 1e6)),
    figureOf(figure('longest stall of the event loop', 'ms', (round) => round.stallMs)),
    figureOf(figure('CPU of the blob server per message', 'ms', (round) => round.serverCpuPerMessage)),
  ];
}

function versionsOf({ loop }: PythonLoopSearch): Readonly<Record<string, string>> {
  return loop === undefined ? {} : { Python: loop.python.version, ...loop.python.modules };
}

function conditionsOf({ loop, lacking }: PythonLoopSearch, quick: boolean): string[] {
  const found = loop === undefined ? 'It is left out: ' : 'It does not write Parquet, which is less than ours does: ';
  return [
    'CPU is user and system time of the exporting process alone, from the first request to the last, without the loading of modules; every round has a process of its own. The blob server has one too, on the same machine: what it takes is not in that, but in the messages a second.',
    'Ours is the whole run of a tenant by the inline engine, with default settings, two hours after the day: rooms from metadata (in memory), the nightly audit, listing, reading, checking, four datasets, reading back, manifest and proof. Requests are all of these.',
    `The Python loop reads with 64 requests at a time, lists both folders of each room that it is told of, and puts one dataset into one file.${lacking.length === 0 ? '' : ` ${found}${lacking.join('; ')}.`}`,
    `Through the SDK's reader a tenth of the messages is exported, once.${quick ? ' This was a quick run.' : ''}`,
  ];
}

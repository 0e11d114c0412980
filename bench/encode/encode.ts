import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes, formatCount } from '../../local/cli/figures';
import type { Bench, BenchContext, BenchResult } from '../harness/bench';
import { Child } from '../harness/child';
import { type Contender, contest, type Results } from '../harness/contest';
import { type Figure, figureOf, type Goal } from '../harness/figures';
import { packageVersions } from '../harness/machine';
import { type Encoded, type EncodeJob, NODE_CONTENDERS, type NodeContender } from './encode-job';
import { zstdCompressor } from './hyparquet-writer';
import { DATE, TENANT, writeMessages } from './messages';
import { encodeInPython, findPythonPeer, type PythonPeer } from './python-peer';
import { SameRows } from './same-rows';

const BODY_BYTES = 600;
const MESSAGES_PER_ROOM = 20;

/** Microseconds a message, and millions of bytes. */
type Part = 'time' | 'cpu' | 'size';

const PARTS: Readonly<Record<Part, { readonly name: string; readonly unit: string }>> = {
  time: { name: 'time per message', unit: 'µs' },
  cpu: { name: 'CPU per message', unit: 'µs' },
  size: { name: 'size of the file', unit: 'MB' },
};

interface Beside {
  readonly ours: NodeContender;
  readonly peer: string;
  readonly parts: readonly Part[];
  readonly goals: Partial<Record<Part, number>>;
}

export const encode: Bench = {
  name: 'encode',
  about: `Messages of ${BODY_BYTES} bytes of JSON in memory into one Parquet file on the local disk, with the columns of \`messages\`, beside others who can.`,

  async run(context: BenchContext): Promise<BenchResult> {
    const { display, teardown, quick } = context;
    const folder = await mkdtemp(join(tmpdir(), 'makoto-bench-'));
    await teardown.add(() => rm(folder, { recursive: true, force: true }));
    display.show('making the messages');
    const rooms = quick ? 20 : 5000;
    const shape = { tenant: TENANT, date: DATE, rooms, messagesPerRoom: MESSAGES_PER_ROOM, bodyBytes: BODY_BYTES };
    const { count, bytes } = await writeMessages(folder, shape);
    const { peer: python, condition } = await findPythonPeer();
    const ofNode = NODE_CONTENDERS.filter(
      (name) => name !== 'hyparquet-writer, ZSTD' || zstdCompressor() !== undefined,
    );
    const work = { folder, path: join(folder, 'out.parquet'), count, same: await SameRows.open(count) };
    const results = await contest<Part>(
      [
        ...ofNode.map((name) => nodeContender(context, work, name)),
        ...(python === undefined ? [] : [await pythonContender(context, work, python)]),
      ],
      { warmUps: 0, rounds: quick ? 1 : 3, onTurn: (turn) => display.show(turn) },
    );
    return {
      figures: comparisons(results, python).flatMap((each) => figures(results, each)),
      versions: {
        ...packageVersions('parquet-wasm', 'apache-arrow', 'parquetjs-lite', 'hyparquet-writer', '@duckdb/node-api'),
        ...(python && { Python: python.python.version, ...python.python.modules }),
      },
      conditions: [
        `${formatCount(count)} messages, ${formatBytes(bytes)} of JSON. Each round of each contender is a process of its own, that reads the messages into memory, encodes them once to warm up, and once more to be measured. Half of the text is Japanese, and its words come again more often than people’s would: files of real messages are larger, whoever writes them.`,
        'Every file is read after each round by DuckDB: its types, and every value of every column, must be those of the others.',
        'Ours is the export’s own way: it encodes in one thread what it parses in another, checks each message by the contract, keeps the JSON columns in the writer’s own words, and reads the footer back. The others take from a message what the columns need, and check nothing.',
        'ZSTD is of level 1 in arrow-rs, which ours is, and in pyarrow, and of level 3 in DuckDB. parquetjs-lite has SNAPPY, and hyparquet-writer has nothing else by itself: it stands beside ours with SNAPPY.',
        'DuckDB reads the messages from one file of lines, which have their keys in them; it leaves fields out that have no column.',
        ...(condition === undefined ? [] : [condition]),
      ],
    };
  },
};

function comparisons(results: Results<Part>, python: PythonPeer | undefined): Beside[] {
  const all = ['time', 'cpu', 'size'] as const;
  const beside: Beside[] = [
    { ours: 'ours', peer: 'parquetjs-lite', parts: all, goals: { time: 0.4, size: 0.6 } },
    { ours: 'ours, SNAPPY', peer: 'hyparquet-writer', parts: all, goals: {} },
    { ours: 'ours', peer: 'hyparquet-writer, ZSTD', parts: all, goals: {} },
    { ours: 'ours', peer: 'DuckDB, 1 thread', parts: all, goals: {} },
    { ours: 'ours', peer: 'DuckDB', parts: ['time', 'cpu'], goals: {} },
    { ours: 'ours', peer: 'ours, 1 thread', parts: ['time', 'cpu'], goals: {} },
  ];
  if (python?.writes === true) {
    beside.unshift({ ours: 'ours', peer: python.name, parts: all, goals: { time: 0.7, size: 1.05 } });
  } else if (python !== undefined) {
    beside.unshift({ ours: 'ours', peer: python.name, parts: ['time', 'cpu'], goals: {} });
  }
  return beside.filter(({ peer }) => results.has(peer));
}

function figures(results: Results<Part>, { ours, peer, parts, goals }: Beside): Figure[] {
  return parts.map((part) => {
    const { name, unit } = PARTS[part];
    const atMost = goals[part];
    const goal: Goal | undefined = atMost === undefined ? undefined : { of: 'ratio', atMost };
    return figureOf({
      name: `${name}, ${ours === 'ours' ? '' : 'with SNAPPY, '}beside ${peer}`,
      unit,
      ours: results.get(ours)?.[part] ?? [],
      peer: { name: peer, samples: results.get(peer)?.[part] ?? [] },
      ...(goal && { goal }),
    });
  });
}

interface Work {
  readonly folder: string;
  /** Of the file that the contender whose turn it is writes. */
  readonly path: string;
  readonly count: number;
  readonly same: SameRows;
}

function nodeContender({ teardown }: BenchContext, work: Work, name: NodeContender): Contender<Part> {
  return {
    name,
    round: async () => {
      const job: EncodeJob = { contender: name, folder: work.folder, path: work.path };
      const child = new Child(join(__dirname, 'contender-process.js'), job, ['--expose-gc']);
      await teardown.add(() => child.end());
      const encoded = await child.answer<Encoded>();
      await child.end();
      return await measured(work, name, encoded);
    },
  };
}

async function pythonContender(
  { teardown }: BenchContext,
  work: Work,
  { name, python, writes }: PythonPeer,
): Promise<Contender<Part>> {
  const stop = new AbortController();
  await teardown.add(() => stop.abort());
  return {
    name,
    round: async () => {
      const encoded = await encodeInPython(python, { ...work, signal: stop.signal });
      return writes ? await measured(work, name, encoded) : { ...perMessage(work, encoded), size: 0 };
    },
  };
}

/** Looks into the file that was written, and removes it. */
async function measured(work: Work, name: string, encoded: Encoded): Promise<Record<Part, number>> {
  const { size } = await stat(work.path);
  await work.same.check(name, work.path);
  await rm(work.path);
  return { ...perMessage(work, encoded), size: size / 1e6 };
}

function perMessage({ count }: Work, { ms, cpuMs }: Encoded): { readonly time: number; readonly cpu: number } {
  return { time: (ms * 1000) / count, cpu: (cpuMs * 1000) / count };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCount } from '../../local/cli/figures';
import type { Bench, BenchContext, BenchResult } from '../harness/bench';
import { Child } from '../harness/child';
import { type Contender, contest } from '../harness/contest';
import { figureOf } from '../harness/figures';
import { packageVersions } from '../harness/machine';
import { makeAppFolder } from './app-folder';
import { SHARDS } from './app-settings';
import type { OrchestrateAnswer, OrchestrateInput } from './host-process';

/** The default of EXPORT_TENANT_CONCURRENCY, and the most that it allows. */
const AT_ONCE = [4, 64] as const;

const FEW = 250;
const MANY = 1000;

type Part = 'growth' | 'rate' | 'cpu' | 'rss';

export const orchestrate: Bench = {
  name: 'orchestrate',
  about: `Runs of up to ${formatCount(MANY)} tenants with ${SHARDS} shards each and nothing to do, by the batch’s own orchestrators through the local host.`,

  async run(context: BenchContext): Promise<BenchResult> {
    const { display, teardown, quick } = context;
    const folder = await mkdtemp(join(tmpdir(), 'makoto-bench-'));
    await teardown.add(() => rm(folder, { recursive: true, force: true }));
    const app = join(folder, 'app');
    await makeAppFolder(app);
    const [few, many] = quick ? [5, 20] : [FEW, MANY];
    const run = (tenants: number, tenantsAtOnce: number) => oneRun(context, { folder, app, tenants, tenantsAtOnce });
    const results = await contest<Part>(
      AT_ONCE.map((atOnce) => contender(atOnce, few, many, run)),
      { warmUps: 0, rounds: quick ? 1 : 3, onTurn: (turn) => display.show(turn) },
    );
    return {
      figures: AT_ONCE.flatMap((atOnce) => {
        const ours = (part: Part) => results.get(nameOf(atOnce))?.[part] ?? [];
        const figure = (name: string, unit: string, part: Part) => {
          return { name: `${name}, ${nameOf(atOnce)}`, unit, ours: ours(part) };
        };
        return [
          figureOf({
            ...figure(`time at ${formatCount(many)} tenants ÷ at ${formatCount(few)}`, 'times', 'growth'),
            goal: { of: 'value', atMost: 4.6 },
          }),
          figureOf(figure('tenants', '1/s', 'rate')),
          figureOf(figure('CPU per tenant', 'ms', 'cpu')),
          figureOf(figure('peak memory', 'MB', 'rss')),
        ];
      }),
      versions: packageVersions('@azure/functions', 'durable-functions'),
      conditions: [
        `The orchestrators, host.json and limits are those that are deployed; the activities answer at once with results as large as real ones. A tenant is ${SHARDS + 2} activities and ${SHARDS + 3} orchestrations.`,
        'Every run has a process and a task hub of its own, host and app in one, and begins after a short run that does not count. Rates, CPU and memory are of the larger run. The local host writes every record through to its disk before it goes on: how long that takes is in the time.',
      ],
    };
  },
};

function nameOf(atOnce: number): string {
  return `${atOnce} at a time`;
}

function contender(
  atOnce: number,
  few: number,
  many: number,
  run: (tenants: number, tenantsAtOnce: number) => Promise<OrchestrateAnswer>,
): Contender<Part> {
  return {
    name: nameOf(atOnce),
    round: async () => {
      const smaller = await run(few, atOnce);
      const { seconds, cpuSeconds, rssPeak } = await run(many, atOnce);
      return {
        growth: seconds / smaller.seconds,
        rate: many / seconds,
        cpu: (cpuSeconds * 1000) / many,
        rss: rssPeak / 1e6,
      };
    },
  };
}

interface Run extends Omit<OrchestrateInput, 'state'> {
  readonly folder: string;
}

async function oneRun({ teardown }: BenchContext, { folder, ...input }: Run): Promise<OrchestrateAnswer> {
  const state = join(folder, 'state');
  const child = new Child(join(__dirname, 'host-process.js'), { ...input, state } satisfies OrchestrateInput);
  await teardown.add(() => child.end());
  try {
    return await child.answer<OrchestrateAnswer>();
  } finally {
    await child.end();
    await rm(state, { recursive: true, force: true });
  }
}

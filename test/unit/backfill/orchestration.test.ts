import {
  ATTEMPT,
  BACKFILL,
  BACKFILL_DAY,
  BACKFILL_LANE,
  LOOK_AT_DAY,
  PLAN_BACKFILL,
  PLAN_BACKFILL_DAY,
} from '../../../functions/names';
import type { InstanceStatus } from '../../../local/host/durable/instance';
import { STEP_NAMES, type StepName } from '../../../shared/batch/steps';
import { addDays } from '../../../shared/calendar';
import { sumOfProgress } from '../../../shared/operations/backfill/backfill-progress';
import type { BackfillReport } from '../../../shared/operations/backfill/backfill-report';
import {
  type BackfillRequest,
  backfillId,
  backfillRequest,
  daysOf,
  stretchesOf,
} from '../../../shared/operations/backfill/backfill-request';
import { datesFrom } from '../../support/batch-world';
import { durableFunctionsWithCore } from '../host/app-in-test';
import { FakeClock } from '../host/fake-clock';
import { type HubInTest, openHub } from '../host/hub-in-test';
import { recordingLog } from '../host/recording-log';
import { temporaryDirectory } from '../host/temporary-directory';

// The orchestrators of the app, driven by the local host's task hub over scripted activities.

const { core, df } = durableFunctionsWithCore(recordingLog().log);
jest.requireActual('../../../functions/orchestrators');
jest.requireActual('../../../functions/backfill-orchestrators');

const ok = (value: unknown) => ({ ok: true, value });
const failed = (code: string) => ({ ok: false, failure: { kind: 'permanent', code, message: `Scripted: ${code}.` } });

const FIGURES = {
  listed: 3,
  outside: 0,
  exported: 3,
  duplicates: 0,
  quarantined: 0,
  parts: 4,
  bytes: 9,
  output: 'here/',
  late: 0,
};

/** What activities answer, a test's own before the usual; each is given its input. */
let script: Readonly<Record<string, (input: { date: string; run: string }) => unknown>> = {};
const usual: Readonly<Record<string, (input: { date: string; run: string }) => unknown>> = {
  [PLAN_BACKFILL]: (input) => {
    const days = daysOf(input as unknown as BackfillRequest);
    return ok({ days: days.length, stretches: stretchesOf(days), tenantDays: days.length, refused: [] });
  },
  [PLAN_BACKFILL_DAY]: () => ok({ tenants: ['acme'] }),
  [LOOK_AT_DAY]: () => ok({ running: false, wanted: true }),
  resolveRun: ({ date }) =>
    ok({ days: [{ timeZone: 'Asia/Tokyo', date, tenants: ['acme'] }], refused: [], tenantsAtOnce: 1 }),
  planExport: () => ok({ plan: 'plan', shards: [], rooms: {}, late: [], settles: [] }),
  publishExport: () => ok(FIGURES),
};
/** The days of the plans that were made. */
const planned: string[] = [];
/** A day whose plan waits until it is opened. */
let gate: { readonly date: string; readonly opened: Promise<void> } | undefined;

for (const name of [PLAN_BACKFILL, PLAN_BACKFILL_DAY, LOOK_AT_DAY, ...STEP_NAMES] as (StepName | string)[]) {
  df.app.activity(name, {
    handler: async (input: { date: string; run: string }) => {
      if (name === 'planExport') planned.push(input.date);
      if (name === 'planExport' && gate?.date === input.date) await gate.opened;
      return (script[name] ?? usual[name] ?? (() => ok(null)))(input);
    },
  });
}

beforeEach(() => {
  script = {};
  planned.length = 0;
  gate = undefined;
});

const AUGUST = backfillRequest({ from: '2025-08-01', to: '2025-08-05' });

async function openedHub(clock = new FakeClock(), stateDir = temporaryDirectory()): Promise<HubInTest> {
  // No wait of the orchestrators is as long as a function may take here: a clock that goes on must not cut one off.
  return openHub({ core, stateDir, clock, log: recordingLog().log, config: { functionTimeoutMs: 86_400_000 } });
}

async function start({ hub }: HubInTest, request: BackfillRequest): Promise<string> {
  return hub.start({ name: BACKFILL, instanceId: backfillId(request), input: JSON.stringify(request) });
}

async function endOf({ hub }: HubInTest, id: string): Promise<InstanceStatus & { readonly output: BackfillReport }> {
  return (await hub.waitFor(id, 'terminal')) as InstanceStatus & { readonly output: BackfillReport };
}

const named = ({ hub }: HubInTest, name: string) => hub.list().filter((instance) => instance.name === name);

test('each day is a run of the export under the name that every run of the day has, so many at a time, the oldest first', async () => {
  const inTest = await openedHub();

  const { runtimeStatus, output, customStatus } = await endOf(inTest, await start(inTest, AUGUST));

  expect(runtimeStatus).toBe('Completed');
  expect(output).toMatchObject({
    status: 'completed',
    days: { completed: 5, failed: 0, left: 0 },
    messages: 15,
    notDone: [],
  });
  expect(customStatus).toEqual({ days: 5, done: 5, failed: 0, current: [] });
  expect(
    named(inTest, 'dailyBatch')
      .map(({ instanceId }) => instanceId)
      .sort(),
  ).toEqual(daysOf(AUGUST).map((date) => `export-${date}`));
  expect(named(inTest, BACKFILL_LANE)).toHaveLength(2);
  expect([...planned.slice(0, 2)].sort()).toEqual(['2025-08-01', '2025-08-02']);
});

test('while lanes are at work, their statuses together say how far the backfill is', async () => {
  let open = () => {};
  gate = {
    date: '2025-08-03',
    opened: new Promise((resolve) => {
      open = resolve;
    }),
  };
  const inTest = await openedHub();
  const id = await start(inTest, AUGUST);
  await inTest.hub.waitFor('export-2025-08-04', 'terminal');

  const lanes: readonly string[] = Object(inTest.hub.status(id)?.customStatus).lanes;
  const [first] = lanes.map((lane) => inTest.hub.status(lane)?.customStatus);
  open();
  await endOf(inTest, id);
  const ends = lanes.map(
    (lane) => inTest.hub.status(lane)?.customStatus as Parameters<typeof sumOfProgress>[0][number],
  );

  expect(first).toEqual({ done: 1, failed: 0, current: ['2025-08-03'] });
  expect(sumOfProgress(ends)).toEqual({ done: 5, failed: 0, current: [] });
});

test('a day that fails stops no other', async () => {
  script = {
    resolveRun: (input) => (input.date === '2025-08-02' ? failed('tenant_registry_empty') : usual.resolveRun?.(input)),
  };
  const inTest = await openedHub();

  const { output } = await endOf(inTest, await start(inTest, AUGUST));

  expect(output).toMatchObject({
    status: 'partial',
    days: { completed: 4, failed: 1, left: 0 },
    notDone: [['2025-08-02', '2025-08-02']],
    failures: [{ date: '2025-08-02', code: 'tenant_registry_empty' }],
  });
});

test('a day whose tenants are all done is not run', async () => {
  script = { [PLAN_BACKFILL_DAY]: () => ok({ tenants: [] }) };
  const inTest = await openedHub();

  const { output } = await endOf(inTest, await start(inTest, AUGUST));

  expect(output).toMatchObject({ status: 'completed', days: { completed: 5 }, messages: 0 });
  expect(named(inTest, 'dailyBatch')).toEqual([]);
});

test('nothing to do is completed, and a plan that cannot be made failed', async () => {
  const inTest = await openedHub();
  script = { [PLAN_BACKFILL]: () => ok({ days: 0, stretches: [], tenantDays: 0, refused: [] }) };
  const nothing = await endOf(inTest, await start(inTest, AUGUST));
  script = { [PLAN_BACKFILL]: () => failed('tenant_registry_empty') };

  const broken = await endOf(inTest, await start(inTest, AUGUST));

  expect(nothing.output).toMatchObject({ status: 'completed', days: { completed: 0, failed: 0, left: 0 } });
  expect(broken.output).toMatchObject({ status: 'failed', failure: { code: 'tenant_registry_empty' } });
});

test('a day that somebody else runs is waited for', async () => {
  const clock = new FakeClock();
  let looks = 0;
  script = { [LOOK_AT_DAY]: () => ok({ running: looks++ < 2, wanted: true }) };
  const inTest = await openedHub(clock);
  const id = await start(inTest, { ...AUGUST, to: AUGUST.from });

  await clock.armed(clock.now() + 5_000);
  const before = [...planned];
  clock.advance(5_000);
  await clock.armed(clock.now() + 10_000);
  clock.advance(10_000);
  const { output } = await endOf(inTest, id);

  expect(before).toEqual([]);
  expect(output).toMatchObject({ status: 'completed', days: { completed: 1 } });
  expect(looks).toBe(3);
});

test('a day that somebody else began between the look and the start is waited for too, and neither is run over', async () => {
  const clock = new FakeClock();
  let open = () => {};
  gate = {
    date: '2025-08-01',
    opened: new Promise((resolve) => {
      open = resolve;
    }),
  };
  const inTest = await openedHub(clock);
  const theirs = { job: 'export', date: '2025-08-01', force: false };
  await inTest.hub.start({ name: 'dailyBatch', instanceId: 'export-2025-08-01', input: JSON.stringify(theirs) });
  const running = () => inTest.hub.status('export-2025-08-01')?.runtimeStatus === 'Running';
  let looks = 0;
  script = { [LOOK_AT_DAY]: () => ok({ running: looks++ > 0 && running(), wanted: true }) };
  const id = await start(inTest, { ...AUGUST, to: AUGUST.from });

  await clock.armed(clock.now() + 5_000);
  const before = [...planned];
  open();
  await inTest.hub.waitFor('export-2025-08-01', 'terminal');
  clock.advance(5_000);
  const { output } = await endOf(inTest, id);

  expect(before).toEqual(['2025-08-01']);
  expect(planned).toEqual(['2025-08-01', '2025-08-01']);
  expect(output).toMatchObject({ status: 'completed', messages: 3 });
});

test('a day that somebody else runs for hours is given up, and named', async () => {
  const clock = new FakeClock();
  script = { [LOOK_AT_DAY]: () => ok({ running: true, wanted: true }) };
  const inTest = await openedHub(clock);
  const id = await start(inTest, { ...AUGUST, to: AUGUST.from });
  const ended = endOf(inTest, id);
  let isOver = false;
  ended.then(() => {
    isOver = true;
  });

  let waitedMs = 0;
  for (let wait = 5_000; !isOver; wait = Math.min(2 * wait, 300_000)) {
    await Promise.race([clock.armed(clock.now() + wait), ended]);
    if (isOver) break;
    clock.advance(wait);
    waitedMs += wait;
  }

  expect((await ended).output).toMatchObject({
    status: 'failed',
    failures: [{ code: 'day_in_use', date: '2025-08-01' }],
  });
  expect(waitedMs).toBeGreaterThan(90 * 60_000);
  expect(waitedMs).toBeLessThan(150 * 60_000);
});

test('a day that is ended from outside has failed, and the others go on', async () => {
  gate = { date: '2025-08-02', opened: new Promise(() => {}) };
  const inTest = await openedHub();
  const id = await start(inTest, AUGUST);
  await inTest.hub.waitFor('export-2025-08-01', 'terminal');
  await inTest.hub.control('export-2025-08-02', 'terminate', 'not now');

  const { output } = await endOf(inTest, id);

  expect(output).toMatchObject({
    status: 'partial',
    days: { completed: 4, failed: 1 },
    failures: [{ date: '2025-08-02', code: 'run_cut_off' }],
  });
});

test('lanes of a backfill that was ended begin no further day', async () => {
  script = { [LOOK_AT_DAY]: ({ run }) => ok({ running: false, wanted: run < 'export-2025-08-04' }) };
  const inTest = await openedHub();

  const { output } = await endOf(inTest, await start(inTest, AUGUST));

  expect(output).toMatchObject({ status: 'partial', days: { completed: 3, failed: 0, left: 2 } });
  expect(output.notDone).toEqual([['2025-08-04', '2025-08-05']]);
});

test('a lane goes on with a new history every 30 days, and counts on', async () => {
  script = {
    [PLAN_BACKFILL_DAY]: (input) =>
      Number(input.date.slice(-2)) % 10 === 0 ? failed('metadata_item_invalid') : ok({ tenants: [] }),
  };
  const request = backfillRequest({ from: '2025-01-01', to: addDays('2025-01-01', 34), concurrency: 1 });
  const inTest = await openedHub();

  const { output } = await endOf(inTest, await start(inTest, request));

  const bad = datesFrom('2025-01-01', 35).filter((date) => date.endsWith('0'));
  expect(output.days).toEqual({ completed: 35 - bad.length, failed: bad.length, left: 0 });
  expect(output.notDone.map(([first]) => first)).toEqual(bad);
  const [lane] = named(inTest, BACKFILL_LANE);
  const early = bad.filter((date) => date <= '2025-01-30');
  expect(lane?.input).toMatchObject({ next: 30, tally: { completed: 30 - early.length, notDone: early } });
});

test('a host that stops while a day is waited for goes on with it when it starts again', async () => {
  const clock = new FakeClock();
  const folder = temporaryDirectory();
  let looks = 0;
  script = { [LOOK_AT_DAY]: () => ok({ running: looks++ < 1, wanted: true }) };
  const before = await openedHub(clock, folder);
  const id = await start(before, { ...AUGUST, to: AUGUST.from });
  await clock.armed(clock.now() + 5_000);
  await before.stop();

  const after = await openedHub(clock, folder);
  clock.advance(5_000);
  const { output } = await endOf(after, id);

  expect(output).toMatchObject({ status: 'completed', days: { completed: 1 } });
  expect(
    [...named(after, ATTEMPT), ...named(after, BACKFILL_DAY)].every(
      ({ runtimeStatus }) => runtimeStatus === 'Completed',
    ),
  ).toBe(true);
});

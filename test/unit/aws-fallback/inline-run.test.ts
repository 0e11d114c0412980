import { EventError } from '../../../aws-fallback/events';
import { runInvocation } from '../../../aws-fallback/inline-run';
import { RunNotCompletedError } from '../../../aws-fallback/run-not-completed';
import { BatchWorld, datesFrom, noonOf, onlyTenant } from '../../support/batch-world';
import { snapshot } from '../../support/export-world';
import { type AwsWorld, denied, SAMPLE_DAY, sample, worldWithSample } from './aws-world';

const EVENT = { job: 'export', target_date: SAMPLE_DAY };
const ENOUGH = { getRemainingTimeInMillis: () => 900_000 };

async function rejection(invocation: Promise<unknown>): Promise<unknown> {
  try {
    return await invocation;
  } catch (error) {
    return error;
  }
}

async function manifests(world: AwsWorld): Promise<string[]> {
  return [...(await snapshot(world.data)).keys()].filter((key) => key.includes('/_manifests/'));
}

/** A function with an hour, of which the calls of its stores take so much each. */
function timeThatPasses(world: AwsWorld, totalMs: number, perCallMs: number) {
  const end = world.clock.now() + totalMs;
  world.before = () => void world.clock.sleep(perCallMs);
  return { getRemainingTimeInMillis: () => end - world.clock.now() };
}

test('a completed run answers with its report; the log and the metrics have the design’s dimensions', async () => {
  const world = await worldWithSample();

  const report = await runInvocation(EVENT, ENOUGH, world.platform());

  expect(report).toMatchObject({ job: 'export', date: SAMPLE_DAY, status: 'completed' });
  expect(report.tenants.map(({ tenant }) => tenant)).toEqual(Object.keys(sample.expected));
  // It is still the evening of the day in New York.
  expect(world.metric('day_sealed')).toEqual([1, 1]);
  expect(world.metric('messages_exported').sort()).toEqual(report.tenants.map(({ exported }) => exported).sort());
  const dimensions = { job: 'export', date: SAMPLE_DAY, run: `export-${SAMPLE_DAY}` };
  expect(world.lines).toContainEqual(expect.objectContaining({ ...dimensions, message: 'The run is completed.' }));
  expect(world.lines).toContainEqual(
    expect.objectContaining({
      ...dimensions,
      tenant: 'hinata-books',
      stage: 'collect',
      message: 'The shard is exported.',
    }),
  );
});

test('a run that is partial fails the invocation, names the tenant, and has published the others', async () => {
  const world = await worldWithSample();
  world.before = ({ method, key }) => {
    if (method === 'read' && key.startsWith('hinata-books/chat/')) throw denied();
  };

  const error = await rejection(runInvocation(EVENT, ENOUGH, world.platform()));

  expect(error).toBeInstanceOf(RunNotCompletedError);
  expect(error).toMatchObject({
    kind: 'permanent',
    message: expect.stringContaining('hinata-books collect: access_denied: Access is denied.'),
  });
  expect(await manifests(world)).toHaveLength(2);
  expect(world.metric('tenant_failures')).toEqual([1]);
  const told = world.lines.filter(({ level }) => level === 'error');
  expect(told).toContainEqual(expect.objectContaining({ tenant: 'hinata-books', job: 'export', date: SAMPLE_DAY }));
  expect(told).toContainEqual(expect.objectContaining({ stage: 'run', error_code: 'run_not_completed' }));
});

test('an event that asks for nothing fails the invocation before anything is read', async () => {
  const world = await worldWithSample();
  const before = await snapshot(world.data);

  const error = await rejection(runInvocation({ job: 'exports' }, ENOUGH, world.platform()));

  expect(error).toBeInstanceOf(EventError);
  expect(await snapshot(world.data)).toEqual(before);
});

test('before the time runs out nothing more is begun: what is left is told, and the same event again takes it up', async () => {
  const world = await worldWithSample();
  const oneByOne = world.platform({ EXPORT_TENANT_CONCURRENCY: '1' });
  const short = timeThatPasses(world, 240_000, 100);

  const error = await rejection(runInvocation(EVENT, short, oneByOne));
  const after = await manifests(world);
  world.before = () => undefined;
  const again = await runInvocation(EVENT, ENOUGH, oneByOne);

  expect(error).toBeInstanceOf(RunNotCompletedError);
  expect(error).toMatchObject({ kind: 'transient', message: expect.stringContaining('out_of_time') });
  expect(short.getRemainingTimeInMillis()).toBeGreaterThan(0);
  expect(after.length).toBeLessThan(3);
  expect(again.status).toBe('completed');
  expect(await manifests(world)).toHaveLength(3);
});

test('a run that runs out of time while it makes up for missed days says which are left, and the next one goes on there', async () => {
  const world = new BatchWorld();
  await world.addTenant();
  world.nowMs = Date.parse('2025-08-05T17:00:00Z');
  const dates = datesFrom('2025-08-05', 7);
  for (const date of dates)
    await world.say(noonOf(date), `m-${date}`, { room: `r-${date}`, touched: Date.parse(noonOf(date)) });
  await world.night();
  world.nextNight(6);
  const end = world.nowMs + 240_000;
  world.before = () => {
    world.nowMs += 2_000;
  };

  const error = await rejection(
    runInvocation({ job: 'export' }, { getRemainingTimeInMillis: () => end - world.nowMs }, world.platform()),
  );
  const published = await publishedDates(world);
  const left = dates.filter((date) => !published.includes(date));
  world.before = () => undefined;
  const report = await runInvocation({ job: 'export' }, ENOUGH, world.platform());

  expect(published.length).toBeGreaterThan(1);
  expect(left.length).toBeGreaterThan(2);
  const [date] = left.splice(-1);
  expect(error).toMatchObject({ code: 'run_not_completed', kind: 'transient' });
  expect(String(error)).toContain(`export-${date} is failed`);
  expect(String(error)).toMatch(/out_of_time: .*left\. \(days before it that are left: /);
  expect(String(error)).toContain(`that are left: ${left.join(', ')})`);
  expect(end - world.nowMs).toBeGreaterThan(0);
  expect(onlyTenant(report).caughtUp?.map((day) => day.date)).toEqual(left);
  expect(await publishedDates(world)).toEqual(dates);
});

async function publishedDates(world: BatchWorld): Promise<string[]> {
  const keys = [...(await snapshot(world.analytics)).keys()];
  return keys.filter((key) => key.includes('/_manifests/')).map((key) => key.slice(-15, -5));
}

test('telemetry is flushed before the invocation ends, however it ends', async () => {
  const world = await worldWithSample();
  const platform = world.platform();
  let flushed = 0;
  const flush = async () => {
    flushed += 1;
  };
  const watched = { ...platform, telemetry: { ...platform.telemetry, flush } };

  await rejection(runInvocation({}, ENOUGH, watched));
  await runInvocation({ ...EVENT, tenants: ['minato-travel'] }, ENOUGH, watched);

  expect(flushed).toBe(2);
});

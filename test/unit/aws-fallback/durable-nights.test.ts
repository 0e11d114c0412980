import type { DurableExecutionInvocationOutput, DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import { durableFunction } from '../../../aws-fallback/durable-function';
import type { JobReport, TenantReport } from '../../../shared/batch/report';
import { RUN_PARTITION } from '../../../shared/history/keys';
import { allItems } from '../../../shared/messages/pages';
import { BatchWorld, datesFrom, noonOf, onlyTenant, TENANT } from '../../support/batch-world';
import { DurableMemory } from '../../support/durable-memory';
import { snapshot } from '../../support/export-world';

// Scheduled executions: nights that come after ones that were missed, and after days that got late messages.

const SCHEDULED = { job: 'export' };
const PUBLISHED = '2025-08-06';
const MISSED = datesFrom('2025-08-07', 2);
const DATE = '2025-08-09';

/** A day is published and has another message by now, two were missed, and it is the night of the one after these. */
async function worldOfNight(): Promise<BatchWorld> {
  const world = new BatchWorld({ LATE_WINDOW_DAYS: '3' });
  await world.addTenant();
  world.nowMs = Date.parse(`${PUBLISHED}T17:00:00Z`);
  await world.say(noonOf(PUBLISHED), 'first');
  await world.night();
  for (const date of [...MISSED, DATE])
    await world.say(noonOf(date), `m-${date}`, { room: `r-${date}`, touched: Date.parse(noonOf(date)) });
  await world.say(noonOf(PUBLISHED, 1), 'late');
  world.nextNight(3);
  return world;
}

function handlerOf(world: BatchWorld): DurableLambdaHandler {
  const platform = world.platform();
  return durableFunction(() => platform, undefined);
}

/** All that analysts and operators read: parts, manifests, and the records but for leases. */
async function leftBy(world: BatchWorld): Promise<unknown> {
  const objects = [...(await snapshot(world.analytics))].filter(([key]) => !key.includes('/_plans/'));
  const records = [];
  for (const partition of [`TENANT#${TENANT}#BATCH`, RUN_PARTITION])
    for await (const item of allItems(world.metadata, { partition }))
      if (!item.SK.startsWith('LEASE#')) records.push(JSON.stringify(Object.entries(item).sort()));
  return [objects, records];
}

function reportOf(output: DurableExecutionInvocationOutput): TenantReport {
  if (output.Status !== 'SUCCEEDED') throw new Error(`The execution is ${output.Status}.`);
  return onlyTenant(JSON.parse(output.Result ?? '') as JobReport);
}

test('a scheduled execution makes up for missed days, takes late messages in, and records itself, as the inline engine does', async () => {
  const inline = await worldOfNight();
  await inline.night();
  const world = await worldOfNight();

  const { output } = await new DurableMemory().run(handlerOf(world), SCHEDULED);

  expect(reportOf(output)).toMatchObject({
    date: DATE,
    exported: 1,
    caughtUp: MISSED.map((date) => ({ date, status: 'completed', exported: 1 })),
    lateDays: [{ date: PUBLISHED, added: 1 }],
  });
  expect(await leftBy(world)).toEqual(await leftBy(inline));
});

test('an invocation that is lost at any checkpoint of it costs that step alone, and nothing is published or counted twice', async () => {
  const undisturbed = await worldOfNight();
  const service = new DurableMemory();
  await service.run(handlerOf(undisturbed), SCHEDULED);
  const expected = JSON.stringify(await leftBy(undisturbed));

  const differing: number[] = [];
  for (let lost = 1; lost <= service.checkpoints; lost += 1) {
    const world = await worldOfNight();
    const again = new DurableMemory();
    again.onCheckpoint = (at, when) => {
      if (at === lost && when === (lost % 2 === 0 ? 'before' : 'after')) throw new Error('The invocation is lost.');
    };
    const { output } = await again.run(handlerOf(world), SCHEDULED);
    if (output.Status !== 'SUCCEEDED' || JSON.stringify(await leftBy(world)) !== expected) differing.push(lost);
  }

  expect(service.checkpoints).toBeGreaterThan(15);
  expect(differing).toEqual([]);
});

test('its history holds references and figures: a few hundred bytes a step', async () => {
  const service = new DurableMemory();

  await service.run(handlerOf(await worldOfNight()), SCHEDULED);

  const steps = service.history.filter(({ Type, Payload }) => Type === 'STEP' && Payload !== undefined);
  // What is resolved and surveyed, three days and a late one, and the record of the run.
  expect(steps.map(({ Name }) => Name)).toEqual([
    'request',
    'resolveRun',
    'surveyDays',
    ...[...MISSED, DATE, PUBLISHED].flatMap(() => ['planExport', 'exportShard', 'publishExport']),
    'recordRun',
  ]);
  expect(Math.max(...steps.map(({ Payload = '' }) => Payload.length))).toBeLessThan(2_000);
  expect(JSON.stringify(service.history)).not.toContain('text of m-');
});

import type { BatchPlatform } from '../../../shared/batch/batch-platform';
import { exportContext } from '../../../shared/batch/export-steps';
import { LEASE_MS } from '../../../shared/messages/day-lease';
import { daysToRun, judgeDays } from '../../../shared/operations/quarantine/replay-days';
import { runDayAgain } from '../../../shared/operations/quarantine/run-again';
import { saveRepair } from '../../../shared/operations/quarantine/save-repair';
import { noonOf, TENANT, type WorldCall } from '../../support/batch-world';
import { messageBody, messageKeyAt } from '../../support/chat';
import { snapshot } from '../../support/export-world';
import { quarantinedKeys } from '../../support/published-rows';
import { DATE, keyOf, ofDay, QuarantineWorld, withConstantEtags, ZONE } from './quarantine-world';

const NEXT = '2025-08-12';
const SPAN = { from: '2025-08-01', to: '2025-08-31' };
const ACME = { tenant: TENANT, timeZone: ZONE };

const unchanged = { valid: 0, moved: [], gone: 0, force: false, cutOff: false };

/** Two published days with messages in quarantine, on a store where a changed body stands for a changed contract. */
async function twoDays() {
  const world = await QuarantineWorld.filled();
  const other = await world.say(noonOf(NEXT), 'other', { user: 'bob', body: '[1]' });
  await world.say(noonOf(NEXT), 'good', { user: 'bob' });
  world.nextNight();
  const platform = withConstantEtags(world.platform());
  for (const date of [DATE, NEXT]) await runDayAgain(platform, { tenant: TENANT, date });
  world.calls.length = 0;
  return { world, platform, other };
}

describe('after a change of the contract', () => {
  test('days with a message that is valid by now are found by reading the quarantined ones alone, and only they are run', async () => {
    const { world, platform, other } = await twoDays();
    await world.edit(world.broken, Buffer.from(world.copyOf(world.broken)).toString());

    const judged = await judgeDays(platform, ACME, SPAN);

    expect(judged.days).toEqual([
      { ...unchanged, date: DATE, quarantined: 2, valid: 1, force: true },
      { ...unchanged, date: NEXT, quarantined: 1 },
    ]);
    expect(daysToRun(judged.days)).toEqual([{ date: DATE, force: true }]);
    const read = world.calls.filter(({ method, key }) => method === 'read' && key.includes('/chat/'));
    expect(read.map(({ key }) => key).sort()).toEqual([world.mistyped, world.broken, other].sort());
    expect(world.calls.filter(({ method }) => method === 'write' || method === 'put')).toEqual([]);
  });

  test('running them takes in what is valid now; without reading everything again nobody would notice', async () => {
    const { world, platform } = await twoDays();
    await world.edit(world.broken, Buffer.from(world.copyOf(world.broken)).toString());
    const unnoticed = await runDayAgain(platform, { tenant: TENANT, date: DATE });
    expect(unnoticed.after).toEqual(unnoticed.before);

    const [day] = daysToRun((await judgeDays(platform, ACME, SPAN)).days);
    const { before, after } = await runDayAgain(platform, { tenant: TENANT, date: DATE, force: day?.force ?? false });

    expect(before).toMatchObject({ listed: 6, exported: 4, quarantined: 2 });
    expect(after).toMatchObject({ listed: 6, exported: 5, quarantined: 1, repaired: 0 });
    expect(await quarantinedKeys(world.analytics, await world.manifest())).toEqual([world.mistyped]);
    expect(daysToRun((await judgeDays(platform, ACME, SPAN)).days)).toEqual([]);
  });

  test('a message without a time in its key that goes to another day by now has both days run', async () => {
    const { world, platform } = await twoDays();
    const key = messageKeyAt(TENANT, 'bob', 'r', noonOf(DATE), 'x').replace(/[^/]+$/, 'untimed.json');
    await world.edit(key, '{');
    await runDayAgain(platform, { tenant: TENANT, date: DATE });
    await world.edit(key, messageBody('untimed', '2025-08-11T20:00:00Z'));

    const runs = daysToRun((await judgeDays(platform, ACME, SPAN)).days);
    for (const { date, force } of runs) await runDayAgain(platform, { tenant: TENANT, date, force });

    expect(runs).toEqual([
      { date: NEXT, force: true },
      { date: DATE, force: true },
    ]);
    expect((await world.manifest(DATE)).proof).toMatchObject({ exported: 4, quarantined: 2 });
    expect((await world.manifest(NEXT)).proof).toMatchObject({ exported: 2, quarantined: 1 });
  });
});

describe('a replay of days that is cut off', () => {
  const changes = ({ method }: WorldCall) => method === 'write' || method === 'delete' || method === 'put';

  async function replayDays(platform: BatchPlatform): Promise<void> {
    for (const { date, force } of daysToRun((await judgeDays(platform, ACME, SPAN)).days)) {
      const { report } = await runDayAgain(platform, { tenant: TENANT, date, force });
      expect(report.status).toBe('completed');
    }
  }

  async function changedContract() {
    const days = await twoDays();
    const { world } = days;
    await world.edit(world.broken, Buffer.from(world.copyOf(world.broken)).toString());
    return days;
  }

  test('before any of its changes is completed by doing it again', async () => {
    const undisturbed = await changedContract();
    await replayDays(undisturbed.platform);
    const points = undisturbed.world.calls.filter(changes).length;
    const expected = await snapshot(undisturbed.world.analytics);
    expect(points).toBeGreaterThan(8);

    for (let point = 0; point < points; point++) {
      const { world, platform } = await changedContract();
      let left = point;
      world.before = (call) => {
        if (left < 0 || (changes(call) && left-- === 0)) throw new Error('The process is gone.');
      };
      await replayDays(platform).catch(() => undefined);
      world.before = () => undefined;
      world.nowMs += LEASE_MS;

      await replayDays(platform);

      expect(await snapshot(world.analytics)).toEqual(expected);
      expect(await world.record(DATE)).toMatchObject({
        message_count: 5,
        notices: { quarantine: { wrong_type: 1 } },
      });
      expect(daysToRun((await judgeDays(platform, ACME, SPAN)).days)).toEqual([]);
    }
  });
});

describe('without one', () => {
  test('a message that its writer corrected comes in without reading everything again', async () => {
    const world = await QuarantineWorld.published();
    await world.edit(world.broken, Buffer.from(world.copyOf(world.broken)).toString());

    const { days } = await judgeDays(world.platform(), ACME, SPAN);

    expect(days).toEqual([{ ...unchanged, date: DATE, quarantined: 2, valid: 1 }]);
  });

  test('a corrected copy that was saved and not run counts as valid', async () => {
    const world = await QuarantineWorld.published();
    const context = exportContext(world.platform(), ofDay(world.broken), 'quarantine');
    await saveRepair(context, keyOf(world.broken), world.copyOf(world.broken));

    const { days } = await judgeDays(world.platform(), ACME, SPAN);

    expect(daysToRun(days)).toEqual([{ date: DATE, force: false }]);
  });

  test('messages that are gone are told, and leave the day as it is', async () => {
    const world = await QuarantineWorld.published();
    await world.data.delete(world.broken);
    const expected = await snapshot(world.analytics);

    const { days } = await judgeDays(world.platform(), ACME, SPAN);

    expect(days).toEqual([{ ...unchanged, date: DATE, quarantined: 2, gone: 1 }]);
    expect(daysToRun(days)).toEqual([]);
    expect(await snapshot(world.analytics)).toEqual(expected);
  });

  test('days without a message in quarantine, and those that are not asked for, are not looked at', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    await world.replay(world.mistyped);
    world.calls.length = 0;

    const all = await judgeDays(world.platform(), ACME, SPAN);
    const others = await judgeDays(world.platform(), ACME, { from: '2025-08-12', to: '2025-08-31' });

    expect([all.days, others.days]).toEqual([[], []]);
    expect(world.calls.map(({ method }) => method)).toEqual(['query', 'query']);
  });

  test('a run record that cannot be read is told', async () => {
    const world = await QuarantineWorld.published();
    await world.metadata.put({ PK: `TENANT#${TENANT}#BATCH`, SK: 'DAILY#2025-08-05', status: 'unheard of' });

    const { days, unreadable } = await judgeDays(world.platform(), ACME, SPAN);

    expect(days).toHaveLength(1);
    expect(unreadable).toEqual([expect.stringContaining('2025-08-05')]);
  });
});

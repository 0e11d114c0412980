import fc from 'fast-check';
import { exportTenant } from '../../../shared/batch/export-flow';
import type { StepCall, StepName, StepResult, TenantRun } from '../../../shared/batch/steps';
import type { LateDay } from '../../../shared/messages/late-rooms';
import { drive, FakeSteps, failureOf, figures, NEVER_PLANNED } from './fake-steps';

const RUN: TenantRun = { tenant: 'acme', timeZone: 'Asia/Tokyo', date: '2025-08-11', force: false };
const DAY = { tenant: 'acme', timeZone: 'Asia/Tokyo', date: '2025-08-11' };
const stopped = () => 0;

const late = (date: string, published = true): LateDay => ({ date, rooms: 2, published });
const named = (calls: readonly (readonly StepCall[])[]) => calls.map((batch) => batch.map(({ name }) => name));
const inputs = (batch: readonly StepCall[] | undefined) => batch?.map(({ input }) => input);

describe('a tenant’s export', () => {
  test('plans its day, reads its shards side by side, and publishes what came of them', () => {
    const steps = new FakeSteps({ shards: { '2025-08-11': [0, 3, 1] }, settles: ['late-1', 'late-2'] });

    const { report, calls } = drive(exportTenant({ ...RUN, force: true }, stopped), steps);

    const plan = 'plan of 2025-08-11';
    expect(named(calls)).toEqual([['planExport'], ['exportShard', 'exportShard', 'exportShard'], ['publishExport']]);
    expect(inputs(calls[0])).toEqual([DAY]);
    expect(inputs(calls[1])).toEqual([0, 3, 1].map((shard) => ({ ...DAY, plan, shard, force: true })));
    const results = [0, 3, 1].map((shard) => ({ shard, result: `result of 2025-08-11 ${shard}` }));
    expect(inputs(calls[2])).toEqual([{ ...DAY, plan, results, settles: ['late-1', 'late-2'] }]);
    expect(report).toEqual({ tenant: 'acme', date: '2025-08-11', status: 'completed', ...figures, seconds: 0 });
  });

  test('without a room to read publishes an empty day, and yields no empty fan-out', () => {
    const { report, calls } = drive(exportTenant(RUN, stopped), new FakeSteps({ shards: {} }));

    expect(named(calls)).toEqual([['planExport'], ['publishExport']]);
    expect(inputs(calls[1])).toEqual([{ ...DAY, plan: 'plan of 2025-08-11', results: [], settles: [] }]);
    expect(report.status).toBe('completed');
  });

  test('tells its seconds by the clock it was given, to a tenth', () => {
    const times = [1_000_000, 1_012_345];
    const flow = exportTenant(RUN, () => times.shift() ?? 0);

    expect(drive(flow, new FakeSteps({})).report.seconds).toBe(12.3);
  });
});

describe('a tenant’s export fails', () => {
  test('where planning does: nothing else is tried, and the failure is recorded', () => {
    const steps = new FakeSteps({ failing: ['planExport 2025-08-11'] });

    const { report, calls } = drive(exportTenant(RUN, stopped), steps);

    const failure = failureOf('planExport 2025-08-11');
    expect(named(calls)).toEqual([['planExport'], ['recordFailure']]);
    expect(inputs(calls[1])).toEqual([{ ...DAY, failure }]);
    expect(report).toEqual({ tenant: 'acme', date: '2025-08-11', status: 'failed', failure, seconds: 0 });
  });

  test('where any shard does: the others are read, and nothing is published', () => {
    const shards = { '2025-08-11': [0, 1, 2, 3] };
    const steps = new FakeSteps({ shards, failing: ['exportShard 2025-08-11 2', 'exportShard 2025-08-11 1'] });

    const { report, calls } = drive(exportTenant(RUN, stopped), steps);

    const failure = failureOf('exportShard 2025-08-11 1');
    expect(named(calls).map(([name]) => name)).toEqual(['planExport', 'exportShard', 'recordFailure']);
    expect(inputs(calls[2])).toEqual([{ ...DAY, failure }]);
    expect(report).toEqual({ tenant: 'acme', date: '2025-08-11', status: 'failed', failure, seconds: 0 });
  });

  test('where publishing does, and leaves late days alone', () => {
    const steps = new FakeSteps({
      failing: ['publishExport 2025-08-11'],
      late: { '2025-08-11': [late('2025-08-10')] },
    });

    const { report, calls } = drive(exportTenant(RUN, stopped), steps);

    const failure = failureOf('publishExport 2025-08-11');
    expect(named(calls)).toEqual([['planExport'], ['publishExport'], ['recordFailure']]);
    expect(inputs(calls[2])).toEqual([{ ...DAY, failure }]);
    expect(report).toEqual({ tenant: 'acme', date: '2025-08-11', status: 'failed', failure, seconds: 0 });
  });

  test('with its first reason, where recording it fails too', () => {
    const steps = new FakeSteps({ failing: ['planExport 2025-08-11', 'recordFailure 2025-08-11'] });

    const { report } = drive(exportTenant(RUN, stopped), steps);

    expect(report.failure).toEqual(failureOf('planExport 2025-08-11'));
  });

  test.each<[string, (results: readonly StepResult[]) => StepResult[]]>([
    ['fewer', (results) => results.slice(1)],
    ['no', () => []],
    ['more', (results) => [...results, ...results]],
  ])('loudly where its engine gives %s results than it was asked for', (_what, falsify) => {
    for (const name of ['planExport', 'exportShard', 'publishExport'] satisfies StepName[]) {
      const steps = new FakeSteps({ shards: { '2025-08-11': [0, 1] } });
      const engine = (batch: readonly StepCall[]) => {
        const results = steps.run(batch);
        return batch[0]?.name === name ? falsify(results) : results;
      };

      expect(() => drive(exportTenant(RUN, stopped), { run: engine })).toThrow(
        new RegExp(`results for \\d steps ${name}`),
      );
    }
  });
});

describe('late days', () => {
  test('that are published are exported again after the day itself, one by one, the latest first', () => {
    const steps = new FakeSteps({
      shards: { '2025-08-11': [0], '2025-08-07': [4, 5] },
      late: { '2025-08-11': [late('2025-08-07'), late('2025-08-09')] },
    });

    const { report, calls } = drive(exportTenant({ ...RUN, force: true }, stopped), steps);

    expect(steps.published).toEqual(['2025-08-11', '2025-08-09', '2025-08-07']);
    expect(inputs(calls[6])).toEqual(
      [4, 5].map((shard) => ({ ...DAY, date: '2025-08-07', plan: 'plan of 2025-08-07', shard, force: true })),
    );
    expect(report).toMatchObject({ status: 'completed', exported: figures.exported });
    expect(report.lateDays).toEqual([
      { date: '2025-08-07', rooms: 2, status: 'completed', late: 3 },
      { date: '2025-08-09', rooms: 2, status: 'completed', late: 3 },
    ]);
  });

  test('that planning a late day finds have their turn after it, each date once', () => {
    const steps = new FakeSteps({
      late: {
        '2025-08-11': [late('2025-08-09')],
        '2025-08-09': [late('2025-08-07'), late('2025-08-05', false)],
        '2025-08-07': [late('2025-08-05', false)],
      },
    });

    const { report } = drive(exportTenant(RUN, stopped), steps);

    expect(steps.published).toEqual(['2025-08-11', '2025-08-09', '2025-08-07']);
    expect(report.lateDays?.map(({ date, status }) => [date, status])).toEqual([
      ['2025-08-05', 'not_published'],
      ['2025-08-07', 'completed'],
      ['2025-08-09', 'completed'],
    ]);
  });

  test('that are not published are only reported: their own run will find the messages', () => {
    const steps = new FakeSteps({ late: { '2025-08-11': [late('2025-08-09', false)] } });

    const { report } = drive(exportTenant(RUN, stopped), steps);

    expect(steps.published).toEqual(['2025-08-11']);
    expect(report.status).toBe('completed');
    expect(report.lateDays).toEqual([{ date: '2025-08-09', rooms: 2, status: 'not_published' }]);
  });

  test('that fail are recorded under their own date, stop no other, and make the tenant failed', () => {
    const steps = new FakeSteps({
      failing: ['planExport 2025-08-07', 'publishExport 2025-08-08'],
      late: { '2025-08-11': [late('2025-08-07'), late('2025-08-08'), late('2025-08-09')] },
    });

    const { report, calls } = drive(exportTenant(RUN, stopped), steps);

    expect(steps.published).toEqual(['2025-08-11', '2025-08-09']);
    const recorded = calls.flat().filter(({ name }) => name === 'recordFailure');
    expect(recorded.map(({ input }) => input)).toEqual([
      { ...DAY, date: '2025-08-08', failure: failureOf('publishExport 2025-08-08') },
      { ...DAY, date: '2025-08-07', failure: failureOf('planExport 2025-08-07') },
    ]);
    expect(report).toMatchObject({ status: 'failed', date: '2025-08-11', ...figures });
    expect(report.failure).toEqual({
      ...failureOf('planExport 2025-08-07'),
      message: 'The late messages of 2025-08-07: planExport 2025-08-07 failed.',
    });
    expect(report.lateDays?.map(({ date, status }) => [date, status])).toEqual([
      ['2025-08-07', 'failed'],
      ['2025-08-08', 'failed'],
      ['2025-08-09', 'completed'],
    ]);
  });
});

describe('whatever fails', () => {
  const dates = ['2025-08-11', '2025-08-10', '2025-08-09', '2025-08-08'];
  const shards = fc.dictionary(fc.constantFrom(...dates), fc.uniqueArray(fc.nat(5), { maxLength: 4 }));
  const lateDays = fc
    .subarray(dates.slice(1))
    .chain((chosen) => fc.tuple(...chosen.map((date) => fc.boolean().map((published) => late(date, published)))));
  const anyStep = fc
    .tuple(
      fc.constantFrom('planExport', 'publishExport', 'recordFailure', 'exportShard'),
      fc.constantFrom(...dates),
      fc.nat(5),
    )
    .map(([name, date, shard]) => `${name} ${date}${name === 'exportShard' ? ` ${shard}` : ''}`);
  const scenarios = fc
    .record({ shards, late: lateDays, failing: fc.array(anyStep, { maxLength: 4 }) })
    .map(({ late: days, ...rest }) => ({ ...rest, late: { '2025-08-11': days } }));

  test('a day is published only with the results of all of its shards', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const steps = new FakeSteps(scenario);

        const { calls } = drive(exportTenant(RUN, stopped), steps);

        for (const { name, input } of calls.flat()) {
          if (name !== 'publishExport' || !('results' in input)) continue;
          const planned = scenario.shards[input.date] ?? NEVER_PLANNED;
          expect(input.results).toEqual(
            planned.map((shard) => ({ shard, result: `result of ${input.date} ${shard}` })),
          );
        }
      }),
    );
  });

  test('every failed day is recorded and told, and a report is completed only where no step failed', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const steps = new FakeSteps(scenario);

        const { report, calls } = drive(exportTenant(RUN, stopped), steps);

        const failedDays = [
          ...new Set(steps.failed.filter(({ name }) => name !== 'recordFailure').map(({ date }) => date)),
        ];
        const recorded = calls
          .flat()
          .flatMap(({ name, input }) => (name === 'recordFailure' && 'date' in input ? [input.date] : []));
        expect(recorded.sort()).toEqual(failedDays.sort());
        expect(report.status).toBe(failedDays.length === 0 ? 'completed' : 'failed');
        expect(report.failure === undefined).toBe(failedDays.length === 0);
        if (!failedDays.includes('2025-08-11')) expect(report).toMatchObject(figures);
      }),
    );
  });

  test('what is yielded is plain data, never an empty batch, and the same again for the same results', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const first = drive(exportTenant(RUN, stopped), new FakeSteps(scenario));
        const second = drive(exportTenant(RUN, stopped), new FakeSteps(scenario));

        expect(second).toEqual(first);
        expect(JSON.parse(JSON.stringify(first))).toEqual(first);
        expect(first.calls.every((batch) => batch.length > 0)).toBe(true);
      }),
    );
  });
});

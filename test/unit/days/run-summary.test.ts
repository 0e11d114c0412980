import fc from 'fast-check';
import { boundedReports, jobReport, type TenantReport } from '../../../shared/batch/report';
import { summaryOf } from '../../../shared/batch/run-summary';
import { readRuns } from '../../../shared/history/read-runs';
import { BatchWorld, noonOf } from '../../support/batch-world';

// What a run leaves of itself as a whole.

async function newWorld(): Promise<BatchWorld> {
  const world = new BatchWorld();
  for (const tenant of ['acme', 'beta']) {
    await world.addTenant(tenant);
    await world.say(noonOf('2025-08-11'), 'm1', { tenant });
  }
  return world;
}

test('a scheduled run is recorded with its tenants, figures and times', async () => {
  const world = await newWorld();

  await world.night();

  const { runs } = await readRuns(world.metadata, {});
  expect(runs).toEqual([
    {
      ...{ run: 'export-2025-08-11', job: 'export', date: '2025-08-11', status: 'completed' },
      started_at: '2025-08-11T17:00:00.000Z',
      ended_at: '2025-08-11T17:00:00.000Z',
      requested_by: 'schedule',
      tenants: { completed: 2, failed: 0 },
      figures: { exported: 2, bytes: expect.any(Number) },
      caught_up: 0,
      late_days: 0,
      failures: [],
    },
  ]);
});

test('a run that somebody asked for says who, and one that failed says why', async () => {
  const world = await newWorld();
  world.before = ({ method, key }) => {
    if (method === 'read' && key.startsWith('beta/chat/')) throw new Error('This message cannot be read.');
  };

  await world.run({ date: '2025-08-11', requestedBy: 'akari@example.com' });

  const { runs } = await readRuns(world.metadata, {});
  expect(runs).toMatchObject([
    {
      ...{ status: 'partial', requested_by: 'akari@example.com', tenants: { completed: 1, failed: 1 } },
      failures: [{ tenant: 'beta', code: 'internal_error' }],
    },
  ]);
});

test('a run whose end cannot be recorded has ended all the same', async () => {
  const world = await newWorld();
  world.before = ({ method, key }) => {
    if (method === 'put' && key.includes('SYSTEM#BATCH')) throw new Error('The table is gone.');
  };

  const report = await world.night();

  expect(report.status).toBe('completed');
  expect((await readRuns(world.metadata, {})).runs).toEqual([]);
});

test('the sums are those of all tenants, however few of them a report has room to list', () => {
  const tenant = fc.record({
    tenant: fc.string({ minLength: 1, maxLength: 8 }),
    status: fc.constantFrom('completed' as const, 'failed' as const),
    seconds: fc.nat(),
    exported: fc.nat(1000),
    bytes: fc.nat(1000),
    caughtUp: fc.array(fc.constant({ date: '2025-08-01', status: 'completed' as const }), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(tenant, { maxLength: 12 }), fc.integer({ min: 0, max: 600 }), (tenants, room) => {
      const whole = summary(jobReport('export', '2025-08-11', tenants));
      const { tenants: listed, unlisted } = boundedReports(tenants as TenantReport[], undefined, room);
      const bounded = summary(jobReport('export', '2025-08-11', listed, unlisted));

      const { exported = 0, bytes = 0 } = bounded.figures;
      expect({ ...bounded, figures: { exported, bytes } }).toEqual({
        ...whole,
        figures: { exported: whole.figures.exported ?? 0, bytes: whole.figures.bytes ?? 0 },
      });
    }),
  );
});

function summary(report: ReturnType<typeof jobReport>) {
  const run = { job: 'export', date: '2025-08-11', force: false } as const;
  const { failures: _failures, ...sums } = summaryOf({ ...run, startedAt: '2025-08-11T17:00:00.000Z', report }, 0);
  return sums;
}

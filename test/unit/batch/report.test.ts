import fc from 'fast-check';
import {
  boundedReports,
  type JobReport,
  jobReport,
  type RunStatus,
  runReport,
  type TenantReport,
} from '../../../shared/batch/report';

const ids = fc.stringMatching(/^[a-z0-9]{1,6}$/);
const failures = fc.record({
  kind: fc.constantFrom('transient' as const, 'permanent' as const),
  code: fc.constantFrom('access_denied', 'proof_failed'),
  message: fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 400 })),
});
const tenantReport: fc.Arbitrary<TenantReport> = ids.chain((tenant) =>
  fc.oneof(
    fc
      .record({ exported: fc.nat(), seconds: fc.nat(100) })
      .map((figures) => ({ tenant, status: 'completed' as const, ...figures })),
    fc
      .record({ failure: failures, seconds: fc.nat(100) })
      .map((figures) => ({ tenant, status: 'failed' as const, ...figures })),
  ),
);
const reports = fc.array(tenantReport, { maxLength: 30 });
const counts = fc.record({ completed: fc.nat(5), failed: fc.nat(5) });

const failed = (all: readonly TenantReport[]) => all.filter(({ status }) => status === 'failed').length;
const bytesOf = (all: readonly TenantReport[]) => Buffer.byteLength(JSON.stringify(all));

describe('the report of a job', () => {
  test('is completed only where every tenant is, and at least one', () => {
    fc.assert(
      fc.property(reports, counts, (tenants, unlisted) => {
        const bad = failed(tenants) + unlisted.failed;
        const good = tenants.length + unlisted.completed + unlisted.failed - bad;

        const { status } = jobReport('export', '2025-08-11', tenants, unlisted);

        const expected: RunStatus = bad === 0 && good > 0 ? 'completed' : good > 0 ? 'partial' : 'failed';
        expect(status).toBe(expected);
      }),
    );
  });

  test('lists its tenants by their ids, and counts the unlisted where there are any', () => {
    fc.assert(
      fc.property(fc.uniqueArray(tenantReport, { selector: ({ tenant }) => tenant }), counts, (tenants, unlisted) => {
        const report = jobReport('export', '2025-08-11', tenants, unlisted);

        expect(report.tenants.map(({ tenant }) => tenant)).toEqual(tenants.map(({ tenant }) => tenant).sort());
        expect(new Set(report.tenants)).toEqual(new Set(tenants));
        expect(report.unlisted).toEqual(unlisted.completed + unlisted.failed > 0 ? unlisted : undefined);
      }),
    );
  });
});

test('a run is completed where all of its jobs are, failed where all failed or there are none, else partial', () => {
  const statuses = fc.array(fc.constantFrom<RunStatus[]>('completed', 'partial', 'failed'), { maxLength: 5 });
  fc.assert(
    fc.property(statuses, (given) => {
      const jobs = given.map((status): JobReport => ({ job: 'export', date: '2025-08-11', status, tenants: [] }));

      const all = (status: RunStatus) => given.every((each) => each === status);
      const expected = all('failed') ? 'failed' : all('completed') ? 'completed' : 'partial';
      expect(runReport(jobs)).toEqual({ status: expected, jobs });
    }),
  );
});

describe('reports bounded for a history', () => {
  test('fit, and every tenant is in them or counted', () => {
    fc.assert(
      fc.property(reports, counts, fc.integer({ min: 0, max: 4000 }), (all, earlier, maxBytes) => {
        const { tenants, unlisted } = boundedReports(all, earlier, maxBytes);

        expect(tenants.length === 0 || bytesOf(tenants) <= maxBytes + 1).toBe(true);
        expect(new Set(all)).toEqual(new Set([...all, ...tenants]));
        expect(tenants.length + unlisted.completed + unlisted.failed).toBe(
          all.length + earlier.completed + earlier.failed,
        );
        expect(failed(tenants) + unlisted.failed).toBe(failed(all) + earlier.failed);
      }),
    );
  });

  test('leave out no failed tenant for a completed one', () => {
    fc.assert(
      fc.property(reports, fc.integer({ min: 0, max: 4000 }), (all, maxBytes) => {
        const { tenants } = boundedReports(all, undefined, maxBytes);

        const onlyFailed = all.filter(({ status }) => status === 'failed');
        expect(tenants.filter(({ status }) => status === 'failed')).toEqual(
          boundedReports(onlyFailed, undefined, maxBytes).tenants,
        );
      }),
    );
  });

  test('leave out one that is too long, and not those behind it', () => {
    const long: TenantReport = {
      tenant: 'long',
      status: 'failed',
      seconds: 1,
      failure: { kind: 'permanent', code: 'x', message: 'x'.repeat(40_000) },
    };
    const short: TenantReport[] = ['a', 'b'].map((tenant) => ({ tenant, status: 'failed', seconds: 1 }));

    const { tenants, unlisted } = boundedReports([long, ...short]);

    expect(tenants).toEqual(short);
    expect(unlisted).toEqual({ completed: 0, failed: 1 });
  });

  test('say the same of a job as all of them would', () => {
    fc.assert(
      fc.property(reports, fc.integer({ min: 0, max: 2000 }), (all, maxBytes) => {
        const { tenants, unlisted } = boundedReports(all, undefined, maxBytes);

        expect(jobReport('export', 'd', tenants, unlisted).status).toBe(jobReport('export', 'd', all).status);
      }),
    );
  });
});

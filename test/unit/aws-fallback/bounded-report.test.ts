import fc from 'fast-check';
import { boundedReport, fittedReport, joinedReports } from '../../../aws-fallback/bounded-report';
import { RunNotCompletedError } from '../../../aws-fallback/run-not-completed';
import { jobReport, type TenantReport } from '../../../shared/batch/report';

const kinds = ['transient', 'permanent'] as const;

const tenantReport: fc.Arbitrary<TenantReport> = fc.record({
  tenant: fc.stringMatching(/^[a-z]{1,40}$/),
  status: fc.constant('completed' as const),
  seconds: fc.nat(),
  output: fc.string({ maxLength: 3_000 }),
});

const failedReport: fc.Arbitrary<TenantReport> = fc
  .record({ report: tenantReport, kind: fc.constantFrom(...kinds), message: fc.string({ maxLength: 3_000 }) })
  .map(({ report, kind, message }) => ({ ...report, status: 'failed', failure: { kind, code: 'made_up', message } }));

const anyReport = fc.oneof(tenantReport, failedReport);

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

test('a fitted report keeps its bounds and loses no tenant from the count', () => {
  fc.assert(
    fc.property(anyReport, fc.integer({ min: 0, max: 4_000 }), (report, maxBytes) => {
      const { tenants, unlisted } = fittedReport(report, maxBytes);

      expect(sizeOf(tenants)).toBeLessThanOrEqual(Math.max(2, maxBytes + 1));
      expect(tenants.length + unlisted.completed + unlisted.failed).toBe(1);
      expect(tenants.every(({ status }) => status === report.status)).toBe(true);
      if (tenants.length === 0) expect(unlisted[report.status]).toBe(1);
    }),
  );
});

test('a failed tenant is named, with its code, as soon as there is room for that', () => {
  fc.assert(
    fc.property(failedReport, (report) => {
      const [named] = fittedReport(report, 1_200).tenants;

      expect(named).toMatchObject({ tenant: report.tenant, failure: { code: 'made_up', kind: report.failure?.kind } });
    }),
  );
});

test('joined and bounded reports have the status of the whole run', () => {
  fc.assert(
    fc.property(fc.array(anyReport, { maxLength: 30 }), fc.nat(2_000), (reports, maxBytes) => {
      const whole = jobReport('export', '2025-08-11', reports);

      const joined = joinedReports(reports.map((report) => fittedReport(report, maxBytes)));
      const bounded = boundedReport(whole, maxBytes);

      expect(jobReport('export', '2025-08-11', joined.tenants, joined.unlisted).status).toBe(whole.status);
      expect(bounded.status).toBe(whole.status);
      expect(bounded.failure).toEqual(whole.failure);
    }),
  );
});

test('the error of a run that is not completed names the failed tenants, and is transient only where all failures are', () => {
  fc.assert(
    fc.property(fc.array(anyReport, { maxLength: 60 }), (reports) => {
      const failed = reports.filter(({ status }) => status === 'failed');

      const error = new RunNotCompletedError(jobReport('export', '2025-08-11', reports));

      const transient = failed.length > 0 && failed.every(({ failure }) => failure?.kind === 'transient');
      if (reports.length > 0 && failed.length > 0) expect(error.kind).toBe(transient ? 'transient' : 'permanent');
      expect(error.message).toContain('export-2025-08-11 is ');
      expect(error.message.length).toBeLessThan(9_000);
      const { tenant: first } = failed.sort((a, b) => (a.tenant < b.tenant ? -1 : 1))[0] ?? {};
      if (first !== undefined) expect(error.message).toContain(first);
    }),
  );
});

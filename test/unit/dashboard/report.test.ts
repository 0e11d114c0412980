import { readReport, reportHtml } from '../../../shared/operations/dashboard/report';
import { DashboardWorld, LAST_DAY } from '../../support/dashboard-world';

let world: DashboardWorld;

beforeEach(async () => {
  world = new DashboardWorld();
  await world.register('acme', 'beta');
  await world.putDay('acme', '2025-08-10', { run: `export-${LAST_DAY}`, processed_at: `${LAST_DAY}T17:01:00.000Z` });
  await world.putDay('acme', LAST_DAY);
  await world.putFailedDay('beta', LAST_DAY);
  await world.putRun({ status: 'partial' });
  await world.putSync('acme', LAST_DAY, 12);
});

test('a report is one file: it asks for nothing, and leads only to what is in it', async () => {
  const text = await reportHtml(world.source, { days: 30, language: 'en' });

  const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id);
  const addresses = [...text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, href = '']) => href);
  expect(addresses.filter((href) => !href.startsWith('#') && href !== 'data:,')).toEqual([]);
  const anchors = addresses.filter((href) => href.startsWith('#')).map((href) => href.slice(1));
  expect(anchors.filter((anchor) => !ids.includes(anchor))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(text).not.toMatch(/<script|<form|code=|https?:/);
  expect(text).toContain('http-equiv="Content-Security-Policy"');
});

test('it holds every view: days in trouble, tenants, runs and the quota', async () => {
  const report = await readReport(world.source, { days: 7, language: 'en' });

  expect(report.tenants.map(({ tenant }) => tenant)).toEqual(['acme', 'beta']);
  expect(report.days.map(({ tenant, date, state }) => [tenant, date, state])).toEqual([['beta', LAST_DAY, 'failed']]);
  expect(report.runs.map(({ run, tenantDays }) => [run, tenantDays.length])).toEqual([[`export-${LAST_DAY}`, 2]]);
  expect(report.youtube.catalogues.map(({ tenant }) => tenant)).toEqual(['acme']);
});

test('it is of the tenants that are asked for, and of no others', async () => {
  const report = await readReport(world.source, { days: 7, language: 'en', tenants: ['beta', 'beta'] });

  expect(report.overview.rows.map(({ tenant }) => tenant)).toEqual(['beta']);
  expect(world.queries.map(({ partition }) => partition)).not.toContain('TENANT#acme#BATCH');
  await expect(readReport(world.source, { days: 7, language: 'en', tenants: ['nobody'] })).rejects.toMatchObject({
    code: 'tenant_unknown',
  });
});

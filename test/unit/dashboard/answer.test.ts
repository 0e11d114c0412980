import { MetadataError } from '../../../shared/errors';
import { answerDashboard } from '../../../shared/operations/dashboard/answer';
import type { DayView } from '../../../shared/operations/dashboard/views/day';
import type { OverviewView } from '../../../shared/operations/dashboard/views/overview';
import type { RunView } from '../../../shared/operations/dashboard/views/run';
import type { TenantView } from '../../../shared/operations/dashboard/views/tenant';
import type { YoutubeView } from '../../../shared/operations/dashboard/views/youtube';
import { DashboardWorld, FAILURE, LAST_DAY } from '../../support/dashboard-world';

/** Every address that a page leads to. */
function addressesIn(body: string): string[] {
  return [...body.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
}

let world: DashboardWorld;

beforeEach(() => {
  world = new DashboardWorld();
});

describe('the overview', () => {
  test('has a row for each tenant, totals for each day, and the last runs', async () => {
    await world.register('acme', 'beta');
    await world.putDay('acme', '2025-08-10', { bytes: 1_000, seconds: 3 });
    await world.putDay('acme', LAST_DAY, { revisions: 1, late_messages: 4 });
    await world.putDay('beta', '2025-08-10');
    await world.putFailedDay('beta', LAST_DAY);
    await world.putRun({ status: 'partial', tenants: { completed: 1, failed: 1 } });

    const view = await world.json<OverviewView>('days=3');

    expect([view.from, view.to, view.newest]).toEqual(['2025-08-09', LAST_DAY, LAST_DAY]);
    expect(view.rows.map(({ tenant, days }) => [tenant, ...days.map(({ state }) => state)])).toEqual([
      ['acme', 'before', 'published', 'late'],
      ['beta', 'before', 'published', 'failed'],
    ]);
    expect(view.totals.at(-1)).toMatchObject({ date: LAST_DAY, states: { late: 1, failed: 1 }, messages: 100 });
    expect(view.rows[0]?.days[1]).toMatchObject({ messages: 100, bytes: 1_000, seconds: 3, cost: expect.any(Number) });
    expect(view.lastDue).toMatchObject({ date: LAST_DAY, states: { late: 1, failed: 1 } });
    expect(view.runs.map(({ run, status }) => [run, status])).toEqual([[`export-${LAST_DAY}`, 'partial']]);
  });

  test('tells of trouble with tenants that are on other pages', async () => {
    const tenants = Array.from({ length: 120 }, (_, index) => `tenant-${String(index).padStart(3, '0')}`);
    await world.register(...tenants);
    for (const tenant of tenants) await world.putDay(tenant, LAST_DAY);
    await world.putFailedDay('tenant-119', LAST_DAY);

    const view = await world.json<OverviewView>('page=2');

    expect([view.page, view.pages, view.count, view.rows.length]).toEqual([2, 3, 120, 50]);
    expect(view.rows[0]?.tenant).toBe('tenant-050');
    expect(view.troubled).toEqual([
      {
        tenant: 'tenant-119',
        date: LAST_DAY,
        state: 'failed',
        failure: expect.objectContaining({ code: FAILURE.code }),
      },
    ]);
  });

  test('reads one query for each tenant, on whatever page it is, not too many at once', async () => {
    const tenants = Array.from({ length: 60 }, (_, index) => `t${index}`);
    await world.register(...tenants);

    await world.get('days=90');

    const partitions = world.queries.map(({ partition }) => partition);
    expect(partitions.filter((partition) => partition.endsWith('#BATCH') && partition !== 'SYSTEM#BATCH')).toHaveLength(
      60,
    );
    expect(partitions).toHaveLength(62);
    expect(world.mostAtOnce).toBeLessThanOrEqual(40);
  });

  test('finds tenants by a part of their ids, and says where none is found', async () => {
    await world.register('acme', 'beta', 'acme-labs');

    const view = await world.json<OverviewView>('find=ACME');
    const { status, body } = await world.get('find=nobody');

    expect(view.rows.map(({ tenant }) => tenant)).toEqual(['acme', 'acme-labs']);
    expect([status, body]).toEqual([200, expect.stringContaining('There is no tenant to show.')]);
  });

  test('shows tenants that cannot be run, with what to do', async () => {
    await world.register('acme');
    await world.metadata.put({ PK: 'SYSTEM#TENANTS', SK: 'TENANT#beta', tenant_id: 'gamma' });

    const { body } = await world.get('');

    expect(body).toContain('Tenants that cannot be run');
    expect(body).toContain('Correct the registry entry.');
  });
});

describe('the other views', () => {
  beforeEach(async () => {
    await world.register('acme');
  });

  test('a day: its figures, proof, stages, quarantine and drift', async () => {
    const proof = { listed: 10, outside: 1, exported: 6, duplicates: 1, quarantined: 2 };
    await world.putDay('acme', LAST_DAY, {
      ...{ proof, parts: 4, bytes: 900, run: `export-${LAST_DAY}`, seconds: 6, revisions: 2 },
      last_revision: { at: `${LAST_DAY}T17:05:00.000Z`, exported: 3, duplicates: 0, quarantined: 0 },
      stages: [
        { stage: 'plan', begun_at: `${LAST_DAY}T17:04:54.000Z`, ended_at: `${LAST_DAY}T17:04:55.000Z` },
        { stage: 'publish', begun_at: `${LAST_DAY}T17:04:58.000Z` },
      ],
      notices: {
        ...{
          quarantine: { bad_json: 2 },
          drift: { mood: 3, tags: 5 },
          driftFirstSeen: { mood: `${LAST_DAY}T01:00:00.000Z` },
        },
        ...{ driftUnnamed: 0, clockSkew: 1, replacedSurrogates: 0, late: 0 },
      },
    });

    const view = await world.json<DayView>(`view=day&tenant=acme&date=${LAST_DAY}`);
    const { body } = await world.get(`view=day&tenant=acme&date=${LAST_DAY}`);

    expect(view).toMatchObject({ state: 'late', parts: 4, proof: { ...proof, holds: true }, previous: '2025-08-10' });
    expect(view).not.toHaveProperty('next');
    expect(view.stages.map(({ ended_at }) => ended_at)).toEqual([
      `${LAST_DAY}T17:04:55.000Z`,
      `${LAST_DAY}T17:05:00.000Z`,
    ]);
    expect(view.drift).toEqual([
      { field: 'tags', count: 5 },
      { field: 'mood', count: 3, firstSeen: `${LAST_DAY}T01:00:00.000Z` },
    ]);
    expect(body).toContain(
      '10 objects were listed. 1 of them belong to other days; 6 were exported, 1 were duplicates, and 2 were kept out.',
    );
    expect(body).toContain('It adds up: nothing was lost.');
  });

  test('a day whose proof does not add up says so', async () => {
    await world.putDay('acme', LAST_DAY, {
      proof: { listed: 10, outside: 1, exported: 6, duplicates: 1, quarantined: 1 },
    });

    const { body } = await world.get(`view=day&tenant=acme&date=${LAST_DAY}`);

    expect(body).toContain('It does not add up: 10 listed, 9 accounted for.');
  });

  test('a failed day: the failure in plain words, with what to do', async () => {
    await world.putFailedDay('acme', LAST_DAY);

    const [english, japanese] = [
      await world.get(`view=day&tenant=acme&date=${LAST_DAY}`),
      await world.get(`view=day&tenant=acme&date=${LAST_DAY}&lang=ja`),
    ];

    expect(english.body).toContain('The storage did not answer in time, although it was asked several times.');
    expect(english.body).toContain(`makoto-batch run export --date ${LAST_DAY} --tenant acme`);
    expect(japanese.body).toContain('ストレージが何度試しても時間内に応答しませんでした。');
    expect(japanese.body).toContain('<html lang="ja">');
  });

  test('a day whose record cannot be read: why', async () => {
    await world.putDay('acme', LAST_DAY, { message_count: -1 });

    const view = await world.json<DayView>(`view=day&tenant=acme&date=${LAST_DAY}`);

    expect([view.state, view.problem]).toEqual(['unreadable', expect.stringContaining('message_count')]);
  });

  test('a tenant: its days with what each cost', async () => {
    await world.putDay('acme', '2025-08-09', { bytes: 5 });
    await world.putDay('acme', LAST_DAY, { message_count: 1_000 });

    const view = await world.json<TenantView>('view=tenant&tenant=acme&days=3');

    expect(view.days.map(({ date, state }) => [date, state])).toEqual([
      ['2025-08-09', 'published'],
      ['2025-08-10', 'missing'],
      [LAST_DAY, 'published'],
    ]);
    const [first, , last] = view.days.map(({ cost = 0 }) => cost);
    expect(first).toBeGreaterThan(0);
    expect(last).toBeGreaterThan(first ?? 0);
  });

  test('a tenant that was taken from the registry is still found by its records', async () => {
    await world.putDay('gone', LAST_DAY);

    const view = await world.json<TenantView>('view=tenant&tenant=gone&days=1');

    expect(view.days).toEqual([expect.objectContaining({ state: 'published' })]);
  });

  test('a run: the days it published and those that failed in it', async () => {
    await world.register('beta', 'gamma', 'delta');
    const run = `export-${LAST_DAY}`;
    const stages = [
      { stage: 'plan' as const, begun_at: `${LAST_DAY}T17:00:01.000Z`, ended_at: `${LAST_DAY}T17:00:02.000Z` },
    ];
    await world.putDay('acme', LAST_DAY, { run, stages });
    await world.putDay('beta', '2025-08-09', { run, processed_at: `${LAST_DAY}T17:06:00.000Z` });
    await world.putFailedDay('gamma', LAST_DAY);
    await world.putDay('delta', LAST_DAY, { run: 'export-2025-08-10' });
    const { started_at } = await world.putRun({ failures: [{ ...FAILURE, tenant: 'gamma' }], failures_left_out: 2 });

    const view = await world.json<RunView>(`view=run&run=${run}&at=${started_at}`);
    const { body } = await world.get(`view=run&run=${run}`);

    expect(view.seconds).toBe(600);
    expect(view.tenantDays.map(({ tenant, date, status }) => [tenant, date, status])).toEqual([
      ['beta', '2025-08-09', 'completed'],
      ['gamma', LAST_DAY, 'failed'],
      ['acme', LAST_DAY, 'completed'],
    ]);
    expect(body).toContain('and 2 more: each stands in the record of its day');
  });

  test('YouTube: the quota by Pacific day, and the catalogue of each tenant', async () => {
    await world.register('beta');
    await world.putQuota('2025-08-10', 12);
    await world.putQuota('2025-07-01', 99);
    await world.putSync('acme', '2025-08-09', 40);
    await world.putSync('acme', '2025-08-10', 42);
    await world.putSync('acme', LAST_DAY, 0, 'failed');

    const view = await world.json<YoutubeView>('view=youtube&days=7');

    expect(view.quota).toEqual([{ key: 'k1', date: '2025-08-10', limit: 10_000, used: 12, held: 0 }]);
    expect(view.catalogues).toEqual([
      expect.objectContaining({
        ...{ tenant: 'acme', syncs: 3, failedSyncs: 1 },
        days: [
          { date: '2025-08-09', videos: 40 },
          { date: '2025-08-10', videos: 42 },
        ],
        last: expect.objectContaining({ status: 'failed' }),
      }),
    ]);
  });
});

describe('an answer', () => {
  test('may load nothing, frame nothing, be kept nowhere, and tells no other site where it was', async () => {
    await world.register('acme');

    const { headers, body } = await world.get('');

    expect(headers).toMatchObject({
      'Content-Security-Policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      ),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      'Content-Type': 'text/html; charset=utf-8',
    });
    expect(body).not.toMatch(/<script|\sstyle="|\son\w+="|javascript:/i);
    expect(addressesIn(body).filter((href) => !/^(\?|#|data:,)/.test(href))).toEqual([]);
  });

  test('carries the key and the language on to every page it leads to, and no key where none came', async () => {
    await world.register('acme');
    await world.putDay('acme', LAST_DAY);

    const { body } = await world.get('code=a%2Bkey%3D&lang=ja');
    const without = await world.get('');

    const pages = addressesIn(body).filter((href) => href.startsWith('?'));
    expect(pages.length).toBeGreaterThan(5);
    for (const page of pages) expect(new URLSearchParams(page).get('code')).toBe('a+key=');
    expect(pages.map((page) => new URLSearchParams(page).get('lang')).filter((lang) => lang !== 'ja')).toEqual(['en']);
    expect(body).toContain('<input type="hidden" name="code" value="a+key=">');
    expect(without.body).not.toContain('code=');
  });

  test("is in the browser's language, unless another is asked for", async () => {
    await world.register('acme');

    const bodies = [
      await world.get('', { acceptLanguage: 'ja' }),
      await world.get('lang=en', { acceptLanguage: 'ja' }),
    ];

    expect(bodies.map(({ body }) => /<html lang="(\w+)">/.exec(body)?.[1])).toEqual(['ja', 'en']);
  });

  test('names the user who is signed in', async () => {
    await world.register('acme');

    const { body } = await world.get('', { user: 'aoi@example.com' });

    expect(body).toContain('Signed in as aoi@example.com');
  });

  test('is JSON where a program asks for it, also when something is wrong', async () => {
    await world.register('acme');

    const answers = [
      await world.get('', { accept: 'application/json' }),
      await world.get('', { accept: 'text/html,application/json' }),
      await world.get('days=0&format=json'),
      await world.get('view=tenant&tenant=nobody&format=json'),
    ];

    expect(answers.map(({ status, headers }) => [status, headers['Content-Type']?.split(';')[0]])).toEqual([
      [200, 'application/json'],
      [200, 'text/html'],
      [400, 'application/json'],
      [404, 'application/json'],
    ]);
    expect(JSON.parse(answers[2]?.body ?? '')).toEqual({
      error: 'The address is not valid.',
      fields: { days: 'expected a whole number from 1 to 366, got "0"' },
    });
    expect(JSON.parse(answers[3]?.body ?? '')).toEqual({ error: 'There is no such tenant.', tenant: 'nobody' });
  });

  test.each([
    ['view=all', 'view', 'expected overview, day, tenant, run, youtube, got "all"'],
    ['days=1000', 'days', 'expected a whole number from 1 to 366, got "1000"'],
    ['to=2025-02-30', 'to', 'expected a date that exists, got "2025-02-30"'],
    ['page=first', 'page', 'expected a whole number from 1 to 10000, got "first"'],
    ['view=day&date=2025-08-11', 'tenant', 'expected a name'],
    ['view=day&tenant=acme', 'date', 'expected a date as yyyy-mm-dd'],
    ['view=run', 'run', 'expected a name'],
    ['lang=fr', 'lang', 'expected en, ja, got "fr"'],
    ['format=xml', 'format', 'expected html, json, got "xml"'],
    [`find=${'x'.repeat(201)}`, 'find', 'expected at most 200 characters, got 201'],
  ])('to %s is 400, with what is right', async (query, field, problem) => {
    const { status, body } = await world.get(query);

    expect(status).toBe(400);
    expect(body).toContain(`<dt><code>${field}</code></dt><dd>${problem.replaceAll('"', '&quot;')}</dd>`);
  });

  test.each([
    ['view=tenant&tenant=%3Cscript%3E', 'There is no tenant &lt;script&gt;'],
    ['view=day&tenant=nobody&date=2025-08-11', 'There is no tenant nobody'],
    ['view=day&tenant=acme&date=2025-08-12', 'There is no day 2025-08-12 of acme'],
    ['view=run&run=export-2000-01-01', 'There is no record of a run export-2000-01-01'],
    ['view=run&run=export-2000-01-01&at=x%23y', 'There is no record of a run export-2000-01-01'],
  ])('to %s is 404', async (query, said) => {
    await world.register('acme');

    const { status, body } = await world.get(query);

    expect([status, body]).toEqual([404, expect.stringContaining(said)]);
  });

  test.each([
    ['transient', 503, 'The metadata store did not answer in time'],
    ['configuration', 500, 'The metadata store refused the identity'],
  ] as const)('to a %s failure is %d and plain words', async (kind, expected, said) => {
    const code = kind === 'transient' ? 'metadata_unavailable' : 'metadata_access_denied';
    const failing = () => Promise.reject(new MetadataError('No.', { code, kind }));
    const metadata = { ...world.source.metadata, query: failing };

    const { status, body } = await answerDashboard({ ...world.source, metadata }, { query: new URLSearchParams() });

    expect([status, body]).toEqual([expected, expect.stringContaining(said)]);
  });

  test('to a registry that is empty is plain words too', async () => {
    const { status, body } = await world.get('');

    expect([status, body]).toEqual([500, expect.stringContaining('the registry has none')]);
  });
});

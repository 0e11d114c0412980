import type { Browser } from 'playwright-core';
import { sampleHistory } from '../../../local/sample/history';
import { datesBetween } from '../../../shared/operations/dashboard/views/dates';
import { describeWithChromium, startChromium } from '../../support/chromium';
import { WatchedPage } from '../../support/dashboard-pages';
import { type DashboardServer, startDashboardServer } from '../../support/dashboard-server';
import { DashboardWorld, LAST_DAY, NOON } from '../../support/dashboard-world';

// The page in a real browser, over a history like that of a real installation.

const KEY = 'a-key+of/the=function';
const EVIL = '<script>alert(1)</script>';

async function worldWith(tenants: number, from: string): Promise<DashboardWorld> {
  const world = new DashboardWorld();
  const ids = Array.from({ length: tenants }, (_, index) => `tenant-${String(index).padStart(3, '0')}`);
  await world.register(...ids);
  const past = sampleHistory({
    tenants: ids.map((id, index) => ({
      ...{ id, timeZone: 'Asia/Tokyo', messages: 100 + index },
      ...(index % 3 === 0 && { channels: ['@channel'] }),
    })),
    ...{ from, to: LAST_DAY, seed: 'page', now: NOON },
  });
  for (const item of past) await world.metadata.put(item);
  return world;
}

/** 200 tenants with 97 days each. */
async function largeWorld(): Promise<DashboardWorld> {
  const world = new DashboardWorld();
  const dates = datesBetween('2025-05-07', LAST_DAY);
  for (let index = 0; index < 200; index++) {
    const tenant = `tenant-${String(index).padStart(3, '0')}`;
    await world.register(tenant);
    for (const date of dates) await world.putDay(tenant, date);
  }
  return world;
}

describeWithChromium('the page in Chromium', () => {
  let browser: Browser;
  let world: DashboardWorld;
  let server: DashboardServer;
  let views: Readonly<Record<string, string>>;

  beforeAll(async () => {
    browser = await startChromium();
    world = await worldWith(8, '2025-05-10');
    server = await startDashboardServer(world.source);
    const run = await world.putRun({
      run: `export-${LAST_DAY}`,
      status: 'partial',
      started_at: `${LAST_DAY}T17:30:00.000Z`,
    });
    views = {
      overview: '',
      'overview by week': 'days=90',
      'a published day': 'view=day&tenant=tenant-000&date=2025-08-10',
      'a failed day': `view=day&tenant=tenant-002&date=${LAST_DAY}`,
      'a tenant': 'view=tenant&tenant=tenant-002',
      'a run': `view=run&run=${run.run}`,
      youtube: 'view=youtube',
      'a wrong address': 'view=nothing&days=x',
    };
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const address = (query: string) => `${server.url}?${query}&code=${encodeURIComponent(KEY)}`;

  test.each([
    ['light', 'en', undefined],
    // The rest does not change with them.
    ['dark', 'en', ['color-contrast', 'link-in-text-block']],
    ['light', 'ja', ['html-has-lang', 'html-lang-valid', 'label', 'link-name', 'empty-heading', 'color-contrast']],
  ] as const)(
    'every view passes the accessibility check, complains of nothing and asks nobody, %s, %s',
    async (colorScheme, lang, rules) => {
      const { page, complaints, requests, ...watched } = await open({ colorScheme });

      const found: string[] = [];
      for (const [name, query] of Object.entries(views)) {
        await page.goto(address(`${query}&lang=${lang}`));
        await page.$$eval('details', (all) => {
          for (const details of all) details.setAttribute('open', '');
        });
        found.push(...(await watched.violations(rules)).map((violation) => `${name}: ${violation}`));
      }

      expect(found).toEqual([]);
      // A page that is refused is an error of the network to the browser's console.
      expect(complaints.filter((text) => !text.includes('400 (Bad Request)'))).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(server.url) && url !== 'data:,')).toEqual([]);
      expect(await page.getAttribute('html', 'lang')).toBe(lang);
      await watched.close();
    },
  );

  test('everything can be reached with the keyboard, and is seen to be', async () => {
    const { page, close } = await open();
    await page.goto(address('days=7'));
    const focused = () =>
      page.evaluate(() => {
        const { document, getComputedStyle } = globalThis as unknown as BrowserGlobals;
        const { activeElement: element } = document;
        const name = element.getAttribute('aria-label') ?? element.getAttribute('name') ?? element.textContent ?? '';
        return { tag: element.tagName, name, outline: getComputedStyle(element).outlineStyle };
      });

    await page.keyboard.press('Tab');
    const skip = await focused();
    await page.keyboard.press('Enter');
    const seen: Awaited<ReturnType<typeof focused>>[] = [];
    for (let presses = 0; presses < 120; presses++) {
      await page.keyboard.press('Tab');
      const now = await focused();
      if (now.tag === 'BODY') break;
      seen.push(now);
    }

    expect(skip).toMatchObject({ tag: 'A', name: 'Skip to the content' });
    expect(seen[0]?.name).not.toBe('Overview');
    expect(seen.filter(({ outline }) => outline === 'none')).toEqual([]);
    const names = seen.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['days', 'to', 'find', 'Show', 'tenant-000, 10 Aug: published']));
    expect(names.filter((name) => name.startsWith('tenant-00') && name.includes(' Aug: '))).toHaveLength(56);
    await close();
  });

  test('a form and links lead on, with the key, without a script and without a mouse', async () => {
    const { page, close } = await open({ javaScriptEnabled: false });
    await page.goto(address(''));

    await page.focus('input[name=find]');
    await page.keyboard.type('-002');
    await page.keyboard.press('Enter');
    await page.waitForURL(/find=-002/);
    const rows = await page.locator('.grid tbody tr').count();
    await page.locator(`.grid a[aria-label^="tenant-002, 11 Aug"]`).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/view=day/);

    expect(rows).toBe(1);
    expect(new URL(page.url()).searchParams.get('code')).toBe(KEY);
    expect(await page.textContent('h1')).toBe('tenant-002, Monday, 11 August 2025');
    await close();
  });

  test('on a phone no view is wider than the screen, and names stay where the newest days are', async () => {
    const { page, overflow, close } = await open({ viewport: { width: 360, height: 740 } });

    const overflows: Record<string, number> = {};
    for (const [name, query] of Object.entries(views)) {
      await page.goto(address(query));
      overflows[name] = await overflow();
    }
    await page.goto(address(''));
    const name = await page.locator('.grid tbody tr').first().locator('th').boundingBox();
    const newest = await page.locator('.grid tbody tr').first().locator('td').last().boundingBox();

    expect(overflows).toEqual(Object.fromEntries(Object.keys(views).map((view) => [view, 0])));
    expect(name?.x).toBeGreaterThanOrEqual(0);
    expect(name?.x).toBeLessThan(60);
    expect((newest?.x ?? 999) + (newest?.width ?? 0)).toBeLessThanOrEqual(360);
    await close();
  });

  test('a tenant, a field, a failure and a user called <script> are text', async () => {
    const evil = await worldWith(1, '2025-08-01');
    await evil.metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${EVIL}`, tenant_id: EVIL });
    const failure = { kind: 'permanent', code: 'part_invalid', message: EVIL, stage: EVIL } as const;
    await evil.putDay('tenant-000', LAST_DAY, {
      last_failure: { ...failure, at: `${LAST_DAY}T20:00:00.000Z` },
      notices: {
        ...{ quarantine: { [EVIL]: 1 }, drift: { [EVIL]: 1 }, driftUnnamed: 0 },
        ...{ clockSkew: 0, replacedSurrogates: 0, late: 0 },
      },
    });
    const started_at = `${LAST_DAY}T17:30:00.000Z`;
    await evil.putRun({ started_at, requested_by: EVIL, failures: [{ ...failure, tenant: EVIL }] });
    const other = await startDashboardServer(evil.source);
    const { page, complaints, close } = await open();

    const shown: number[] = [];
    const scripts: number[] = [];
    const pages = [
      '',
      `view=day&tenant=tenant-000&date=${LAST_DAY}`,
      `view=run&run=export-${LAST_DAY}&at=${started_at}`,
    ];
    for (const query of [...pages, `view=tenant&tenant=${encodeURIComponent(EVIL)}`]) {
      await page.goto(`${other.url}?${query}`);
      shown.push((await page.textContent('main'))?.split(EVIL).length ?? 0);
      scripts.push(await page.locator('script').count());
    }

    expect(scripts).toEqual([0, 0, 0, 0]);
    expect(shown.map((count) => count > 1)).toEqual([true, true, true, true]);
    expect(complaints).toEqual([]);
    await close();
    await other.stop();
  });

  test('200 tenants and 90 days are one request of a page that is read at once', async () => {
    const large = await largeWorld();
    const other = await startDashboardServer(large.source);
    const { page, requests, overflow, close } = await open();

    const response = await page.goto(`${other.url}?days=90`);
    const bytes = (await response?.body())?.length ?? 0;
    const { cells, rows } = {
      cells: await page.locator('.grid td.k').count(),
      rows: await page.locator('.grid tbody tr').count(),
    };
    await page.getByRole('link', { name: 'Next tenants' }).click();
    const second = await page.locator('.grid tbody th').first().textContent();

    expect([rows, cells]).toEqual([50, 650]);
    expect(bytes).toBeLessThan(300_000);
    expect(requests.filter((url) => url !== 'data:,')).toHaveLength(2);
    expect(second).toBe('tenant-050');
    expect(await overflow()).toBeLessThanOrEqual(0);
    await close();
    await other.stop();
  });

  async function open(options: Parameters<typeof WatchedPage.open>[1] = {}) {
    const watched = await WatchedPage.open(browser, options);
    return {
      ...{ page: watched.page, complaints: watched.complaints, requests: watched.requests },
      violations: (rules?: readonly string[]) => watched.violations(rules),
      overflow: () => watched.overflow(),
      close: () => watched.close(),
    };
  }
});

/** What is used of the browser's own globals: the types of the tests are Node's. */
interface BrowserGlobals {
  readonly document: {
    readonly activeElement: {
      readonly tagName: string;
      readonly textContent: string | null;
      getAttribute(name: string): string | null;
    };
  };
  getComputedStyle(element: unknown): { readonly outlineStyle: string };
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sampleHistory } from '../../local/sample/history';
import { SAMPLE_TENANTS } from '../../local/sample/tenants';
import { startChromium } from './chromium';
import { WatchedPage } from './dashboard-pages';
import { startDashboardServer } from './dashboard-server';
import { DashboardWorld, LAST_DAY, NOON } from './dashboard-world';

// Takes the pictures of docs/dashboard.md: `npm run screenshots`. The records are always the same ones, and so is the clock.

const FOLDER = join(__dirname, '..', '..', 'docs', 'images');

const DESKTOP = { width: 1200, height: 980 };
const PHONE = { width: 360, height: 740 };

interface Picture {
  readonly name: string;
  readonly query: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: 'light' | 'dark';
  /** What is in the middle of it, if not the top of the page. */
  readonly from?: string;
}

const PICTURES: readonly Picture[] = [
  { name: 'dashboard-light', query: '', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'dashboard-dark', query: 'view=tenant&tenant=hinata-books', viewport: DESKTOP, colorScheme: 'dark' },
  { name: 'dashboard-phone', query: '', from: '.grid', viewport: PHONE, colorScheme: 'light' },
  { name: 'dashboard-ja', query: 'lang=ja&days=90', viewport: DESKTOP, colorScheme: 'light' },
];

/** Tenants beside the sample's, so that the grid looks as it does with some more of them. */
const OTHERS = [
  'kitanohoshi-gakuen',
  'lumen-optics',
  'osaka-denki',
  'paperplane',
  'riverside-clinic',
  'tsubame-logistics',
];

async function pastOfMany(): Promise<DashboardWorld> {
  const world = new DashboardWorld();
  const others = OTHERS.map((id, index) => ({ id, timeZone: 'Asia/Tokyo', messages: 400 * (index + 1) }));
  const tenants = [...SAMPLE_TENANTS, ...others];
  for (const { id, timeZone } of tenants) {
    await world.metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${id}`, tenant_id: id, time_zone: timeZone });
  }
  const past = sampleHistory({ tenants, from: '2025-05-01', to: LAST_DAY, seed: 'makoto', now: NOON });
  for (const item of past) await world.metadata.put(item);
  return world;
}

async function takePictures(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const server = await startDashboardServer((await pastOfMany()).source);
  const browser = await startChromium();
  for (const { name, query, viewport, colorScheme, from } of PICTURES) {
    const { page } = await WatchedPage.open(browser, { viewport, colorScheme });
    await page.goto(`${server.url}?${query}`);
    if (from !== undefined) await page.locator(from).evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await page.screenshot({ path: join(FOLDER, `${name}.png`) });
    await page.context().close();
  }
  await browser.close();
  await server.stop();
}

takePictures().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});

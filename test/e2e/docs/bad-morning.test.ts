import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeEnvFile } from '../../../local/cli/services-files';
import { runInline } from '../../../shared/batch/inline-engine';
import { addDays, targetDate } from '../../../shared/calendar';
import { readPublishedDay } from '../../../shared/messages/published-day';
import { createPlatform } from '../../../shared/platform';
import { loadSettings } from '../../../shared/settings';
import { messageKeyAt } from '../../support/chat';
import { newServiceWorld, putChat, putObject, registerTenant, type ServiceWorld } from '../../support/service-world';
import { codeBlocks, readText, section } from '../../unit/docs/documents';
import { type Ended, runInShell } from './shell';

// What docs/operations.md says to do on a bad morning, done in its order on such a morning.

const ZONE = 'Asia/Tokyo';
/** The page's three days are the last three here, because the commands look at days by the clock. */
const WRITTEN = ['2025-08-09', '2025-08-10', '2025-08-11'];
const YESTERDAY = targetDate(Date.now(), ZONE, -1);
const DAYS = [-2, -1, 0].map((offset) => addDays(YESTERDAY, offset));

let world: ServiceWorld;
let folder: string;

/** Instants of the date in Tokyo; the early one is on the day before in UTC. */
const noon = (date: string) => `${date}T03:10:00.000Z`;
const early = (date: string) => `${addDays(date, -1)}T16:00:00.000Z`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-morning-'));
  world = await newServiceWorld({ TENANT_ID: 'hinata-books,minato-travel' });
  for (const tenant of ['hinata-books', 'minato-travel']) {
    await registerTenant(world, tenant);
    for (const date of DAYS) {
      await putChat(world, tenant, 'yui', 'books', `early-${date}`, early(date));
      await putChat(world, tenant, 'haruka', 'garden', `noon-${date}`, noon(date));
    }
  }
  const poisoned = { message_id: 'm7', timestamp: 'yesterday', role: 'user', content: 'Which seeds now?' };
  const key = messageKeyAt('hinata-books', 'haruka', 'garden', `${YESTERDAY}T03:20:00.000Z`, 'm7');
  await putObject(world.platform.dataStore('hinata-books'), key, JSON.stringify(poisoned));
  await nights();
  await putChat(world, 'hinata-books', 'haruka', 'garden', 'late', `${YESTERDAY}T05:00:00.000Z`);
  await writeEnvFile(join(folder, 'services.env'), world.settings);
});

afterAll(async () => {
  await world?.platform.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Two nights of an app in another zone, then one in which a tenant's messages could not be found. */
async function nights(): Promise<void> {
  const [first = '', second = ''] = DAYS;
  for (const date of [first, second]) {
    await night(date, 'hinata-books', { BUSINESS_TIME_ZONE: 'UTC' });
    await night(date, 'minato-travel');
  }
  await night(YESTERDAY, 'hinata-books');
  await night(YESTERDAY, 'minato-travel', { DATA_CONTAINER: 'not-there', ANALYTICS_CONTAINER: 'not-there' });
}

async function night(date: string, tenant: string, settings: Readonly<Record<string, string>> = {}): Promise<void> {
  const platform = createPlatform(loadSettings({ ...world.settings, ...settings }));
  try {
    await runInline(platform, { job: 'export', date, force: false, tenants: [tenant] });
  } finally {
    await platform.dispose();
  }
}

/** The page's commands with this morning's dates, and its files in a folder of the test's own. */
function commandsOfThePage(): string[] {
  const page = section(readText('docs/operations.md'), '## A bad morning');
  return codeBlocks(page)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ content }) => content.trim().split('\n'))
    .map((command) =>
      WRITTEN.reduce((text, date, at) => {
        const today = DAYS[at] ?? '';
        return text.replaceAll(date, today).replaceAll(date.replaceAll('-', '/'), today.replaceAll('-', '/'));
      }, command).replace(
        /(?<=\s|=)(?:\.makoto\/)?(services\.env|morning\.html|broken\.json|corrected\.json)/g,
        `${folder}/$1`,
      ),
    );
}

test('what the page says to do mends the morning', async () => {
  const environment = { HOME: folder, npm_config_cache: join(folder, 'npm'), npm_config_offline: 'true' };
  const variables: Record<string, string> = {};
  const done: (Ended & { readonly what: string })[] = [];

  for (const command of commandsOfThePage()) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(command) ?? [];
    if (name !== undefined && value !== undefined) variables[name] = value;
    else done.push({ what: command, ...(await runInShell(command, { ...environment, ...variables })) });
  }

  const codes = done.map(({ what, code }) => [what.replace(/^npx makoto-batch /, '').split(' --', 1)[0], code]);
  expect(codes).toEqual([
    ['report', 0],
    // What is wrong is what these are for.
    ['doctor', 1],
    ['run export', 0],
    ['verify', 0],
    ['run export', 0],
    ['quarantine list', 0],
    ['quarantine show', 0],
    [expect.stringMatching(/^sed /), 0],
    ['quarantine replay', 0],
    ['verify', 0],
    ['backfill', 0],
    ['verify', 0],
  ]);
  const [report, doctor, , changed, late, , shown, , , misplaced] = done.map(({ stdout }) => stdout);
  expect(await readFile(join(folder, 'morning.html'), 'utf8')).toContain('minato-travel');
  expect(report).toBeDefined();
  expect(doctor).toContain(YESTERDAY);
  expect(changed).toMatch(/changed/);
  expect(late).toContain('hinata-books');
  expect(shown).toContain('yesterday');
  expect(misplaced).toContain('published as one of UTC');
  const published = async (tenant: string, date: string) =>
    (await readPublishedDay(world.platform.analyticsStore(tenant), tenant, date))?.manifest;
  expect((await published('minato-travel', YESTERDAY))?.proof).toMatchObject({ exported: 2, quarantined: 0 });
  // Early, noon, late and the corrected one.
  expect((await published('hinata-books', YESTERDAY))?.proof).toMatchObject({ exported: 4, quarantined: 0 });
  for (const date of DAYS) expect((await published('hinata-books', date))?.time_zone).toBe(ZONE);
}, 240_000);

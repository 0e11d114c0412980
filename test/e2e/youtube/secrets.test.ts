import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everyCall } from '../../../local/youtube/conditions';
import { answerError } from '../../../local/youtube/faults';
import { holdCall } from '../../../local/youtube/rules';
import { keyIdOf } from '../../../shared/google/api-key';
import { allObjects } from '../../../shared/messages/pages';
import { Secret } from '../../../shared/secret';
import { CHANNEL } from '../../integration/youtube-sync/one-channel';
import { numberedCatalogue } from '../../support/youtube-catalogues';
import { ROOT } from '../../unit/docs/documents';
import { Program } from '../cli/program';
import { Traces } from '../export/traces';
import { type HostProcess, keys, startHostProcess } from '../host/host-process';
import { processes, type SeenProcess } from './processes';
import { type SyncServices, startSyncServices } from './sync-services';

// What runs say and leave, good ones and ones that fail for their secrets, is searched for these secrets.

const WRONG_KEY = 'AIza-a-key-that-was-mistyped-0123456789';
const WRONG_PASSWORD = 'a-password-that-was-mistyped-0123456789';

let services: SyncServices;
let folder: string;
let traces: Traces;
/** In the middle of a run on the host, and of one by the command line. */
let onHost: SeenProcess[];
let byCli: SeenProcess[];
let ends: (number | null)[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-secrets-'));
  traces = new Traces();
  services = await startSyncServices({
    catalogue: numberedCatalogue(60).catalogue,
    tenants: { acme: [CHANNEL] },
    settings: { LOG_LEVEL: 'debug' },
  });
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const state = join(folder, 'state');
  const env = { ...services.settings, TMPDIR: temporary, LOCAL_HOST_VERBOSE: 'yes' };
  const host = await startHostProcess({ app: ROOT, state, env });
  onHost = await runOnHost(host);
  await runOnHostWithEcho(host);
  await host.stop();
  traces.add('the log of the host', host.log());
  await traces.addFiles(state);
  byCli = await runByCli();
  ends = [await runByCliWith({ YOUTUBE_API_KEY: WRONG_KEY }), await runByCliWith({ DB_PASSWORD: WRONG_PASSWORD })];
  await addWhatIsStored();
  traces.add('temporary files', (await readdir(temporary)).join(' '));
});

afterAll(async () => {
  await services?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(host: HostProcess, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(`${host.url}${path}`, { ...init, headers: { 'x-functions-key': keys.functionKey } });
  const text = await response.clone().text();
  traces.add(`answer ${traces.texts.size}: ${path}`, `${JSON.stringify([...response.headers])}${text}`);
  return response;
}

async function startRun(host: HostProcess): Promise<string> {
  const response = await ask(host, '/api/runs', { method: 'POST', body: JSON.stringify({ job: 'youtube' }) });
  return ((await response.json()) as { id: string }).id;
}

async function runOnHost(host: HostProcess): Promise<SeenProcess[]> {
  const held = holdCall(3);
  services.youtube.switches.add(held.rule);
  const id = await startRun(host);
  await held.reached;
  const seen = await processes();
  held.release();
  await host.end(id);
  await ask(host, `/api/runs/${id}`);
  services.youtube.switches.clear();
  return seen;
}

/** The API says the key in its refusal, in several ways. */
async function runOnHostWithEcho(host: HostProcess): Promise<void> {
  const { apiKey } = services.secrets;
  const message = `API key ${apiKey} is not valid: ?key=${encodeURIComponent(apiKey)}&x=1 "${apiKey}"`;
  const details = [{ reason: 'API_KEY_INVALID', metadata: { consumer: `api_key:${apiKey}` } }];
  const errors = [{ message, domain: 'global', reason: 'badRequest', location: apiKey }];
  const rule = { when: everyCall, fault: answerError({ code: 400, message, errors, details, status: apiKey }) };
  services.youtube.switches.add(rule);
  const id = await startRun(host);
  await host.end(id);
  await ask(host, `/api/runs/${id}`);
  services.youtube.switches.clear();
}

/** With its settings in a file, as an operator would have them. */
async function cli(settings: Readonly<Record<string, string>>): Promise<Program> {
  const file = join(folder, 'settings.env');
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  await writeFile(file, lines.join('\n'), { mode: 0o600 });
  return new Program('makoto-batch', ['run', 'youtube', '--json', '--env-file', file]);
}

async function runByCli(): Promise<SeenProcess[]> {
  const held = holdCall(3);
  services.youtube.switches.add(held.rule);
  const program = await cli(services.settings);
  await held.reached;
  const seen = await processes();
  held.release();
  const { stdout, stderr } = await program.ended;
  traces.add('the command line', `${stdout}${stderr}`);
  return seen;
}

async function runByCliWith(wrong: Readonly<Record<string, string>>): Promise<number | null> {
  const program = await cli({ ...services.settings, ...wrong });
  const { code, stdout, stderr } = await program.ended;
  traces.add(`the command line with another ${Object.keys(wrong).join()}`, `${stdout}${stderr}`);
  return code;
}

async function addWhatIsStored(): Promise<void> {
  const { platform } = services.world;
  for (const record of await services.records('acme')) traces.add(`record ${record.SK}`, JSON.stringify(record));
  const ledger = await platform.metadata.query({ partition: 'SYSTEM#YOUTUBE_QUOTA' });
  for (const item of ledger.items) traces.add(`ledger ${item.SK}`, JSON.stringify(item));
  const store = platform.analyticsStore('acme');
  for await (const { key } of allObjects(store, 'acme/youtube/')) {
    traces.add(`object ${key}`, Buffer.from((await store.read(key)).body).toString('latin1'));
  }
}

/** A secret as it may be written down. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, encodeURIComponent(secret), base64, base64.replace(/=+$/, ''), Buffer.from(secret).toString('hex')];
}

function secretForms(): string[] {
  const { apiKey, password } = services.secrets;
  return [apiKey, password, WRONG_KEY, WRONG_PASSWORD].flatMap(formsOf);
}

test('the runs were those that were meant', () => {
  const answers = [...traces.texts].filter(([where]) => where.includes('/api/runs/youtube-')).map(([, text]) => text);

  expect(answers.map((text) => /"status":"(completed|failed)"/.exec(text)?.[1])).toEqual(['completed', 'failed']);
  expect(answers[1]).toContain('youtube_key_invalid');
  expect(traces.texts.get('the command line')).toContain('"status":"completed"');
  expect(ends).toEqual([1, 1]);
  expect(traces.texts.get('the command line with another YOUTUBE_API_KEY')).toContain('youtube_key_invalid');
  expect(traces.texts.get('the command line with another DB_PASSWORD')).toContain('database_access_denied');
});

test('no secret is in a log, an answer, a history, a run record, the ledger, a CSV file, a paper or a temporary file', () => {
  const everything = [...traces.texts];
  const kinds = [
    /^the log of the host$/,
    /^answer /,
    /\.ndjson$/,
    /^record YOUTUBE#/,
    /^ledger KEY#/,
    /\.csv$/,
    /\/_work\/.*\.json$/,
    /\/_work\/.*\.jsonl$/,
    /^the command line/,
  ];

  const leaks = everything
    .filter(([, text]) => secretForms().some((form) => text.includes(form)))
    .map(
      ([where, text]) =>
        `${where}: ${secretForms()
          .find((form) => text.includes(form))
          ?.slice(0, 8)}…`,
    );

  for (const kind of kinds)
    expect([kind, everything.filter(([where]) => kind.test(where)).length]).not.toEqual([kind, 0]);
  expect(leaks).toEqual([]);
  expect(traces.texts.get('temporary files')).toBe('');
});

test('the log has its lowest level, and what is masked is shown as such', () => {
  const log = traces.texts.get('the log of the host') ?? '';

  expect(log).toContain('"level":"debug"');
  expect(log).toContain('youtube_key_invalid');
});

test('the ledger knows the key by a digest', () => {
  const keyId = keyIdOf(new Secret(services.secrets.apiKey));

  const ledgers = [...traces.texts.keys()].filter((where) => where.startsWith('ledger '));

  expect(ledgers.some((where) => where.includes(keyId))).toBe(true);
});

// Only Linux shows what processes were started with as files.
(existsSync('/proc/self/environ') ? test : test.skip)(
  'no command line holds a secret, and no environment but of the process that was given it',
  () => {
    const holders = (seen: readonly SeenProcess[], part: 'commandLine' | 'environment') =>
      seen.filter((process) => secretForms().some((form) => process[part].includes(form)));

    const given = holders(onHost, 'environment');

    expect(onHost.some(({ commandLine }) => commandLine.includes('postgres'))).toBe(true);
    expect([...holders(onHost, 'commandLine'), ...holders(byCli, 'commandLine')]).toEqual([]);
    expect(given.map(({ commandLine }) => commandLine)).toEqual([expect.stringContaining('local/host/main.js')]);
    expect(holders(byCli, 'environment')).toEqual([]);
  },
);

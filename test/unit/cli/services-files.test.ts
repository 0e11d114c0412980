import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { writeEnvFile, writeLocalSettings } from '../../../local/cli/services-files';

const SETTINGS = { COSMOS_KEY: 'a+b/c==', CONNECTION: 'Protocol=http;Key=x#y;Endpoint=http://127.0.0.1:1/', BLANK: '' };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-files-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

test('a .env file reads back as the settings, without the blank ones, and only its owner can read it', async () => {
  const path = join(folder, 'below', 'services.env');

  await writeEnvFile(path, SETTINGS);

  const { BLANK: _blank, ...rest } = SETTINGS;
  expect(parse(await readFile(path, 'utf8'))).toEqual(rest);
  expect(await modeOf(path)).toBe(0o600);
});

test('a local.settings.json of ours is written again, and what a person added to it stays', async () => {
  const path = join(folder, 'local.settings.json');

  const first = await writeLocalSettings(path, { COSMOS_ENDPOINT: 'http://one' });
  const written = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...written, Values: { ...written.Values, MINE: 'kept' } }), { mode: 0o644 });
  const second = await writeLocalSettings(path, { COSMOS_ENDPOINT: 'http://two' });

  expect([first, second]).toEqual([true, true]);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
    IsEncrypted: false,
    Values: { FUNCTIONS_WORKER_RUNTIME: 'node', COSMOS_ENDPOINT: 'http://two', MINE: 'kept' },
  });
  expect(await modeOf(path)).toBe(0o600);
});

test.each([
  ['another one', '{"IsEncrypted":false,"Values":{"A":"1"}}'],
  ['one without values', '{}'],
  ['one that is no JSON', '// mine'],
  ['an empty one', ''],
])('%s is left as it is', async (_which, text) => {
  const path = join(folder, 'local.settings.json');
  await writeFile(path, text);

  const written = await writeLocalSettings(path, { COSMOS_ENDPOINT: 'http://one' });

  expect(written).toBe(false);
  expect(await readFile(path, 'utf8')).toBe(text);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvFiles } from '../../../local/cli/env-file';
import { SettingsError } from '../../../shared/errors';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-env-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function envFile(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('the environment wins over the file, and a blank setting counts as not given', async () => {
  const file = await envFile('a.env', 'TENANT_ID=from_file\nLOG_LEVEL=\'debug\'\nCOSMOS_KEY="a=b; c"\n# not this\n');
  const env: Record<string, string | undefined> = { TENANT_ID: 'from_environment', LOG_LEVEL: ' ' };

  loadEnvFiles(env, [file]);

  expect(env).toEqual({ TENANT_ID: 'from_environment', LOG_LEVEL: 'debug', COSMOS_KEY: 'a=b; c' });
});

test('the option goes before ENV_FILE, and without either nothing is read', async () => {
  const a = await envFile('a.env', 'TENANT_ID=a');
  const b = await envFile('b.env', 'TENANT_ID=b');
  const byOption: Record<string, string | undefined> = { ENV_FILE: a };
  const bySetting: Record<string, string | undefined> = { ENV_FILE: a };
  const byNeither: Record<string, string | undefined> = { ENV_FILE: '' };

  loadEnvFiles(byOption, [b]);
  loadEnvFiles(bySetting);
  loadEnvFiles(byNeither);

  expect(byOption.TENANT_ID).toBe('b');
  expect(bySetting.TENANT_ID).toBe('a');
  expect(byNeither).toEqual({ ENV_FILE: '' });
});

test('a file that cannot be read is a wrong setting, named', () => {
  const path = join(folder, 'none.env');

  const load = () => loadEnvFiles({}, [path]);

  expect(load).toThrow(SettingsError);
  expect(load).toThrow(`got ${JSON.stringify(path)} (ENOENT)`);
});

test('of several files the first that sets a name counts', async () => {
  const [a, b] = [join(folder, 'first.env'), join(folder, 'second.env')];
  await writeFile(a, 'ONE=1\nEMPTY=\n');
  await writeFile(b, 'ONE=2\nTWO=2\nEMPTY=2\n');
  const env = {};

  loadEnvFiles(env, [a, b]);

  expect(env).toEqual({ ONE: '1', TWO: '2', EMPTY: '2' });
});

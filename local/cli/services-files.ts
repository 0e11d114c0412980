import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileErrorCode } from './file-errors';

/** Both files hold the emulators' keys. */
const PRIVATE = { mode: 0o600 };

/** Tells a local.settings.json of ours from one that a person wrote. */
const MARK = 'MAKOTO_WRITTEN_BY';

/** Writes settings as a .env file. None of the values may hold a single quote or a line break; blank ones are left out. */
export async function writeEnvFile(path: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(settings)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}='${value}'`);
  await mkdir(dirname(path), { recursive: true });
  // The mode counts for a new file only.
  await rm(path, { force: true });
  await writeFile(path, `# Written by npm run services, and removed when it stops.\n${lines.join('\n')}\n`, PRIVATE);
}

/**
 * Writes a local.settings.json for `func start`. What else a person has put into one of ours stays.
 *
 * @returns false where the file is not ours, and was left as it is
 */
export async function writeLocalSettings(path: string, settings: Readonly<Record<string, string>>): Promise<boolean> {
  const there = await readIfThere(path);
  const before = there === undefined ? {} : valuesOf(there);
  if (there !== undefined && before[MARK] === undefined) return false;
  const content = {
    IsEncrypted: false,
    Values: { ...before, [MARK]: 'npm run services', FUNCTIONS_WORKER_RUNTIME: 'node', ...settings },
  };
  await rm(path, { force: true });
  await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`, PRIVATE);
  return true;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function valuesOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const { Values } = JSON.parse(text) as { Values?: Record<string, unknown> };
    return Values ?? {};
  } catch {
    // Not JSON, so not ours: whoever wrote it keeps it.
    return {};
  }
}

import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { SettingsError } from '../../shared/errors';
import { fileErrorCode } from './file-errors';

/** An environment that settings are read from and added to: `process.env`, or a test's own. */
export type Environment = Record<string, string | undefined>;

/**
 * Adds the settings of a .env file to the environment: the file that `path` or else `ENV_FILE` names, if any. As dotenv has it, what
 * the environment says already stands; only a name that is set to nothing counts as not given, here as everywhere.
 *
 * The environment itself is changed, because libraries read it too (the identity of `DefaultAzureCredential`).
 *
 * @throws SettingsError where the file cannot be read
 */
export function loadEnvFile(env: Environment, path: string | undefined): void {
  const file = path ?? env.ENV_FILE?.trim();
  if (file === undefined || file === '') return;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = fileErrorCode(error) ?? String(error);
    throw new SettingsError(
      [`ENV_FILE: expected a file that can be read, got ${JSON.stringify(file)} (${reason})`],
      error,
    );
  }
  for (const [name, value] of Object.entries(parse(text))) {
    if ((env[name] ?? '').trim() === '') env[name] = value;
  }
}

import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { SettingsError } from '../../shared/errors';
import { fileErrorCode } from './file-errors';

/** An environment that settings are read from and added to: `process.env`, or a test's own. */
export type Environment = Record<string, string | undefined>;

/**
 * Adds the settings of .env files to the environment: of those that `paths` names, or else of the one in `ENV_FILE`, if any. As dotenv
 * has it, what the environment or an earlier file says already stands; only a name that is set to nothing counts as not given, here as
 * everywhere.
 *
 * The environment itself is changed, because libraries read it too (the identity of `DefaultAzureCredential`).
 *
 * @throws SettingsError where a file cannot be read
 */
export function loadEnvFiles(env: Environment, paths: readonly string[] = []): void {
  const given = env.ENV_FILE?.trim() ?? '';
  const files = paths.length > 0 ? paths : given === '' ? [] : [given];
  for (const file of files) addSettings(env, file);
}

function addSettings(env: Environment, file: string): void {
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

import { missingSettings } from '../../batch/configured-jobs';
import { SettingsError } from '../../errors';
import { loadSettings, type Settings, settingsTable } from '../../settings';
import { type Check, fine, problem, warning } from './check';
import { strangeNames } from './setting-names';

export type Environment = Readonly<Record<string, string | undefined>>;

const ADVICE = 'Correct it. The README has every setting.';

/** Settings as they were found, and as much of them as the other checks can go by: none where they do not say where the data is. */
export interface ExaminedSettings {
  readonly checks: readonly Check[];
  readonly settings: Settings | undefined;
}

/** What says where data is, and whose it is. Wrong, nothing takes its place: a default would lead to somebody else's data. */
const PLACES =
  /^(TENANT_ID|AZURE_STORAGE_|DATA_CONTAINER|ANALYTICS_|COSMOS_|S3_|DYNAMODB_|AWS_|KEY_VAULT_URL|[A-Z]+_SECRET_NAME)/;

/** What is not used at all where one of them is wrong: half of an address leads nowhere. */
const TOGETHER = [/^DB_/, /^YOUTUBE_(API_|CHANNEL_)/, /^OTEL_/, /^APPLICATIONINSIGHTS_/];

/** Examines the settings of an environment, all of them at once. @param fileProblems what was wrong with the files that they were read from */
export function examineSettings(env: Environment, fileProblems: readonly string[] = []): ExaminedSettings {
  const { settings, problems } = loaded(env);
  const all = [...fileProblems, ...problems];
  const wrong = all.map((text) =>
    problem('settings', text.slice(nameOf(text).length).replace(/^: /, ''), ADVICE, nameOf(text)),
  );
  const strange = strangeNames(givenNames(env)).map(({ name, meant, reason }) =>
    warning(
      'settings',
      reason === 'former'
        ? `${name} is set, and is called ${meant} now.`
        : `${name} is set, and is no setting: ${meant} is.`,
      `Rename it to ${meant}, or remove it.`,
      name,
    ),
  );
  const usable = settings ?? withoutTheWrong(env, problems.map(nameOf));
  const checks = [...wrong, ...strange, ...(usable === undefined ? [] : halfSetUp(usable, env))];
  const given = settingsTable.filter(({ name }) => isGiven(env, name)).length;
  const summary = fine('settings', `${given} settings are given; the others have their defaults.`);
  return { checks: checks.length === 0 ? [summary] : checks, settings: usable };
}

function loaded(env: Environment): { readonly settings?: Settings; readonly problems: readonly string[] } {
  try {
    return { settings: loadSettings(env), problems: [] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { problems: error.problems };
  }
}

function nameOf(text: string): string {
  return text.slice(0, Math.max(0, text.indexOf(':')));
}

function withoutTheWrong(env: Environment, wrong: readonly string[]): Settings | undefined {
  if (wrong.some((name) => PLACES.test(name))) return undefined;
  const families = TOGETHER.filter((family) => wrong.some((name) => family.test(name)));
  const left = Object.entries(env).filter(
    ([name]) => !wrong.includes(name) && !families.some((family) => family.test(name)),
  );
  return loaded(Object.fromEntries(left)).settings;
}

/** The YouTube sync is optional; one that was begun to be set up will not run. */
function halfSetUp(settings: Settings, env: Environment): Check[] {
  const missing = missingSettings('youtube', settings);
  const begun = ['DB_HOST', 'YOUTUBE_API_KEY', 'YOUTUBE_CHANNEL_IDS', 'YOUTUBE_SECRET_NAME'].filter((name) =>
    isGiven(env, name),
  );
  if (missing.length === 0 || begun.length === 0) return [];
  const found = `${begun.join(', ')} ${begun.length === 1 ? 'is' : 'are'} set, and the YouTube sync will not run: ${missing.join('; ')}.`;
  return [warning('settings', found, 'Set what is missing, or remove the others where no sync is wanted.')];
}

function givenNames(env: Environment): string[] {
  return Object.keys(env).filter((name) => isGiven(env, name));
}

function isGiven(env: Environment, name: string): boolean {
  return (env[name] ?? '').trim() !== '';
}

/** The values in an environment that nobody may see. */
export function secretsIn(env: Environment): string[] {
  return settingsTable.flatMap(({ name, secret }) => {
    const value = env[name]?.trim() ?? '';
    return secret && value !== '' ? [value] : [];
  });
}

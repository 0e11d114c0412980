import type { BatchPlatform } from '../../batch/batch-platform';
import { Masker } from '../../logging/masking';
import type { Clock } from '../../ports/clock';
import type { Settings } from '../../settings';
import { CHECKS, type Check, examined, problem } from './check';
import { checkClock, type OtherClock } from './clock-check';
import { checkDatabase } from './database-check';
import { checkDays } from './days-check';
import { checkMetadata } from './metadata-check';
import { checkSchedules } from './schedules-check';
import { type Environment, examineSettings, secretsIn } from './settings-check';
import { checkStorage } from './storage-check';
import { examineTenants } from './tenants-check';
import { checkVersions, type Versions } from './versions-check';
import { checkYoutube } from './youtube-checks';

/** What the doctor works with. */
export interface DoctorInput {
  /** Where settings are read from. */
  readonly env: Environment;
  /** What was wrong with the files that were to be read into it. */
  readonly fileProblems: readonly string[];
  readonly versions: Versions;
  readonly clock: Clock;
  /** Does something on the platform of settings, and gives the platform back at the end. */
  readonly onPlatform: <T>(settings: Settings, work: (platform: BatchPlatform) => Promise<T>) => Promise<T>;
  /** The storage service's clock, where it can be asked. */
  readonly otherClock?: ((settings: Settings) => Promise<OtherClock>) | undefined;
}

/**
 * Examines everything that a run needs, as far as it can be examined: no check stops another one. Harmless, but for a probe object that is removed
 * again, an item `SYSTEM#BATCH / DOCTOR#PROBE`, and one unit of YouTube quota. No secret is in what it finds.
 */
export async function runDoctor(input: DoctorInput): Promise<Check[]> {
  const { env, fileProblems, versions } = input;
  const { checks, settings } = examineSettings(env, fileProblems);
  const all = [checkVersions(versions), ...checks];
  if (settings === undefined) {
    const todo = 'Correct the settings, then ask the doctor again.';
    all.push(problem('storage', 'Nothing that runs need was tried: the settings do not say where it is.', todo));
  } else {
    all.push(...(await examined('settings', 'Opening the services', () => onServices(input, settings))));
  }
  const masker = new Masker(secretsIn(env));
  const rank = ({ check }: Check) => CHECKS.indexOf(check);
  return all.sort((a, b) => rank(a) - rank(b)).map((check) => masked(check, masker));
}

function onServices({ onPlatform, otherClock }: DoctorInput, settings: Settings): Promise<readonly Check[]> {
  return onPlatform(settings, async (platform) => {
    const { clock, metadata } = platform;
    const { checks, tenants } = await examineTenants(platform);
    const ask = otherClock === undefined ? undefined : () => otherClock(settings);
    const others = await Promise.all([
      examined('clock', "Asking for the storage service's time", () => checkClock(clock, ask)),
      examined('schedules', 'Reading the schedules', async () => checkSchedules(settings, tenants, clock.now())),
      examined('storage', 'Opening the containers', () => checkStorage(platform, tenants)),
      checkMetadata(metadata, clock.now()),
      examined('youtube', 'Looking at the YouTube sync', () => checkYoutube(platform, tenants)),
      examined('database', 'Opening the database', () => checkDatabase(platform)),
      examined('days', 'Looking at the last days', () => checkDays(platform, tenants)),
    ]);
    return [...checks, ...others.flat()];
  });
}

function masked(check: Check, masker: Masker): Check {
  const texts = {
    found: masker.maskText(check.found),
    ...(check.do === undefined ? {} : { do: masker.maskText(check.do) }),
  };
  return { ...check, ...texts };
}

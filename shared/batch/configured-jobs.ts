import type { Settings } from '../settings';
import { JOBS, type Job } from './request';

export type JobSettings = Pick<Settings, 'youtube' | 'database' | 'keyVaultUrl'>;

/** What a job lacks to be run, a line for each setting; none where it can be. The export's settings are required of every process. */
export function missingSettings(job: Job, { youtube, database, keyVaultUrl }: JobSettings): string[] {
  if (job === 'export') return [];
  const missing: string[] = [];
  if (database === undefined) missing.push('DB_HOST is not set');
  if (youtube.apiKey === undefined && keyVaultUrl === undefined) {
    missing.push('neither YOUTUBE_API_KEY nor KEY_VAULT_URL is set');
  }
  return missing;
}

/** The jobs that the settings are complete for. */
export function configuredJobs(settings: JobSettings): Job[] {
  return JOBS.filter((job) => missingSettings(job, settings).length === 0);
}

import type { CloudSettings, Settings } from '../settings';
import { JOBS, type Job } from './request';

export type JobSettings = Pick<Settings, 'youtube' | 'database' | 'cloud'>;

/** What a job lacks to be run, a line for each setting; none where it can be. The export's settings are required of every process. */
export function missingSettings(job: Job, { youtube, database, cloud }: JobSettings): string[] {
  if (job === 'export') return [];
  const missing: string[] = [];
  if (database === undefined) missing.push('DB_HOST is not set');
  if (youtube.apiKey === undefined && !keepsApiKey(cloud)) {
    const place = cloud.kind === 'aws' ? 'YOUTUBE_SECRET_NAME' : 'KEY_VAULT_URL';
    missing.push(`neither YOUTUBE_API_KEY nor ${place} is set`);
  }
  return missing;
}

function keepsApiKey(cloud: CloudSettings): boolean {
  return cloud.kind === 'aws' ? cloud.youtubeSecret !== undefined : cloud.keyVaultUrl !== undefined;
}

/** The jobs that the settings are complete for. */
export function configuredJobs(settings: JobSettings): Job[] {
  return JOBS.filter((job) => missingSettings(job, settings).length === 0);
}

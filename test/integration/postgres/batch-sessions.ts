import { query } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';

export interface BatchSession {
  readonly pid: number;
  /** What it waits for: `relation`, `advisory`, … */
  readonly lock: string | null;
}

/** The connections that the batch has to this database. */
export async function batchSessions(settings: DatabaseSettings): Promise<BatchSession[]> {
  return await query<{ pid: number; lock: string | null }>(
    settings,
    `SELECT pid, CASE wait_event_type WHEN 'Lock' THEN wait_event END AS lock FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'makoto-daily-batch' ORDER BY pid`,
  );
}

/** Waits until so many connections of the batch wait for that lock. */
export async function sessionsWaiting(settings: DatabaseSettings, lock: string, count = 1): Promise<BatchSession[]> {
  return await until(async () => {
    const waiting = (await batchSessions(settings)).filter((session) => session.lock === lock);
    return waiting.length === count ? waiting : undefined;
  });
}

/** Asks until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 2000; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error('What was waited for did not happen.');
}

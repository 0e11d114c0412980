import { runInline } from '../../../shared/batch/inline-engine';
import type { JobReport } from '../../../shared/batch/report';
import { createPlatform } from '../../../shared/platform';
import { loadSettings } from '../../../shared/settings';
import { newServiceWorld, putChat, putObject, registerTenant, type ServiceWorld } from '../../support/service-world';

export const DATE = '2025-08-11';
export const MESSAGES = 20;

/** Two tenants with messages of a day; the second one's day cannot be published. */
export async function chatWorld(): Promise<ServiceWorld> {
  const world = await newServiceWorld({ EXPORT_SHARD_MESSAGES: '40', LOG_LEVEL: 'warn' });
  await registerTenant(world, 'acme');
  await registerTenant(world, 'broken');
  for (let number = 0; number < MESSAGES; number++) {
    const at = new Date(Date.parse(`${DATE}T00:00:00Z`) + number * 60_000).toISOString();
    await putChat(world, 'acme', `user${number % 4}`, 'r', `m${number}`, at);
  }
  await putObject(world.platform.analyticsStore('broken'), `broken/analytics/_manifests/${DATE}.json`, 'damaged');
  return world;
}

export interface Told {
  readonly report: JobReport;
  /** Everything that was written to the log's stream. */
  readonly log: string;
  readonly milliseconds: number;
  /** How long letting go of the platform took, with what telemetry had left. */
  readonly endMilliseconds: number;
}

/** Exports the day in this process, with telemetry by these settings. Everything is read again, so that every run does the same. */
export async function exportDay(world: ServiceWorld, telemetry: Readonly<Record<string, string>>): Promise<Told> {
  let log = '';
  const logSink = { write: (text: string) => (log += text) };
  const platform = createPlatform(loadSettings({ ...world.settings, ...telemetry }), { logSink });
  const begun = performance.now();
  const report = await runInline(platform, { job: 'export', date: DATE, force: true });
  const milliseconds = performance.now() - begun;
  await platform.dispose();
  return { report, log, milliseconds, endMilliseconds: performance.now() - begun - milliseconds };
}

/** A report without what is never the same twice. */
export function withoutTimes({ tenants, ...report }: JobReport): object {
  return { ...report, tenants: tenants.map(({ seconds: _seconds, ...tenant }) => tenant) };
}

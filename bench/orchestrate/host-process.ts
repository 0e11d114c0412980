import { DAILY_BATCH } from '../../functions/names';
import { type LocalHost, startHost } from '../../local/host/host';
import { stderrLog } from '../../local/host/stderr-log';
import type { JobReport } from '../../shared/batch/report';
import { type BatchRequest, instanceId } from '../../shared/batch/request';
import { runChild } from '../harness/child';
import { peakRss } from '../harness/peak-rss';
import { activitiesOf, SETTINGS, tenantNames } from './app-settings';

export interface OrchestrateInput {
  /** The folder of the function app. */
  readonly app: string;
  /** A folder for the histories that is not there yet. */
  readonly state: string;
  readonly tenants: number;
  readonly tenantsAtOnce: number;
}

export interface OrchestrateAnswer {
  readonly seconds: number;
  /** Of this process, user and system: the host and the app are one here. */
  readonly cpuSeconds: number;
  /** In bytes. */
  readonly rssPeak: number;
}

const REQUEST: BatchRequest = { job: 'export', date: '2025-08-11', force: false };
/** A short one before it: what a process does more slowly at first would be a larger part of a run of few tenants. */
const WARM_UP: BatchRequest = { ...REQUEST, date: '2025-08-10', tenants: tenantNames(40) };

/** One run through the local host, with nothing else in its process. */
runChild<OrchestrateInput>(async ({ app, state, tenants, tenantsAtOnce }, answer) => {
  const host = await startHost({
    appRoot: app,
    stateDir: state,
    settings: { [SETTINGS.tenants]: String(tenants), [SETTINGS.tenantsAtOnce]: String(tenantsAtOnce) },
    log: stderrLog('warn'),
    onFailure: () => process.exit(1),
  });
  await runToItsEnd(host, WARM_UP);
  let activities = 0;
  host.onProgress(({ kind }) => {
    if (kind === 'activity-completed') activities += 1;
  });
  const before = process.cpuUsage();
  const begun = performance.now();
  const report = await runToItsEnd(host, REQUEST);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  const rssPeak = peakRss();
  assertComplete(report, activities, tenants);
  await host.stop();
  answer({ seconds, cpuSeconds: (user + system) / 1e6, rssPeak } satisfies OrchestrateAnswer);
});

/** Starts it as the timer's durable client does. */
async function runToItsEnd(host: LocalHost, request: BatchRequest): Promise<JobReport> {
  const path = `/runtime/webhooks/durabletask/orchestrators/${DAILY_BATCH}/${instanceId(request)}`;
  const response = await fetch(`${host.url}${path}`, {
    method: 'POST',
    headers: { 'x-functions-key': host.systemKey, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  if (response.status !== 202) throw new Error(`The run was not started: ${response.status} ${await response.text()}`);
  const { output } = await host.waitFor(instanceId(request), 'terminal');
  return output as JobReport;
}

function assertComplete({ status, tenants, unlisted }: JobReport, activities: number, expected: number): void {
  const completed = tenants.filter((tenant) => tenant.status === 'completed').length + (unlisted?.completed ?? 0);
  if (status === 'completed' && completed === expected && activities === activitiesOf(expected)) return;
  throw new Error(`The run is ${status}: ${completed} of ${expected} tenants, ${activities} activities.`);
}

import { DAILY_BATCH, EXPORT_TIMER, YOUTUBE_TIMER } from '../../functions/names';
import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { type JobReport, type RunReport, runReport } from '../../shared/batch/report';
import type { Job } from '../../shared/batch/request';
import { scheduledRequest } from '../../shared/batch/scheduled-request';
import { manifestKey, quarantineFolder } from '../../shared/messages/output-paths';
import type { LocalHost } from '../host/host';
import { queryStreams } from './catalogue-query';
import { followHost } from './host-progress';
import { copyOutput } from './output-copy';
import { shownPath } from './project-root';
import { type QueryResult, queryLines } from './query-text';
import { jobReportLines } from './report-text';
import { RunProgress } from './run-progress';
import { queryRooms } from './sample-query';
import type { ProgressDisplay } from './terminal';

const TIMERS: readonly { readonly timer: string; readonly job: Job }[] = [
  { timer: EXPORT_TIMER, job: 'export' },
  { timer: YOUTUBE_TIMER, job: 'youtube' },
];

export interface SampleRunOptions {
  readonly host: LocalHost;
  readonly platform: BatchPlatform;
  readonly display: ProgressDisplay;
  /** Where the copy of the output goes. */
  readonly outputFolder: string;
}

/** The JSON of `npm start`. */
export interface SampleRunReport extends RunReport {
  /** What was asked of the Parquet, and of the database; only where a tenant was completed. */
  readonly queries: readonly QueryResult[];
  /** The local folder with a copy of what was written. */
  readonly output: string;
}

/** Fires the timers as the schedules would, waits for the runs to end, copies what they wrote and asks it something. */
export async function runSampleBatch(options: SampleRunOptions): Promise<SampleRunReport> {
  const jobs: JobReport[] = [];
  for (const each of TIMERS) jobs.push(await runJob(options, each));
  const { platform, outputFolder } = options;
  await copyOutput(platform, jobs, outputFolder);
  const [exported, synced] = jobs.map(firstCompleted);
  const queries: QueryResult[] = [];
  if (exported !== undefined) queries.push(await queryRooms(outputFolder));
  if (synced !== undefined && platform.settings.database !== undefined) {
    queries.push(await queryStreams(platform.settings.database, synced.tenant));
  }
  return { ...runReport(jobs), queries, output: shownPath(outputFolder) };
}

async function runJob(
  { host, platform, display }: SampleRunOptions,
  { timer, job }: (typeof TIMERS)[number],
): Promise<JobReport> {
  const unfollow = followHost(host, new RunProgress(display, scheduledRequest(job, platform)));
  try {
    await host.fireTimer(timer);
    return await endOfRun(host, timer);
  } finally {
    unfollow();
    display.clear();
  }
}

/** The run that the timer started, or found at work: its orchestrator is the one that was begun last. */
async function endOfRun(host: LocalHost, timer: string): Promise<JobReport> {
  const run = host.instances().findLast(({ name }) => name === DAILY_BATCH);
  if (run === undefined) throw new Error(`The timer ${timer} started no ${DAILY_BATCH}.`);
  const { runtimeStatus, output } = await host.waitFor(run.instanceId, 'terminal');
  if (runtimeStatus !== 'Completed') {
    throw new Error(`The orchestration ${run.instanceId} ended as ${runtimeStatus}: ${JSON.stringify(output)}`);
  }
  return output as JobReport;
}

function firstCompleted({ tenants }: JobReport) {
  return tenants.find(({ status }) => status === 'completed');
}

export function sampleRunLines({ jobs, queries, output }: SampleRunReport, width?: number): string[] {
  const lines = jobs.flatMap((job) => [...jobReportLines(job, width), '']);
  for (const query of queries) lines.push(...queryLines(query, width), '');
  return [...lines, ...whereLines(jobs, output)];
}

function whereLines(jobs: readonly JobReport[], output: string): string[] {
  const completed = jobs.flatMap(({ tenants }) => tenants).filter(({ status }) => status === 'completed');
  const published = completed.find(({ listed }) => listed !== undefined);
  const quarantined = completed.find(({ quarantined: count = 0 }) => count > 0);
  const synced = completed.find(({ csv }) => csv !== undefined);
  const lines = [`A copy of what was written:  ${output}/`];
  if (published?.date !== undefined) {
    lines.push(`A manifest, with the proof:  ${output}/${manifestKey(published.tenant, published.date)}`);
  }
  if (quarantined?.date !== undefined) {
    lines.push(`Messages kept out, and why:  ${output}/${quarantineFolder(quarantined.tenant, quarantined.date)}`);
  }
  if (synced?.csv !== undefined) lines.push(`A channel's videos, as CSV:  ${output}/${synced.csv}`);
  return lines;
}

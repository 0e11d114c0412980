import { DAILY_BATCH } from '../../functions/names';
import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { type JobReport, type RunReport, runReport } from '../../shared/batch/report';
import { scheduledRequest } from '../../shared/batch/scheduled-request';
import { manifestKey, quarantineFolder } from '../../shared/messages/output-paths';
import type { LocalHost } from '../host/host';
import { formatCount } from './figures';
import { followHost } from './host-progress';
import { copyOutput } from './output-copy';
import { shownPath } from './project-root';
import { jobReportLines } from './report-text';
import { RunProgress } from './run-progress';
import { type QueryResult, queryRooms } from './sample-query';
import type { ProgressDisplay } from './terminal';
import { textTable } from './text-table';

const EXPORT_TIMER = 'exportTimer';

export interface SampleRunOptions {
  readonly host: LocalHost;
  readonly platform: BatchPlatform;
  readonly display: ProgressDisplay;
  /** Where the copy of the output goes. */
  readonly outputFolder: string;
}

/** The JSON of `npm start`. */
export interface SampleRunReport extends RunReport {
  /** What was asked of the Parquet; not there where no tenant was completed. */
  readonly query?: QueryResult;
  /** The local folder with a copy of what was written. */
  readonly output: string;
}

/** Fires the export's timer as the schedule would, waits for the run to end, copies what it wrote and asks it something. */
export async function runSampleDay({
  host,
  platform,
  display,
  outputFolder,
}: SampleRunOptions): Promise<SampleRunReport> {
  const { job, date } = scheduledRequest(platform);
  const unfollow = followHost(host, new RunProgress(display, { job, date }));
  let report: RunReport;
  try {
    await host.fireTimer(EXPORT_TIMER);
    report = runReport([await endOfRun(host)]);
  } finally {
    unfollow();
    display.clear();
  }
  const tenants = report.jobs.flatMap((each) => each.tenants.filter(({ status }) => status === 'completed'));
  const ids = tenants.map(({ tenant }) => tenant);
  await copyOutput(platform, ids, outputFolder);
  const output = shownPath(outputFolder);
  return ids.length === 0 ? { ...report, output } : { ...report, query: await queryRooms(outputFolder), output };
}

/** The run that the timer started, or found at work: its orchestrator is the one that was begun last. */
async function endOfRun(host: LocalHost): Promise<JobReport> {
  const run = host.instances().findLast(({ name }) => name === DAILY_BATCH);
  if (run === undefined) throw new Error(`The timer ${EXPORT_TIMER} started no ${DAILY_BATCH}.`);
  const { runtimeStatus, output } = await host.waitFor(run.instanceId, 'terminal');
  if (runtimeStatus !== 'Completed') {
    throw new Error(`The orchestration ${run.instanceId} ended as ${runtimeStatus}: ${JSON.stringify(output)}`);
  }
  return output as JobReport;
}

export function sampleRunLines({ jobs, query, output }: SampleRunReport, width?: number): string[] {
  const lines = jobs.flatMap((job) => [...jobReportLines(job, width), '']);
  if (query !== undefined) lines.push(...query.sql.split('\n'), '', ...queryTable(query, width), '');
  return [...lines, ...whereLines(jobs, output)];
}

function queryTable({ columns, rows }: QueryResult, width?: number): string[] {
  const isNumber = (index: number) => rows.every((row) => typeof row[index] === 'number');
  const titles = columns.map((title, index) => ({
    title,
    align: isNumber(index) ? ('right' as const) : ('left' as const),
    flexible: !isNumber(index),
  }));
  return textTable(
    titles,
    rows.map((row) => row.map((value) => (typeof value === 'number' ? formatCount(value) : (value ?? '')))),
    width,
  );
}

function whereLines(jobs: readonly JobReport[], output: string): string[] {
  const completed = jobs.flatMap(({ tenants }) => tenants).filter(({ status }) => status === 'completed');
  const quarantined = completed.find(({ quarantined: count = 0 }) => count > 0);
  const lines = [`A copy of what was written:  ${output}/`];
  for (const { tenant, date } of completed.slice(0, 1)) {
    if (date !== undefined) lines.push(`A manifest, with the proof:  ${output}/${manifestKey(tenant, date)}`);
  }
  if (quarantined?.date !== undefined) {
    lines.push(`Messages kept out, and why:  ${output}/${quarantineFolder(quarantined.tenant, quarantined.date)}`);
  }
  return lines;
}

import { CommanderError } from 'commander';
import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { configuredJobs, missingSettings } from '../../shared/batch/configured-jobs';
import { runInline } from '../../shared/batch/inline-engine';
import { previewRun } from '../../shared/batch/preview-run';
import { type JobReport, runReport } from '../../shared/batch/report';
import { type BatchRequest, JOBS } from '../../shared/batch/request';
import { runRequests } from '../../shared/batch/run-arguments';
import type { DisposablePlatform, PlatformOptions } from '../../shared/platform';
import type { Clock } from '../../shared/ports/clock';
import { loadSettings, type Settings } from '../../shared/settings';
import { type Environment, loadEnvFiles } from './env-file';
import { ExitCode, exitCodeOf, explain, writeJson } from './outcome';
import { type JobPlan, jobPlanLines } from './plan-text';
import { buildProgram, type GlobalOptions, type RunOptions } from './program';
import { packageVersion } from './project-root';
import { jobReportLines } from './report-text';
import { RunProgress } from './run-progress';
import { type OutputStream, ProgressDisplay } from './terminal';

/** What the command line needs of the process, so that a test can give it something else. */
export interface CliEdges {
  /** Settings are read from it; those of a .env file are added to it. */
  readonly env: Environment;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
  readonly createPlatform: (settings: Settings, options: PlatformOptions) => DisposablePlatform;
}

/**
 * Runs `makoto-batch` with the arguments that follow its name. Never throws and never ends the process.
 *
 * @returns the exit code
 */
export async function runBatchCli(args: readonly string[], edges: CliEdges): Promise<ExitCode> {
  const cli = new BatchCli(edges);
  const handlers = {
    run: (options: RunOptions, global: GlobalOptions) => cli.run(options, global),
    plan: (options: RunOptions, global: GlobalOptions) => cli.plan(options, global),
  };
  try {
    await buildProgram(handlers, packageVersion(), edges.stdout).parseAsync([...args], { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    cli.display.clear();
    // Help and version come as errors too, with this code.
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.completed;
    const { exitCode, lines, report } = explain(error);
    edges.stderr.write(`${lines.join('\n')}\n`);
    if (error instanceof CommanderError) edges.stderr.write('makoto-batch --help tells what there is.\n');
    if (args.includes('--json')) writeJson(edges.stdout, report);
    return exitCode;
  }
}

class BatchCli {
  readonly display: ProgressDisplay;
  exitCode: ExitCode = ExitCode.completed;
  readonly #edges: CliEdges;

  constructor(edges: CliEdges) {
    this.#edges = edges;
    this.display = new ProgressDisplay(edges.stderr);
  }

  run(options: RunOptions, global: GlobalOptions): Promise<void> {
    return this.#onPlatform(options, global, async (platform, requests) => {
      const reports: JobReport[] = [];
      for (const request of requests) {
        const progress = new RunProgress(this.display, request);
        const report = await runInline(platform, request, {
          onStep: (call, result) => progress.onStep(call, result),
          onTenant: (tenant) => progress.onTenant(tenant),
        });
        reports.push(report);
        this.#tell(jobReportLines(report, this.#width(global)), global);
      }
      const report = runReport(reports);
      if (global.json) writeJson(this.#edges.stdout, report);
      this.exitCode = exitCodeOf(report);
    });
  }

  plan(options: RunOptions, global: GlobalOptions): Promise<void> {
    return this.#onPlatform(options, global, async (platform, requests) => {
      const jobs: JobPlan[] = [];
      for (const request of requests) {
        const { job, date } = request;
        this.display.show(`looking at ${job} of ${date}`);
        const plan: JobPlan = { job, date, tenants: await previewRun(platform, request) };
        jobs.push(plan);
        this.#tell(jobPlanLines(plan, this.#width(global)), global);
      }
      if (global.json) writeJson(this.#edges.stdout, { jobs });
      const failed = jobs.some(({ tenants }) => tenants.some(({ failure }) => failure !== undefined));
      this.exitCode = failed ? ExitCode.notCompleted : ExitCode.completed;
    });
  }

  async #onPlatform(
    options: RunOptions,
    { envFiles }: GlobalOptions,
    work: (platform: BatchPlatform, requests: readonly BatchRequest[]) => Promise<void>,
  ): Promise<void> {
    const { env, clock } = this.#edges;
    loadEnvFiles(env, envFiles);
    const settings = loadSettings(env);
    const requests = this.#requests(options, settings, clock);
    const platform = this.#platform(settings);
    try {
      await work(platform, requests);
    } finally {
      await platform.dispose();
    }
  }

  /** All jobs means every job that the settings are complete for. Dates are the export's: a sync knows only now. */
  #requests({ job, date, from, to, ...options }: RunOptions, settings: Settings, clock: Clock): BatchRequest[] {
    const days = Object.fromEntries(Object.entries({ date, from, to }).filter(([, value]) => value !== undefined));
    if (job !== 'all') return runRequests({ job, ...days, ...options }, settings, clock);
    const jobs = configuredJobs(settings);
    for (const left of JOBS.filter((each) => !jobs.includes(each))) {
      this.display.step(`${left} is left out: ${missingSettings(left, settings).join(', ')}`);
    }
    return jobs.flatMap((each) =>
      runRequests({ job: each, ...(each === 'export' ? days : {}), ...options }, settings, clock),
    );
  }

  /** The report tells what was done; the log only what went wrong on the way, unless a level is asked for. */
  #platform(settings: Settings): DisposablePlatform {
    const { env, clock, createPlatform } = this.#edges;
    const asked = (env.LOG_LEVEL ?? '').trim() !== '';
    const level = asked ? settings.logLevel : 'warn';
    return createPlatform(
      { ...settings, logLevel: level },
      { logSink: this.display.logSink, logFormat: 'plain', clock },
    );
  }

  #tell(lines: readonly string[], { json }: GlobalOptions): void {
    this.display.clear();
    const stream = json ? this.#edges.stderr : this.#edges.stdout;
    stream.write(`${lines.join('\n')}\n\n`);
  }

  #width({ json }: GlobalOptions): number | undefined {
    const { isTTY, columns } = json ? this.#edges.stderr : this.#edges.stdout;
    return isTTY ? columns : undefined;
  }
}

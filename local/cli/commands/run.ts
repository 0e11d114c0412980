import type { Command } from 'commander';
import { runInline } from '../../../shared/batch/inline-engine';
import { type JobReport, runReport } from '../../../shared/batch/report';
import type { Job } from '../../../shared/batch/request';
import { type CliCommand, type GlobalOptions, optionsOf } from '../cli-command';
import type { CliSession } from '../cli-session';
import { exitCodeOf } from '../outcome';
import { jobReportLines } from '../report-text';
import { RunProgress } from '../run-progress';
import { addRunOptions, type RunOptions, requestsOf } from './run-options';

/** `makoto-batch run`: jobs, in this process. */
export const runCommand: CliCommand = {
  examples: [
    ['makoto-batch run export', 'yesterday, as the schedule runs it'],
    ['makoto-batch run export --date 2025-08-11 --force', 'one day, everything read again'],
    ['makoto-batch run export --from 2025-08-01 --to 2025-08-11 --tenant acme', ''],
    ['makoto-batch run youtube', "the tenants' channels, as they are now"],
    ['makoto-batch run youtube --tenant acme --video dQw4w9WgXcQ', ''],
  ],
  register(program, session) {
    addRunOptions(
      program
        .command('run')
        .description('runs a job: an export for a day or several, a sync of what is there now')
        .option(
          '--force',
          'export: read everything again, even where nothing changed since; youtube: begin an interrupted sync anew',
        )
        .option('--video <id>', 'youtube: sync this one video of one tenant instead of whole channels'),
    ).action(async (job: Job | 'all', _options: unknown, command: Command) => {
      const { own, global } = optionsOf<RunOptions>(command);
      await run(session, job, own, global);
    });
  },
};

async function run(session: CliSession, job: Job | 'all', options: RunOptions, global: GlobalOptions): Promise<void> {
  const settings = session.settings(global);
  const requests = requestsOf(job, options, settings, session);
  await session.onPlatform(settings, async (platform) => {
    const reports: JobReport[] = [];
    for (const request of requests) {
      const progress = new RunProgress(session.display, request);
      const report = await runInline(platform, request, {
        onStep: (call, result) => progress.onStep(call, result),
        onTenant: (tenant) => progress.onTenant(tenant),
      });
      reports.push(report);
      session.tell(jobReportLines(report, session.width(global)), global);
    }
    const report = runReport(reports);
    session.result(report, global);
    session.exitCode = exitCodeOf(report);
  });
}

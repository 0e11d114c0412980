import type { Command } from 'commander';
import { previewRun } from '../../../shared/batch/preview-run';
import type { Job } from '../../../shared/batch/request';
import { type CliCommand, type GlobalOptions, optionsOf } from '../cli-command';
import type { CliSession } from '../cli-session';
import { ExitCode } from '../outcome';
import { type JobPlan, jobPlanLines } from '../plan-text';
import { addRunOptions, type RunOptions, requestsOf } from './run-options';

/** `makoto-batch plan`: what `run` with the same arguments would do. */
export const planCommand: CliCommand = {
  examples: [['makoto-batch plan all --env-file .makoto/services.env', '']],
  register(program, session) {
    addRunOptions(
      program
        .command('plan')
        .description('says what a run would read, write and spend, and changes nothing')
        .option('--force', 'as for run'),
    ).action(async (job: Job | 'all', _options: unknown, command: Command) => {
      const { own, global } = optionsOf<RunOptions>(command);
      await plan(session, job, own, global);
    });
  },
};

async function plan(session: CliSession, job: Job | 'all', options: RunOptions, global: GlobalOptions): Promise<void> {
  const settings = session.settings(global);
  const requests = requestsOf(job, options, settings, session);
  await session.onPlatform(settings, async (platform) => {
    const jobs: JobPlan[] = [];
    for (const request of requests) {
      const { date } = request;
      session.display.show(`looking at ${request.job} of ${date}`);
      const planned: JobPlan = { job: request.job, date, tenants: await previewRun(platform, request) };
      jobs.push(planned);
      session.tell(jobPlanLines(planned, session.width(global)), global);
    }
    session.result({ jobs }, global);
    const failed = jobs.some(({ tenants }) => tenants.some(({ failure }) => failure !== undefined));
    session.exitCode = failed ? ExitCode.notCompleted : ExitCode.completed;
  });
}

import type { Command } from 'commander';
import type { DayVerdict } from '../../../shared/operations/verify/findings';
import { verifyRun } from '../../../shared/operations/verify/verify-run';
import { type CliCommand, collect, type GlobalOptions, optionsOf } from '../cli-command';
import type { CliSession } from '../cli-session';
import { ExitCode } from '../outcome';
import { verdictLines, verifiedLine } from '../verify-text';
import { type RunOptions, requestsOf } from './run-options';

interface VerifyOptions extends RunOptions {
  readonly deep?: boolean;
}

/** `makoto-batch verify`: reads published days back. */
export const verifyCommand: CliCommand = {
  examples: [
    ['makoto-batch verify', 'the day that the schedule would export now'],
    ['makoto-batch verify --from 2025-08-01 --to 2025-08-11 --tenant acme --deep', ''],
  ],
  register(program, session) {
    program
      .command('verify')
      .description('reads published days back, and says whether they are what was published; changes nothing')
      .option(
        '--date <date>',
        'the business date, as yyyy-mm-dd; without one, the day that the schedule would export now',
      )
      .option('--from <date>', 'the first of several business dates')
      .option('--to <date>', 'the last of several business dates')
      .option('--tenant <id>', 'a tenant, instead of those in TENANT_ID; may be given more than once', collect)
      .option('--deep', 'read every message again and compare every row with it')
      .action(async (_options: unknown, command: Command) => {
        const { own, global } = optionsOf<VerifyOptions>(command);
        await verify(session, own, global);
      });
  },
};

async function verify(
  session: CliSession,
  { deep = false, ...options }: VerifyOptions,
  global: GlobalOptions,
): Promise<void> {
  const settings = session.settings(global);
  const requests = requestsOf('export', options, settings, session);
  await session.onPlatform(settings, async (platform) => {
    const days: DayVerdict[] = [];
    for (const request of requests) {
      session.display.show(`verifying ${request.date}`);
      for await (const day of verifyRun(platform, request, deep)) {
        days.push(day);
        session.tell(verdictLines(day), global);
        session.display.show(`verifying ${request.date}: ${day.tenant} is done`);
      }
    }
    const ok = days.every((day) => day.ok);
    session.tell([verifiedLine(days)], global);
    session.result({ status: ok ? 'completed' : 'failed', days }, global);
    session.exitCode = ok ? ExitCode.completed : ExitCode.notCompleted;
  });
}

import type { Command } from 'commander';
import type { BatchPlatform } from '../../../shared/batch/batch-platform';
import { InputError } from '../../../shared/errors';
import { type EraseHooks, eraseUser } from '../../../shared/operations/erase/erase-user';
import { type CliCommand, type GlobalOptions, optionsOf } from '../cli-command';
import type { CliSession } from '../cli-session';
import { erasureLines } from '../erase-text';
import { ExitCode } from '../outcome';

interface EraseOptions {
  readonly tenant: string;
  readonly user: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** `makoto-batch erase`: takes a user out of everything that the batch has written. */
export const eraseCommand: CliCommand = {
  examples: [
    ['makoto-batch erase --tenant acme --user alice --dry-run', 'what would be rewritten'],
    ['makoto-batch erase --tenant acme --user alice --yes', ''],
  ],
  register(program, session) {
    program
      .command('erase')
      .description(
        "takes a user out of every published day of a tenant; the messages themselves are the chat product's to delete",
      )
      .requiredOption('--tenant <id>', 'the tenant')
      .requiredOption('--user <id>', 'the user, exactly as in the keys of the messages')
      .option('--dry-run', 'only say what would be rewritten')
      .option('--yes', 'start without asking')
      .action(async (_options: unknown, command: Command) => {
        const { own, global } = optionsOf<EraseOptions>(command);
        await erase(session, own, global);
      });
  },
};

async function erase(session: CliSession, options: EraseOptions, global: GlobalOptions): Promise<void> {
  const { tenant, user, dryRun = false } = options;
  await session.onPlatform(session.settings(global), async (platform) => {
    if (!dryRun && !(await wanted(session, platform, options, global))) return;
    const report = await eraseUser(platform, { tenant, user, dryRun }, progress(session));
    session.tell(erasureLines(report, user, session.width(global)), global);
    session.result({ status: 'completed', ...report }, global);
  });
}

/** Shows what would be done, and asks. @throws InputError where nobody can answer */
async function wanted(
  session: CliSession,
  platform: BatchPlatform,
  { tenant, user, yes = false }: EraseOptions,
  global: GlobalOptions,
): Promise<boolean> {
  if (yes) return true;
  const { ask } = session.edges;
  if (ask === undefined) throw new InputError({ yes: 'is missing: nobody is there to be asked' });
  const report = await eraseUser(platform, { tenant, user, dryRun: true }, progress(session));
  session.tell(erasureLines(report, user, session.width(global)), global);
  const answer = await ask('Nobody can undo it. Erase? [y/N] ');
  if (/^y(es)?$/i.test((answer ?? '').trim())) return true;
  session.tell(['Nothing was erased.'], global);
  session.result({ status: 'not_started', ...report }, global);
  session.exitCode = ExitCode.notCompleted;
  return false;
}

function progress({ display }: CliSession): EraseHooks {
  return {
    onLooked: (looked, of) => display.show(`looking into days: ${looked} of ${of}`),
    onErased: (date) => display.step(`${date} is published without the user`),
    onWaiting: (date) => display.show(`${date} is at work in another run: waiting for its end`),
  };
}

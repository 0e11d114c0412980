import { type Command, Option } from 'commander';
import { QUARANTINE_REASONS } from '../../../shared/messages/quarantine-reason';
import { type CliCommand, collect, optionsOf } from '../cli-command';
import type { CliSession } from '../cli-session';
import { type ListArguments, listQuarantined } from './quarantine-list';
import { type ReplayArguments, replayQuarantined } from './quarantine-replay';
import { type ShowArguments, showQuarantined } from './quarantine-show';

/** `makoto-batch quarantine`: the messages that are no rows, from why they are not to how they become some. */
export const quarantineCommand: CliCommand = {
  examples: [
    ['makoto-batch quarantine list', 'what the last 30 days kept out, and why'],
    ['makoto-batch quarantine show --tenant acme --key acme/chat/…/….json', ''],
    ['makoto-batch quarantine replay --tenant acme', 'after a change of the contract'],
    ['makoto-batch quarantine replay --tenant acme --key … --file FILE', 'takes a corrected copy in'],
  ],
  register(program, session) {
    const quarantine = program.command('quarantine').description('shows and takes back in what is no valid message');
    registerList(quarantine, session);
    registerShow(quarantine, session);
    registerReplay(quarantine, session);
  },
};

function registerList(quarantine: Command, session: CliSession): void {
  withDates(quarantine.command('list').description('which days have messages in quarantine, by reason'))
    .option('--tenant <id>', 'a tenant, instead of those in TENANT_ID; may be given more than once', collect)
    .addOption(new Option('--reason <reason>', 'only this reason').choices(QUARANTINE_REASONS))
    .option('--keys', 'the messages too, each with its key and what is wrong with it; for a single date without asking')
    .option('--limit <number>', 'how many messages of a day, 100 without it')
    .action(async (_options: unknown, command: Command) => {
      const { own, global } = optionsOf<ListArguments>(command);
      await listQuarantined(session, own, global);
    });
}

function registerShow(quarantine: Command, session: CliSession): void {
  withMessage(quarantine.command('show').description('one message as it is in storage, and the place that broke it'))
    .requiredOption('--key <key>', 'its key, as list gives it')
    .option('--date <date>', 'the business date that it is in quarantine of; without one, what its key says')
    .option('--save <file>', 'write it to a new file, to be corrected there')
    .action(async (_options: unknown, command: Command) => {
      const { own, global } = optionsOf<ShowArguments>(command);
      await showQuarantined(session, own, global);
    });
}

function registerReplay(quarantine: Command, session: CliSession): void {
  const replay = quarantine
    .command('replay')
    .description('takes messages back in: those that are valid by now, or with --key one that was corrected');
  withMessage(withDates(replay))
    .option('--dry-run', 'only say which days would be run again')
    .option('--key <key>', 'the one message that --file is a corrected copy of')
    .option('--file <file>', 'the corrected copy; - for standard input')
    .option('--undo', 'take the corrected copy of --key back')
    .action(async (_options: unknown, command: Command) => {
      const { own, global } = optionsOf<ReplayArguments>(command);
      await replayQuarantined(session, own, global);
    });
}

function withMessage(command: Command): Command {
  return command.requiredOption('--tenant <id>', 'the tenant');
}

function withDates(command: Command): Command {
  return command
    .option('--date <date>', 'one business date, as yyyy-mm-dd; without dates, the last 30 days')
    .option('--from <date>', 'the first of several business dates')
    .option('--to <date>', 'the last of several business dates');
}

import { Argument, Command } from 'commander';
import { JOBS, type Job } from '../../shared/batch/request';
import type { OutputStream } from './terminal';

/** What `run` and `plan` are given, as it was typed. */
export interface RunOptions {
  readonly job: Job | 'all';
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
  readonly tenants?: readonly string[];
  readonly force?: boolean;
  readonly video?: string;
}

export interface GlobalOptions {
  /** The first that sets a name counts. */
  readonly envFiles: readonly string[];
  readonly json: boolean;
}

export interface ProgramHandlers {
  run(options: RunOptions, global: GlobalOptions): Promise<void>;
  plan(options: RunOptions, global: GlobalOptions): Promise<void>;
}

const EXAMPLES = `
Examples:
  makoto-batch run export                             yesterday, as the schedule runs it
  makoto-batch run export --date 2025-08-11 --force   one day, everything read again
  makoto-batch run export --from 2025-08-01 --to 2025-08-11 --tenant acme
  makoto-batch run youtube                            the tenants' channels, as they are now
  makoto-batch run youtube --tenant acme --video dQw4w9WgXcQ
  makoto-batch plan all --env-file .makoto/services.env

Exit codes: 0 completed, 1 partial or failed, 2 wrong arguments or settings.`;

/**
 * The command line as commander knows it. Nothing in it ends the process: help and errors are thrown as CommanderError, and
 * error texts are left to the caller.
 */
export function buildProgram(handlers: ProgramHandlers, version: string, stdout: OutputStream): Command {
  const program = new Command('makoto-batch');
  program
    .description('Runs the daily batch against the configured services, in this process.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option(
      '--env-file <file>',
      'a .env file with settings; what the environment says already stands, or an earlier file; may be given more than once',
      collect,
    )
    .option('--json', 'print one JSON object on the last line of standard output, everything else on standard error')
    .addHelpText('after', EXAMPLES)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: () => undefined })
    .exitOverride();
  addCommand(program, 'run', 'runs a job: an export for a day or several, a sync of what is there now', handlers.run)
    .option(
      '--force',
      'export: read everything again, even where nothing changed since; youtube: begin an interrupted sync anew',
    )
    .option('--video <id>', 'youtube: sync this one video of one tenant instead of whole channels');
  addCommand(program, 'plan', 'says what a run would read, write and spend, and changes nothing', handlers.plan).option(
    '--force',
    'as for run',
  );
  return program;
}

function addCommand(program: Command, name: string, description: string, handler: ProgramHandlers['run']): Command {
  return program
    .command(name)
    .description(description)
    .addArgument(new Argument('<job>', 'which job').choices([...JOBS, 'all']))
    .option(
      '--date <date>',
      'export: the business date, as yyyy-mm-dd; without one, the day that the schedule would run now',
    )
    .option('--from <date>', 'export: the first of several business dates')
    .option('--to <date>', 'export: the last of several business dates')
    .option('--tenant <id>', 'a tenant, instead of those in TENANT_ID; may be given more than once', collect)
    .action(async (job: RunOptions['job'], _options: unknown, command: Command) => {
      const { tenant, envFile = [], json, ...rest } = command.optsWithGlobals<Record<string, unknown>>();
      const tenants = Array.isArray(tenant) ? { tenants: tenant as string[] } : {};
      const options = { job, ...rest, ...tenants } as RunOptions;
      await handler(options, { json: json === true, envFiles: envFile as string[] });
    });
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

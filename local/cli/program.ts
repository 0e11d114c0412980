import { Command } from 'commander';
import { type CliCommand, collect } from './cli-command';
import type { CliSession } from './cli-session';

const EXIT_CODES = 'Exit codes: 0 completed, 1 partial or failed, 2 wrong arguments or settings.';

/**
 * The command line as commander knows it. Nothing in it ends the process: help and errors are thrown as CommanderError, and
 * error texts are left to the caller.
 */
export function buildProgram(commands: readonly CliCommand[], session: CliSession, version: string): Command {
  const { stdout } = session.edges;
  const program = new Command('makoto-batch');
  program
    .description('Runs and operates the daily batch against the configured services, in this process.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option(
      '--env-file <file>',
      'a .env file with settings; what the environment says already stands, or an earlier file; may be given more than once',
      collect,
    )
    .option('--json', 'print one JSON object on the last line of standard output, everything else on standard error')
    .addHelpText('after', ['', ...exampleLines(commands), '', EXIT_CODES].join('\n'))
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: () => undefined })
    .exitOverride();
  for (const command of commands) command.register(program, session);
  return program;
}

function exampleLines(commands: readonly CliCommand[]): string[] {
  const examples = commands.flatMap((command) => command.examples);
  const width = Math.max(...examples.map(([command]) => command.length).filter((length) => length <= LONGEST));
  return ['Examples:', ...examples.map(([command, meaning]) => `  ${command.padEnd(width)}   ${meaning}`.trimEnd())];
}

/** Examples longer than this are not lined up with the others. */
const LONGEST = 52;

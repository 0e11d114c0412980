import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { type Environment, loadEnvFiles } from './env-file';
import { runInterruptible } from './interruptible';
import { explain, writeJson } from './outcome';
import { projectRoot } from './project-root';
import type { Teardown } from './teardown';
import { type OutputStream, ProgressDisplay } from './terminal';

/** What the commands on embedded services (`npm start`, `npm run dev`, `npm run services`) share. */
export interface LocalRun<Options> {
  readonly options: Options;
  readonly env: Environment;
  readonly display: ProgressDisplay;
  readonly teardown: Teardown;
  /** Where people read what came of it. */
  readonly people: OutputStream;
  /** Columns of their terminal. */
  readonly width: number | undefined;
}

export interface LocalOptions {
  readonly json?: boolean;
  /** The folder for files that people are to find. */
  readonly folder: string;
}

export interface LocalCommand<Options extends LocalOptions> {
  readonly name: string;
  readonly description: string;
  /** Adds options of its own. */
  readonly options: (command: Command) => Command;
  /** Resolves with the exit code. */
  readonly run: (run: LocalRun<Options>) => Promise<number>;
}

/** Runs one of the commands in this process, to the process's end. */
export async function runLocalCommand<Options extends LocalOptions>(command: LocalCommand<Options>): Promise<void> {
  const wantsJson = process.argv.includes('--json');
  const people = wantsJson ? process.stderr : process.stdout;
  const display = new ProgressDisplay(process.stderr);
  await runInterruptible({
    run: async (teardown) => {
      const options = parse(command);
      loadEnvFiles(process.env);
      const width = people.isTTY ? people.columns : undefined;
      return command.run({ options, env: process.env, display, teardown, people, width });
    },
    onInterrupt: () => {
      display.clear();
      process.stderr.write('Stopping; press Ctrl-C again not to wait.\n');
    },
    onError: (error) => {
      display.clear();
      // Help comes as an error too, and is written already.
      if (error instanceof CommanderError && error.exitCode === 0) return 0;
      const { exitCode, lines, report } = explain(error);
      process.stderr.write(`${lines.join('\n')}\n`);
      if (wantsJson) writeJson(process.stdout, report);
      return exitCode;
    },
  });
}

function parse<Options extends LocalOptions>({ name, description, options }: LocalCommand<Options>): Options {
  const command = new Command(name)
    .description(description)
    .helpOption('-h, --help', 'print this help')
    .option('--folder <dir>', 'the folder for what is written for you', join(projectRoot(), '.makoto'))
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  return options(command).parse().opts<Options>();
}

/** For what stays up until it is interrupted. */
export function forever(): Promise<never> {
  return new Promise(() => undefined);
}

/** A port as it was typed. */
export function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new CommanderError(
    1,
    'commander.invalidArgument',
    `expected a port from 0 to 65535, got ${JSON.stringify(text)}`,
  );
}

import { CommanderError } from 'commander';
import { type CliEdges, CliSession } from './cli-session';
import { COMMANDS } from './commands';
import { ExitCode, explain, writeJson } from './outcome';
import { buildProgram } from './program';
import { packageVersion } from './project-root';

/**
 * Runs `makoto-batch` with the arguments that follow its name. Never throws and never ends the process.
 *
 * @returns the exit code
 */
export async function runBatchCli(args: readonly string[], edges: CliEdges): Promise<ExitCode> {
  const session = new CliSession(edges);
  try {
    await buildProgram(COMMANDS, session, packageVersion()).parseAsync([...args], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    session.display.clear();
    // Help and version come as errors too, with this code.
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.completed;
    const { exitCode, lines, report } = explain(error);
    edges.stderr.write(`${lines.join('\n')}\n`);
    if (error instanceof CommanderError) edges.stderr.write('makoto-batch --help tells what there is.\n');
    if (args.includes('--json')) writeJson(edges.stdout, report);
    return exitCode;
  }
}

import type { Command } from 'commander';
import { SettingsError } from '../../../shared/errors';
import { runDoctor } from '../../../shared/operations/doctor/run-doctor';
import type { Clock } from '../../../shared/ports/clock';
import { type CliCommand, type GlobalOptions, optionsOf } from '../cli-command';
import type { CliSession } from '../cli-session';
import { doctorLines } from '../doctor-text';
import { loadEnvFiles } from '../env-file';
import { ExitCode } from '../outcome';
import { packageVersion } from '../project-root';

/** The longest wait between two tries of a call, in milliseconds: the doctor asks whether a service is there, and not for patience. */
const LONGEST_WAIT_MS = 100;

/** `makoto-batch doctor`: whether a run would find what it needs. */
export const doctorCommand: CliCommand = {
  examples: [['makoto-batch doctor', 'before the first night, and after a bad one']],
  register(program, session) {
    program
      .command('doctor')
      .description('examines settings, services, permissions, schedules and the last days, and says what to do')
      .action(async (_options: unknown, command: Command) => {
        await doctor(session, optionsOf(command).global);
      });
  },
};

async function doctor(session: CliSession, global: GlobalOptions): Promise<void> {
  const { env, clock, createPlatform, otherClock } = session.edges;
  const fileProblems = readFiles(session, global);
  session.display.show('examining settings and services');
  const checks = await runDoctor({
    env,
    fileProblems,
    versions: { batch: packageVersion(), node: process.versions.node },
    clock,
    otherClock,
    onPlatform: async (settings, work) => {
      // What fails is told by the checks: the log would tell it once more.
      const options = { logSink: session.display.logSink, logFormat: 'plain', clock: impatient(clock) } as const;
      const platform = createPlatform({ ...settings, logLevel: 'error' }, options);
      try {
        return await work(platform);
      } finally {
        await platform.dispose();
      }
    },
  });
  const ok = !checks.some(({ status }) => status === 'problem');
  session.tell(doctorLines(checks, session.width(global)), global);
  session.result({ status: ok ? 'completed' : 'failed', checks }, global);
  session.exitCode = ok ? ExitCode.completed : ExitCode.notCompleted;
}

/** @returns what is wrong with the files that settings were to be read from */
function readFiles({ edges: { env } }: CliSession, { envFiles }: GlobalOptions): readonly string[] {
  try {
    loadEnvFiles(env, envFiles);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

function impatient(clock: Clock): Clock {
  return { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(Math.min(ms, LONGEST_WAIT_MS), signal) };
}

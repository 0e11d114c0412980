import { CommanderError } from 'commander';
import type { JobReport, RunReport, RunStatus } from '../../shared/batch/report';
import { BatchError, InputError, SettingsError, toFailure } from '../../shared/errors';
import { isError } from '../../shared/logging/is-error';
import { harmlessJson } from './harmless-text';
import { failureLines } from './report-text';
import type { OutputStream } from './terminal';

/** What a command tells its caller. */
export const ExitCode = { completed: 0, notCompleted: 1, wrongInput: 2 } as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Only a completed run is a success. A run that could not begin because of what it was asked for is wrong input. */
export function exitCodeOf({ status, jobs }: RunReport): ExitCode {
  if (jobs.some(({ failure }) => failure?.code === 'input_invalid')) return ExitCode.wrongInput;
  return exitCodeOfStatus(status);
}

export function exitCodeOfStatus(status: RunStatus): ExitCode {
  return status === 'completed' ? ExitCode.completed : ExitCode.notCompleted;
}

/** The JSON of a command that came to no run. `problems` has one line for each thing that is wrong. */
export interface ErrorReport {
  readonly status: 'failed';
  readonly jobs: readonly JobReport[];
  readonly error: { readonly code: string; readonly message: string; readonly problems: readonly string[] };
}

/** What went wrong as lines for people and data for programs; no stack, no secret. */
export interface Problem {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];
  readonly report: ErrorReport;
}

/** Explains whatever a command threw. */
export function explain(error: unknown): Problem {
  if (error instanceof SettingsError)
    return problem(ExitCode.wrongInput, error.code, 'The settings are wrong.', error.problems);
  if (error instanceof InputError)
    return problem(ExitCode.wrongInput, error.code, 'The arguments are wrong.', argumentLines(error));
  if (error instanceof CommanderError) {
    const text = error.code === 'commander.help' ? 'a command is missing' : error.message.replace(/^error: /, '');
    return problem(ExitCode.wrongInput, 'input_invalid', 'The arguments are wrong.', [text]);
  }
  if (error instanceof BatchError) {
    const explained = problem(ExitCode.notCompleted, error.code, error.message, []);
    return { ...explained, lines: failureLines('The command', toFailure(error)) };
  }
  const message = isError(error) ? `${error.name}: ${error.message}` : String(error);
  return problem(ExitCode.notCompleted, 'internal_error', message, []);
}

function problem(exitCode: ExitCode, code: string, message: string, problems: readonly string[]): Problem {
  const lines = [message, ...problems.map((each) => `  - ${each}`)];
  return { exitCode, lines, report: { status: 'failed', jobs: [], error: { code, message, problems } } };
}

/** The fields of a request by the names that they have on the command line. */
const OPTIONS: Readonly<Record<string, string>> = {
  date: '--date',
  from: '--from',
  to: '--to',
  tenants: '--tenant',
  force: '--force',
  video: '--video',
  concurrency: '--concurrency',
  url: '--url',
  yes: '--yes',
  location: '--location',
  dataset: '--dataset',
  month: '--month',
  tenant: '--tenant',
  user: '--user',
  key: '--key',
  file: '--file',
  save: '--save',
  undo: '--undo',
  limit: '--limit',
};

function argumentLines({ fields }: InputError): string[] {
  return Object.entries(fields).map(([name, text]) => `${OPTIONS[name] ?? name}: ${text}`);
}

/** One JSON object on a line of its own, in which nothing is left for a terminal to obey. */
export function writeJson(stream: OutputStream, value: unknown): void {
  stream.write(`${harmlessJson(value)}\n`);
}

import type { Command } from 'commander';
import type { CliSession } from './cli-session';

/** What every command takes. */
export interface GlobalOptions {
  /** The first that sets a name counts. */
  readonly envFiles: readonly string[];
  readonly json: boolean;
}

/** A command of `makoto-batch`: its name and options as commander knows them, and what it does within a session. */
export interface CliCommand {
  register(program: Command, session: CliSession): void;
  /** Lines for the end of `--help`, each an example and what it is for. */
  readonly examples: readonly (readonly [command: string, meaning: string])[];
}

/** For options that may be given more than once. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** The options of a command, without those that every command takes. */
export function optionsOf<Options>(command: Command): { readonly own: Options; readonly global: GlobalOptions } {
  const { envFile = [], json, ...own } = command.optsWithGlobals<Record<string, unknown>>();
  return { own: own as Options, global: { json: json === true, envFiles: envFile as string[] } };
}

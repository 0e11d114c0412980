import type { OtherClock } from '../../shared/operations/doctor/clock-check';
import type { DisposablePlatform, PlatformOptions } from '../../shared/platform';
import type { Clock } from '../../shared/ports/clock';
import { loadSettings, type Settings } from '../../shared/settings';
import type { GlobalOptions } from './cli-command';
import { type Environment, loadEnvFiles } from './env-file';
import { ExitCode, writeJson } from './outcome';
import { type OutputStream, ProgressDisplay } from './terminal';

/** What the command line needs of the process, so that a test can give it something else. */
export interface CliEdges {
  /** Settings are read from it; those of a .env file are added to it. */
  readonly env: Environment;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
  readonly createPlatform: (settings: Settings, options: PlatformOptions) => DisposablePlatform;
  /** Asks a person a question, where there is one to answer: undefined where standard input is no terminal. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Tells the listener, once, when a person wants the command to end (Ctrl-C), instead of ending the process. Gives what undoes that. */
  readonly onInterrupt?: (listener: () => void) => () => void;
  /** How HTTP functions are called; by the runtime's own means, where it is not given. */
  readonly fetch?: typeof fetch;
  /** Standard input, a chunk at a time. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** The storage service's time, where it can be asked. */
  readonly otherClock?: (settings: Settings) => Promise<OtherClock>;
}

/** One invocation of `makoto-batch`: what its command works with, and how it tells what came of it. */
export class CliSession {
  readonly display: ProgressDisplay;
  readonly edges: CliEdges;
  exitCode: ExitCode = ExitCode.completed;

  constructor(edges: CliEdges) {
    this.edges = edges;
    this.display = new ProgressDisplay(edges.stderr);
  }

  /** Reads .env files and settings. @throws SettingsError, InputError */
  settings({ envFiles }: GlobalOptions): Settings {
    const { env } = this.edges;
    loadEnvFiles(env, envFiles);
    return loadSettings(env);
  }

  /** Does something on the platform of the settings, and gives the platform back at the end, however that goes. */
  async onPlatform(settings: Settings, work: (platform: DisposablePlatform) => Promise<void>): Promise<void> {
    const platform = this.#platform(settings);
    try {
      await work(platform);
    } finally {
      await platform.dispose();
    }
  }

  /** Lines for people: on standard output, but on standard error where that is for JSON. An empty line follows. */
  tell(lines: readonly string[], global: GlobalOptions): void {
    this.display.clear();
    this.#people(global).write(`${lines.join('\n')}\n\n`);
  }

  /** What a program reads of the command: one line of JSON, where it was asked for. */
  result(value: object, { json }: GlobalOptions): void {
    if (json) writeJson(this.edges.stdout, value);
  }

  /** The columns of the terminal that {@link tell} writes to; undefined where it is none. */
  width(global: GlobalOptions): number | undefined {
    const { isTTY, columns } = this.#people(global);
    return isTTY ? columns : undefined;
  }

  #people({ json }: GlobalOptions): OutputStream {
    return json ? this.edges.stderr : this.edges.stdout;
  }

  /** The report tells what was done; the log only what went wrong on the way, unless a level is asked for. */
  #platform(settings: Settings): DisposablePlatform {
    const { env, clock, createPlatform } = this.edges;
    const asked = (env.LOG_LEVEL ?? '').trim() !== '';
    const level = asked ? settings.logLevel : 'warn';
    return createPlatform(
      { ...settings, logLevel: level },
      { logSink: this.display.logSink, logFormat: 'plain', clock },
    );
  }
}

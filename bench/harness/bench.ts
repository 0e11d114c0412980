import type { Teardown } from '../../local/cli/teardown';
import type { ProgressDisplay } from '../../local/cli/terminal';
import type { Figure } from './figures';

/** What a bench has of the program that runs it. */
export interface BenchContext {
  readonly display: ProgressDisplay;
  /** Takes what must be ended when the bench is over, or is interrupted: services, processes, folders. */
  readonly teardown: Teardown;
  /** Only a little of the work, to see that it can be done: the figures say nothing. */
  readonly quick: boolean;
}

export interface BenchResult {
  readonly figures: readonly Figure[];
  /** Of what was measured, by name; packages and servers alike. */
  readonly versions: Readonly<Record<string, string>>;
  /** What one must know to read the figures, a sentence or two each: the data, and what was done to be fair. */
  readonly conditions: readonly string[];
}

export interface Bench {
  readonly name: string;
  /** What it measures, in one sentence. */
  readonly about: string;
  run(context: BenchContext): Promise<BenchResult>;
}

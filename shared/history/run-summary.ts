import type { RunStatus } from '../batch/report';
import type { Job } from '../batch/request';
import type { Failure } from '../errors';

/** The item `SYSTEM#BATCH / RUN#{started_at}#{run}`: one run of a job over all of its tenants, as its end found it. */
export interface RunSummary {
  /** The run's id, `export-2025-08-11`. */
  readonly run: string;
  readonly job: Job;
  readonly date: string;
  readonly status: RunStatus;
  readonly started_at: string;
  readonly ended_at: string;
  /** `schedule`, or whoever asked: the signed-in user's name where there is one, else `request`. */
  readonly requested_by: string;
  readonly tenants: { readonly completed: number; readonly failed: number };
  /** Messages, or videos, of all completed tenants. */
  readonly figures: {
    readonly exported?: number;
    readonly bytes?: number;
    readonly videos?: number;
    readonly quotaUnits?: number;
  };
  /** Days that were made up for, and published days that got late messages. */
  readonly caught_up: number;
  readonly late_days: number;
  /** What failed, some of it by tenant: as much as fits. */
  readonly failures: readonly Failure[];
  /** How many more there were; missing where all are there. */
  readonly failures_left_out?: number;
}

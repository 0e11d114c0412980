import type { LogDimensions } from '../ports/log';
import { instanceId, JOBS, type Job } from './request';

/**
 * What telemetry tells a step apart by: `tenant`, `job`, `date`, `run` (the run's id), `stage`, and what is the step's own: `shard`,
 * `channel`, `video`, or `sync`, by which a tenant's sync is named in keys and records.
 */
export function stepDimensions(job: Job | undefined, stage: string, input: object): LogDimensions {
  const given = input as Readonly<Record<string, unknown>>;
  return {
    tenant: text(given.tenant),
    job: text(given.job) ?? job,
    date: text(given.date),
    run: text(given.runId) ?? runOf(given),
    stage,
    shard: typeof given.shard === 'number' ? given.shard : undefined,
    sync: text(given.run),
    channel: text(given.channel),
    video: text(given.video),
  };
}

/** Of the request that is resolved: the run is named by it. */
function runOf({ job, date }: Readonly<Record<string, unknown>>): string | undefined {
  const named = JOBS.find((each) => each === job);
  return named === undefined || typeof date !== 'string' ? undefined : instanceId({ job: named, date });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

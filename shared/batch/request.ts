/** The jobs of the batch. */
export const JOBS = ['export', 'youtube'] as const;

export type Job = (typeof JOBS)[number];

/** One run of one job: the input of an engine. */
export interface BatchRequest {
  readonly job: Job;
  /** The business date that names the run: of an export the day to be exported, of a sync the day on which it starts. */
  readonly date: string;
  /**
   * The ISO instant of a scheduled run. With it, every tenant's date is its own: counted from this instant in the tenant's zone. Without
   * it, an export means `date` as it is for every tenant. A sync always means now.
   */
  readonly scheduledAt?: string;
  /** Tenant ids; without it, those of the settings. */
  readonly tenants?: readonly string[];
  /**
   * Whether to read everything again: of an export also what has not changed since the day was published, of a sync also what an
   * interrupted one has read already.
   */
  readonly force: boolean;
  /** Who asked for it, where somebody did: a signed-in user's name, or what they used. */
  readonly requestedBy?: string;
  /** A sync of this one video of one tenant, instead of whole channels. */
  readonly video?: string;
}

/** A run's instance id: a day of a job is run by one instance at a time. */
export function instanceId({ job, date }: Pick<BatchRequest, 'job' | 'date'>): string {
  return `${job}-${date}`;
}

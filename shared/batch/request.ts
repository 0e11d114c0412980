/** The jobs of the batch. */
export const JOBS = ['export'] as const;

export type Job = (typeof JOBS)[number];

/** One run of one job for one day: the input of an engine. */
export interface BatchRequest {
  readonly job: Job;
  /** The business date that names the run. */
  readonly date: string;
  /**
   * The ISO instant of a scheduled run. With it, every tenant's date is its own: counted from this instant in the tenant's zone. Without
   * it, `date` is meant as it is for every tenant.
   */
  readonly scheduledAt?: string;
  /** Tenant ids; without it, those of the settings. */
  readonly tenants?: readonly string[];
  /** Whether to read everything again, even where nothing changed since the day was published. */
  readonly force: boolean;
}

/** A run's instance id: a day of a job is run by one instance at a time. */
export function instanceId({ job, date }: Pick<BatchRequest, 'job' | 'date'>): string {
  return `${job}-${date}`;
}

import type { RecordedFailure } from './recorded-failure';

/** How a stage of a tenant's day went, as ISO instants by the clock of whoever ran it. */
export interface RecordedStage {
  readonly stage: 'plan' | 'collect' | 'publish';
  readonly begun_at: string;
  /** Missing of a day's last stage: it ended with the record, at `processed_at`. */
  readonly ended_at?: string;
}

/** The item `TENANT#{tenant}#BATCH / DAILY#{date}`: what a tenant's day came to. Items of earlier versions lack what is optional here. */
export interface DayRecord {
  readonly tenant: string;
  readonly date: string;
  /** `failed`: never published. One that was published stays `completed`, whatever failed later: see `last_failure`. */
  readonly status: 'completed' | 'failed';
  readonly message_count: number;
  readonly output_path: string;
  readonly processed_at: string;
  readonly manifest?: string;
  /** Of the manifest's text, in hex. */
  readonly manifest_sha256?: string;
  readonly time_zone?: string;
  readonly proof?: {
    readonly listed: number;
    readonly outside: number;
    readonly exported: number;
    readonly duplicates: number;
    readonly quarantined: number;
  };
  readonly input_digest?: string;
  /** A digest of the day's objects that needs no order: what listing alone is compared with. And how many they are. */
  readonly input_sum?: string;
  readonly objects?: number;
  /** Rooms of the day that metadata did not name when it was planned. */
  readonly unnamed_rooms?: number;
  readonly notices?: {
    readonly quarantine: Readonly<Record<string, number>>;
    readonly drift: Readonly<Record<string, number>>;
    /** ISO instants: of each drifting field, the earliest message of the day that has it. */
    readonly driftFirstSeen?: Readonly<Record<string, string>>;
    readonly driftUnnamed: number;
    readonly clockSkew: number;
    readonly replacedSurrogates: number;
    readonly late: number;
    readonly repaired?: number;
    readonly staleRepairs?: number;
  };
  readonly parts?: number;
  readonly bytes?: number;
  /** The run that published it, and how long that took for this tenant's day. */
  readonly run?: string;
  readonly seconds?: number;
  readonly stages?: readonly RecordedStage[];
  readonly first_published_at?: string;
  /** How often the day was published anew with other data, and what these times added to its messages altogether. */
  readonly revisions?: number;
  readonly late_messages?: number;
  readonly last_revision?: {
    readonly at: string;
    /** What the revision added, or took away. */
    readonly exported: number;
    readonly duplicates: number;
    readonly quarantined: number;
  };
  readonly last_failure?: RecordedFailure;
}

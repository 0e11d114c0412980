import { isNativeError } from 'node:util/types';

/**
 * How a failure must be treated, decided where it is first understood:
 * - `transient`: may succeed when tried again (throttling, a dropped connection, a timeout)
 * - `permanent`: the same input fails again
 * - `quota`: succeeds only after a budget is renewed
 * - `configuration`: a person must change a setting, a permission or a resource
 */
export type FailureKind = 'transient' | 'permanent' | 'quota' | 'configuration';

/** How far a reading had come when it stopped. What it has is kept, and the next run goes on from there. */
export interface ReadingProgress {
  /** Videos that were found in the channel's list so far. */
  readonly listed: number;
  /** Of those, the ones whose details were read. */
  readonly read: number;
  /** Units of quota that this run has spent on it. */
  readonly units: number;
  /** From when on there is quota again, as ISO 8601; where it stopped for want of it. */
  readonly resetsAt?: string;
}

/** A failure as plain data: what crosses orchestrator, HTTP and record boundaries. Holds no stack and no secret. */
export interface Failure {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly tenant?: string;
  readonly stage?: string;
  readonly progress?: ReadingProgress;
}

export interface BatchErrorOptions {
  readonly code: string;
  readonly kind: FailureKind;
  readonly cause?: unknown;
  /** What the service asked to wait before the next try, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** The root of the error family. Throw a subclass, so that a reader sees which part of the batch speaks. */
export class BatchError extends Error {
  readonly code: string;
  readonly kind: FailureKind;
  readonly retryAfterMs: number | undefined;
  /** Set where a reading that stopped with this error can be gone on with. */
  progress: ReadingProgress | undefined;

  constructor(message: string, options: BatchErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.kind = options.kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Wrong settings: `problems` has one line for each. Never holds a secret's value. */
export class SettingsError extends BatchError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[], cause?: unknown) {
    super(
      `${problems.length === 1 ? 'One setting is' : `${problems.length} settings are`} wrong:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
      {
        code: 'settings_invalid',
        kind: 'configuration',
        cause,
      },
    );
    this.problems = problems;
  }
}

/** Bad arguments of a command or request: `fields` names each bad field and what was expected. */
export class InputError extends BatchError {
  readonly fields: Readonly<Record<string, string>>;

  constructor(fields: Readonly<Record<string, string>>) {
    const lines = Object.entries(fields).map(([name, problem]) => `${name}: ${problem}`);
    super(lines.join('; '), { code: 'input_invalid', kind: 'permanent' });
    this.fields = fields;
  }
}

/** A tenant that is unknown, badly named or has a poisoned registry entry. */
export class TenantError extends BatchError {}

/** The codes of {@link StorageError}; adapters of every platform map their service's answers onto these. */
export type StorageErrorCode =
  | 'object_not_found'
  | 'container_not_found'
  | 'access_denied'
  | 'precondition_failed'
  | 'storage_throttled'
  | 'storage_unavailable'
  | 'storage_timeout'
  | 'storage_connection_lost'
  | 'storage_request_invalid';

/** A failed call of an ObjectStore. */
export class StorageError extends BatchError {
  declare readonly code: StorageErrorCode;

  constructor(message: string, options: BatchErrorOptions & { readonly code: StorageErrorCode }) {
    super(message, options);
  }
}

/** An object was changed or removed between being listed and being read. What was listed must be listed again. */
export class InputChangedError extends BatchError {
  constructor(key: string, cause: unknown) {
    super(`The object ${key} was changed or removed while its day was being read.`, {
      code: 'input_changed',
      kind: 'transient',
      cause,
    });
  }
}

/** The codes of {@link MetadataError}. */
export type MetadataErrorCode =
  | 'metadata_not_found'
  | 'metadata_access_denied'
  | 'metadata_precondition_failed'
  | 'metadata_throttled'
  | 'metadata_unavailable'
  | 'metadata_timeout'
  | 'metadata_connection_lost'
  | 'metadata_request_invalid'
  | 'metadata_item_invalid';

/** A failed call of a MetadataStore, or an item in it that cannot be used. */
export class MetadataError extends BatchError {
  declare readonly code: MetadataErrorCode;

  constructor(message: string, options: BatchErrorOptions & { readonly code: MetadataErrorCode }) {
    super(message, options);
  }
}

/** The codes of {@link YoutubeError}. */
export type YoutubeErrorCode =
  | 'youtube_quota_exceeded'
  | 'youtube_quota_spent'
  | 'youtube_rate_limited'
  | 'youtube_unavailable'
  | 'youtube_timeout'
  | 'youtube_connection_lost'
  | 'youtube_key_invalid'
  | 'youtube_access_not_configured'
  | 'youtube_access_denied'
  | 'youtube_channel_not_found'
  | 'youtube_playlist_not_found'
  | 'youtube_video_not_found'
  | 'youtube_video_of_other_channel'
  | 'youtube_page_token_invalid'
  | 'youtube_request_invalid'
  | 'youtube_answer_invalid';

/** A failed call of the YouTube Data API, or an answer of it that cannot be used. */
export class YoutubeError extends BatchError {
  declare readonly code: YoutubeErrorCode;

  constructor(message: string, options: BatchErrorOptions & { readonly code: YoutubeErrorCode }) {
    super(message, options);
  }
}

/** The codes of {@link DatabaseError}. */
export type DatabaseErrorCode =
  | 'database_unavailable'
  | 'database_timeout'
  | 'database_conflict'
  | 'database_access_denied'
  | 'database_not_found'
  | 'database_tls_failed'
  | 'database_full'
  | 'database_schema_outdated'
  | 'database_schema_newer'
  | 'database_schema_foreign'
  | 'database_value_invalid'
  | 'database_request_invalid';

/** A failed call of the relational database. Never holds a row's values. */
export class DatabaseError extends BatchError {
  declare readonly code: DatabaseErrorCode;

  constructor(message: string, options: BatchErrorOptions & { readonly code: DatabaseErrorCode }) {
    super(message, options);
  }
}

/** The codes of {@link SecretError}. */
export type SecretErrorCode = 'secret_not_found' | 'secret_access_denied' | 'secret_unavailable';

/** A secret that could not be read. Never holds any part of one. */
export class SecretError extends BatchError {
  declare readonly code: SecretErrorCode;

  constructor(message: string, options: BatchErrorOptions & { readonly code: SecretErrorCode }) {
    super(message, options);
  }
}

/** The batch's own checks failed: the proof does not hold, or a part read back differs from what was written. */
export class ProofError extends BatchError {}

/** A part of a day is gone since it was written. Publishing again does not mend it, planning and exporting the day again does. */
export class PartMissingError extends BatchError {
  static readonly code = 'part_missing';

  constructor(day: string) {
    super(
      `A part of ${day} is gone, or has another size, since it was written. Another run of the same day may have removed it.`,
      {
        code: PartMissingError.code,
        kind: 'permanent',
      },
    );
  }
}

/** Another sync of the same channel has gone on with its reading, so that this one must see first how far that one came. */
export class SyncOverlapsError extends BatchError {
  static readonly code = 'sync_overlaps';

  constructor(channelId: string, cause: unknown) {
    super(
      `Another sync is reading the channel ${channelId} at the same time. What it has read is kept, and gone on with.`,
      {
        code: SyncOverlapsError.code,
        kind: 'transient',
        cause,
      },
    );
  }
}

/** Another run holds the lease of a tenant's day, or took it over meanwhile: two must not write the same day at once. */
export class DayInUseError extends BatchError {
  static readonly code = 'day_in_use';

  constructor(message: string) {
    super(message, { code: DayInUseError.code, kind: 'transient' });
  }
}

/**
 * A failure as data, from whatever was thrown. An error outside the family is a defect of the program: permanent,
 * because the same code on the same input fails again.
 */
export function toFailure(error: unknown, where: { tenant?: string; stage?: string } = {}): Failure {
  if (error instanceof BatchError) {
    const progress = error.progress === undefined ? {} : { progress: error.progress };
    return { kind: error.kind, code: error.code, message: error.message, ...where, ...progress };
  }
  const message = isNativeError(error) ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'permanent', code: 'internal_error', message, ...where };
}

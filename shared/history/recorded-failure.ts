import type { Failure } from '../errors';

/** A failure with the ISO instant at which it was recorded. */
export interface RecordedFailure extends Failure {
  readonly at: string;
}

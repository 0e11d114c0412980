import type { Failure } from '../../shared/errors';
import { failureWords } from '../../shared/operations/failure-words/failure-words';

/** What a person can do about a failure that its own message does not tell. */
export function adviceFor(failure: Failure): string {
  return failureWords('en', failure).advice;
}

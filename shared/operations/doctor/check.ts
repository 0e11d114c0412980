import { type Failure, toFailure } from '../../errors';
import { failureWords } from '../failure-words/failure-words';

/** What is examined, in the order in which it is told. */
export const CHECKS = [
  'versions',
  'settings',
  'clock',
  'tenants',
  'schedules',
  'storage',
  'metadata',
  'youtube',
  'quota',
  'database',
  'days',
] as const;

export type CheckName = (typeof CHECKS)[number];

/** `problem`: the batch cannot do its work, or has not. `warning`: it can, and something is to be looked at. */
export type CheckStatus = 'ok' | 'warning' | 'problem';

/** One thing that was examined: what was found, and what to do about it. */
export interface Check {
  readonly check: CheckName;
  /** A tenant, a setting, a container: where a check is of several. */
  readonly subject?: string;
  readonly status: CheckStatus;
  readonly found: string;
  readonly do?: string;
}

export function fine(check: CheckName, found: string, subject?: string): Check {
  return { check, ...named(subject), status: 'ok', found };
}

export function warning(check: CheckName, found: string, todo: string, subject?: string): Check {
  return { check, ...named(subject), status: 'warning', found, do: todo };
}

export function problem(check: CheckName, found: string, todo: string, subject?: string): Check {
  return { check, ...named(subject), status: 'problem', found, do: todo };
}

function named(subject: string | undefined) {
  return subject === undefined ? {} : { subject };
}

/** The problem that a failure is. @param doing what was tried, as the beginning of a sentence: `Listing messages` */
export function failed(check: CheckName, doing: string, error: unknown, subject?: string): Check {
  const failure = toFailure(error);
  return problem(check, `${doing} failed: ${failure.code}, ${failure.message}`, adviceFor(failure), subject);
}

/** A failure of a run is to be run again; here it is to be asked again. */
export function adviceFor(failure: Failure): string {
  if (failure.kind === 'transient')
    return 'See whether the service is up and the address in the settings is right; then ask the doctor again.';
  return failureWords('en', failure).advice;
}

/** Examines something; what is thrown on the way is a problem, and stops no other check. */
export async function examined(
  check: CheckName,
  doing: string,
  examine: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await examine();
  } catch (error) {
    return [failed(check, doing, error)];
  }
}

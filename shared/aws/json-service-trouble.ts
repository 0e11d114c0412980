import { type AwsFailure, isClockSkew, isCredentialRefusal, isThrottling } from './aws-errors';

/**
 * What is wrong with a call of a service that speaks AWS's JSON protocols (DynamoDB, Secrets Manager), as far as it means the
 * same for all of them.
 * - `credentials`: there are none, or the service knows them not, or no longer
 * - `refused`: an answer of the service's own, to be known by its code
 */
export type JsonServiceTrouble =
  | 'connection'
  | 'certificate'
  | 'credentials'
  | 'clock'
  | 'denied'
  | 'throttled'
  | 'timeout'
  | 'unavailable'
  | 'refused';

/** By the services' codes (AWS API references, "Common errors"). Those services answer most of them with status 400. */
const BY_CODE: Readonly<Record<string, JsonServiceTrouble>> = {
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  NotAuthorized: 'denied',
  OptInRequired: 'denied',
  RequestTimeout: 'timeout',
  RequestTimeoutException: 'timeout',
  InternalFailure: 'unavailable',
  InternalServerError: 'unavailable',
  InternalServiceError: 'unavailable',
  ServiceUnavailable: 'unavailable',
  ServiceUnavailableException: 'unavailable',
};

/** @param said the service's own words about it */
export function jsonServiceTrouble(failure: AwsFailure, said: string): JsonServiceTrouble {
  const { status, code = '' } = failure;
  if (status === undefined) return withoutAnswer(failure.transport);
  if (isThrottling(failure)) return 'throttled';
  // A signature of another time is told apart from one with a wrong key by its words alone.
  if (isClockSkew(code) || /signature (expired|not yet current)/i.test(said)) return 'clock';
  if (isCredentialRefusal(code) || code.startsWith('MissingAuthenticationToken')) return 'credentials';
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (status === 408) return 'timeout';
  if (status === 401 || status === 403) return 'denied';
  return status >= 500 ? 'unavailable' : 'refused';
}

function withoutAnswer(transport: AwsFailure['transport']): JsonServiceTrouble {
  switch (transport) {
    case 'credential':
    case 'credentials':
      return 'credentials';
    case 'credential_service':
      return 'unavailable';
    // What came as a success, and was none, was cut off on its way.
    case 'unreadable':
      return 'connection';
    case undefined:
      return 'refused';
    default:
      return transport;
  }
}

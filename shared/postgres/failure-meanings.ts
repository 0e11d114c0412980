import { CONNECTION_CODES } from '../connection-codes';
import type { DatabaseErrorCode, FailureKind } from '../errors';

/** What a failure of the database is to the batch. */
export interface Meaning {
  readonly code: DatabaseErrorCode;
  readonly kind: FailureKind;
  /** Whether the server's own words may be repeated: those that never quote a row's values. */
  readonly quotable: boolean;
  readonly advice?: string;
}

const UNAVAILABLE: Meaning = { code: 'database_unavailable', kind: 'transient', quotable: true };
const TIMEOUT: Meaning = { code: 'database_timeout', kind: 'transient', quotable: true };
const CONFLICT: Meaning = { code: 'database_conflict', kind: 'transient', quotable: false };
const VALUE_INVALID: Meaning = { code: 'database_value_invalid', kind: 'permanent', quotable: false };
export const REQUEST_INVALID: Meaning = { code: 'database_request_invalid', kind: 'permanent', quotable: false };

const LOGIN_REFUSED: Meaning = {
  code: 'database_access_denied',
  kind: 'configuration',
  quotable: true,
  advice: 'Check DB_USERNAME, DB_PASSWORD and DB_SSL, and from where the server lets this login in.',
};

const TLS_FAILED: Meaning = {
  code: 'database_tls_failed',
  kind: 'configuration',
  quotable: true,
  advice:
    'With DB_SSL=require the server must offer TLS with a certificate for DB_HOST from an authority that this machine trusts; ' +
    'NODE_EXTRA_CA_CERTS names a file of further authorities.',
};

const TABLES_MISSING: Meaning = {
  code: 'database_schema_outdated',
  kind: 'configuration',
  quotable: true,
  advice:
    "Tables or columns of the catalogue are not there: run the batch once with the login of the database's owner.",
};

const BY_STATE: Readonly<Record<string, Meaning>> = {
  '08P01': REQUEST_INVALID,
  '25006': {
    ...UNAVAILABLE,
    advice: 'The server takes no writes: it is a replica, or was made read-only because its disk is nearly full.',
  },
  '25P03': TIMEOUT,
  '25P04': TIMEOUT,
  '28000': LOGIN_REFUSED,
  '28P01': LOGIN_REFUSED,
  '3D000': {
    code: 'database_not_found',
    kind: 'configuration',
    quotable: true,
    advice: 'Create it, or correct DB_NAME.',
  },
  '42501': {
    code: 'database_access_denied',
    kind: 'configuration',
    quotable: true,
    advice: 'The login must be a member of makoto_batch, and that role must have its rights on the tables.',
  },
  '42703': TABLES_MISSING,
  '42P01': TABLES_MISSING,
  '53100': {
    code: 'database_full',
    kind: 'configuration',
    quotable: true,
    advice: "Enlarge or clear the server's disk.",
  },
  '55006': CONFLICT,
  '55P03': CONFLICT,
  '57014': TIMEOUT,
  '57P04': {
    code: 'database_not_found',
    kind: 'configuration',
    quotable: true,
    advice: 'Create it, or correct DB_NAME.',
  },
};

/** By the first two characters of the SQLSTATE. */
const BY_CLASS: Readonly<Record<string, Meaning>> = {
  '08': UNAVAILABLE,
  '22': VALUE_INVALID,
  '23': VALUE_INVALID,
  '40': CONFLICT,
  '53': UNAVAILABLE,
  '54': VALUE_INVALID,
  '57': UNAVAILABLE,
  '58': UNAVAILABLE,
};

/** What an answer of the server means, by its SQLSTATE. */
export function meaningOfState(sqlState: string): Meaning {
  return BY_STATE[sqlState] ?? BY_CLASS[sqlState.slice(0, 2)] ?? REQUEST_INVALID;
}

/** Node's names for what is wrong with a certificate (nodejs.org/api/tls.html, "X509 certificate error codes") or a handshake. */
const TLS_CODE =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_|ERR_TLS_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/;

/** pg and pg-pool throw plain errors of their own: these words are all that tells them apart (pg 8.23, pg-pool 3.14). */
const BY_WORDS: readonly (readonly [RegExp, Meaning])[] = [
  [/SSL connection/, TLS_FAILED],
  [/^SASL: /, LOGIN_REFUSED],
  [/timeout expired|connection timeout|timeout exceeded|Query read timeout/, TIMEOUT],
  [/Connection terminated|Client has encountered a connection error|not queryable/, UNAVAILABLE],
];

/** What a failure on the way to the server means, by Node's error code or by pg's words. */
export function meaningOfTransport(code: string | undefined, message: string): Meaning | undefined {
  if (code === 'ETIMEDOUT') return TIMEOUT;
  if (code === 'ERR_STREAM_DESTROYED') return UNAVAILABLE;
  if (code !== undefined && CONNECTION_CODES.has(code)) return UNAVAILABLE;
  if (code !== undefined && TLS_CODE.test(code)) return TLS_FAILED;
  return BY_WORDS.find(([words]) => words.test(message))?.[1];
}

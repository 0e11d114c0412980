import { BatchError, type FailureKind, SecretError, type SecretErrorCode } from '../errors';
import { type AnswerHeaders, retryAfterMs } from '../retry/retry-after';
import { describe, errorCode, harmlessCause, property, statusOf, transportFailure } from '../service-failure';

/** What was being read when an error came up. */
export interface KeyVaultCall {
  /** The secret's name in the vault. */
  readonly secret: string;
  readonly vault: string;
}

interface Meaning {
  readonly code: SecretErrorCode;
  readonly kind: FailureKind;
  readonly advice?: string;
}

const ACCESS_DENIED: Meaning = {
  code: 'secret_access_denied',
  kind: 'configuration',
  advice:
    'Give the app\'s identity the role "Key Vault Secrets User" on the vault (or "get" for secrets in its access policies), and ' +
    "check that the secret is enabled and that the vault's firewall lets this host in.",
};

const NO_IDENTITY: Meaning = {
  code: 'secret_access_denied',
  kind: 'configuration',
  advice:
    'On Azure, give the app a managed identity (and AZURE_CLIENT_ID, where it has several); elsewhere, sign in with ' +
    '"az login" or set the secret itself.',
};

const UNAVAILABLE: Meaning = { code: 'secret_unavailable', kind: 'transient' };

const CONNECTION_LOST: Meaning = {
  code: 'secret_unavailable',
  kind: 'transient',
  advice: 'If this lasts, check KEY_VAULT_URL and the way from this host to the vault.',
};

const WRONG_VAULT: Meaning = {
  code: 'secret_unavailable',
  kind: 'configuration',
  advice:
    'Check that KEY_VAULT_URL is the address of a key vault, and which certificate authorities this machine trusts.',
};

/** Whether the vault says that it has no secret of that name; any other 404 is not of the vault. */
export function isSecretMissing(error: unknown): boolean {
  return statusOf(error) === 404 && errorCode(error) === 'SecretNotFound';
}

/** Translates whatever reading a secret threw. What is already of the family passes as it is. */
export function toSecretError(error: unknown, call: KeyVaultCall): BatchError {
  if (error instanceof BatchError) return error;
  const transport = transportFailure(error);
  if (transport === 'credential' || transport === 'credential_service') {
    const meaning = transport === 'credential' ? NO_IDENTITY : UNAVAILABLE;
    return secretError(error, call, meaning, `failed: no access token could be got (${describe(error)})`);
  }
  const status = statusOf(error);
  const withoutAnswer = transport === 'connection' ? CONNECTION_LOST : WRONG_VAULT;
  if (status === undefined) return secretError(error, call, withoutAnswer, `failed: ${describe(error)}`);
  // What came as a success could not be read. The client's text repeats it, and in it the secret.
  if (status < 400) return secretError(error, call, withoutAnswer, `got an answer (${status}) that cannot be read`);
  const codes = [errorCode(error), innerCode(error)].filter((code) => code !== undefined && /^\w+$/.test(code));
  return secretError(error, call, meaningOf(status), `was answered with ${[status, ...codes].join(' ')}`);
}

/** The error of a try that took longer than it may. */
export function secretTimeout(call: KeyVaultCall, timeoutMs: number): SecretError {
  return secretError(undefined, call, CONNECTION_LOST, `was given up after ${timeoutMs} ms`);
}

function meaningOf(status: number): Meaning {
  if (status === 401 || status === 403) return ACCESS_DENIED;
  return status === 408 || status === 429 || status >= 500 ? UNAVAILABLE : WRONG_VAULT;
}

/** The vault's finer code: `ForbiddenByRbac`, `ForbiddenByFirewall`, `SecretDisabled`. */
function innerCode(error: unknown): string | undefined {
  return errorCode(property(property(property(error, 'details'), 'error'), 'innerError'));
}

function secretError(error: unknown, call: KeyVaultCall, { code, kind, advice }: Meaning, what: string): SecretError {
  const message = `Reading the secret ${call.secret} from ${call.vault} ${what.replace(/\.$/, '')}.`;
  return new SecretError(advice === undefined ? message : `${message} ${advice}`, {
    code,
    kind,
    cause: error === undefined ? undefined : harmlessCause(error),
    retryAfterMs: kind === 'transient' ? askedToWait(error) : undefined,
  });
}

function askedToWait(error: unknown): number | undefined {
  const headers = property(property(error, 'response'), 'headers');
  return isHeaders(headers) ? retryAfterMs(headers) : undefined;
}

function isHeaders(value: unknown): value is AnswerHeaders {
  return typeof property(value, 'get') === 'function';
}

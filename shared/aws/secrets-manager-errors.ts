import { BatchError, type FailureKind, SecretError, type SecretErrorCode } from '../errors';
import { describe, harmlessCause } from '../service-failure';
import { type AwsFailure, awsFailure, CLOCK_ADVICE, CREDENTIAL_ADVICE } from './aws-errors';
import { type JsonServiceTrouble, jsonServiceTrouble } from './json-service-trouble';
import type { UnusableText } from './secrets-manager-value';

/** What was being read when an error came up. */
export interface SecretCall {
  /** The secret's name in Secrets Manager, or its ARN. */
  readonly secret: string;
  /** The setting that names it. */
  readonly setting: 'DB_SECRET_NAME' | 'YOUTUBE_SECRET_NAME';
  /** Secrets Manager, for people. */
  readonly store: string;
}

interface Meaning {
  readonly code: SecretErrorCode;
  readonly kind: FailureKind;
  readonly advice?: string;
}

const UNAVAILABLE: Meaning = { code: 'secret_unavailable', kind: 'transient' };

const BY_TROUBLE: Readonly<Record<JsonServiceTrouble, Meaning>> = {
  connection: {
    code: 'secret_unavailable',
    kind: 'transient',
    advice:
      'If this lasts, check the way from this host to Secrets Manager: a VPC without internet needs an endpoint for it.',
  },
  certificate: {
    code: 'secret_unavailable',
    kind: 'configuration',
    advice: 'Check the address, and which certificate authorities this machine trusts.',
  },
  credentials: { code: 'secret_access_denied', kind: 'configuration', advice: CREDENTIAL_ADVICE },
  clock: { code: 'secret_access_denied', kind: 'configuration', advice: CLOCK_ADVICE },
  denied: {
    code: 'secret_access_denied',
    kind: 'configuration',
    advice:
      'Allow the role secretsmanager:GetSecretValue on this secret and, where it has a key of its own, kms:Decrypt on that key.',
  },
  throttled: UNAVAILABLE,
  timeout: UNAVAILABLE,
  unavailable: UNAVAILABLE,
  refused: { code: 'secret_unavailable', kind: 'configuration' },
};

/** The answers that are Secrets Manager's own (API reference, GetSecretValue, "Errors"). */
function ownMeaning(code: string, said: string, { setting }: SecretCall): Meaning {
  switch (code) {
    case 'ResourceNotFoundException':
      return {
        code: 'secret_not_found',
        kind: 'configuration',
        advice: `Create it, or correct ${setting} and AWS_DEFAULT_REGION.`,
      };
    case 'InvalidRequestException':
      return {
        code: 'secret_not_found',
        kind: 'configuration',
        advice: /delet/i.test(said)
          ? `It is marked for deletion: restore it ("aws secretsmanager restore-secret"), or correct ${setting}.`
          : `Check that it has a current value (AWSCURRENT), and that ${setting} names it.`,
      };
    case 'DecryptionFailure':
    case 'DecryptionFailureException':
      return {
        code: 'secret_access_denied',
        kind: 'configuration',
        advice:
          'It could not be decrypted: check that its KMS key is enabled, and that the role may use it (kms:Decrypt).',
      };
    case 'InvalidParameterException':
    case 'ValidationException':
      return {
        code: 'secret_not_found',
        kind: 'configuration',
        advice: `Check that ${setting} is the name or the ARN of a secret.`,
      };
    default:
      return BY_TROUBLE.refused;
  }
}

/** Translates whatever reading a secret threw. What is already of the family passes as it is. */
export function toSecretError(error: unknown, call: SecretCall): BatchError {
  if (error instanceof BatchError) return error;
  const failure = awsFailure(error);
  const said = describe(error);
  const trouble = jsonServiceTrouble(failure, said);
  const meaning = trouble === 'refused' ? ownMeaning(failure.code ?? '', said, call) : BY_TROUBLE[trouble];
  const what = trouble === 'denied' ? `${failure.what}: ${said}` : whatWithoutValue(failure);
  return secretError(call, what, meaning, error, failure.retryAfterMs);
}

/** The error of a try that took longer than it may. */
export function secretTimeout(call: SecretCall, timeoutMs: number): SecretError {
  return secretError(call, `was given up after ${timeoutMs} ms`, BY_TROUBLE.connection);
}

/** The error of a secret that was read and is not what is needed. Nothing of it is told. */
export function unusableSecret(call: SecretCall, { what, advice }: UnusableText): SecretError {
  return secretError(call, what, { code: 'secret_not_found', kind: 'configuration', advice });
}

/** What came as a success could not be read. The client's text repeats it, and in it the secret. */
function whatWithoutValue({ transport, what }: AwsFailure): string {
  return transport === 'unreadable' ? 'got an answer that cannot be read' : what;
}

function secretError(
  { secret, setting, store }: SecretCall,
  what: string,
  { code, kind, advice }: Meaning,
  error?: unknown,
  retryAfterMs?: number,
): SecretError {
  const message = `Reading the secret ${secret} (${setting}) from ${store} ${what}`.replace(/\.?$/, '.');
  return new SecretError(advice === undefined ? message : `${message} ${advice}`, {
    code,
    kind,
    cause: error === undefined ? undefined : harmlessCause(error),
    retryAfterMs: kind === 'transient' ? retryAfterMs : undefined,
  });
}

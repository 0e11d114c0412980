import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { SecretName, SecretSource } from '../ports/secret-source';
import type { Retry, RetryPolicy } from '../retry/retry';
import { Secret } from '../secret';
import { keptSecrets } from '../secrets/kept-secrets';
import { retryingSecrets } from '../secrets/retrying-secrets';
import type { AwsSettings } from '../settings';
import { DEFAULT_TRY_TIMEOUT_MS, withTryTimeout } from '../try-timeout';
import { type SecretCall, secretTimeout, toSecretError, unusableSecret } from './secrets-manager-errors';
import { unusable, valueIn } from './secrets-manager-value';

export interface SecretsManagerSettings {
  readonly aws: Pick<AwsSettings, 'region' | 'databaseSecret' | 'youtubeSecret' | 'endpoints'>;
  readonly clock: Clock;
  /** From 0 to below 1, for the jitter of waits. */
  readonly random: () => number;
  readonly log: Log;
  /** What one try may take, in milliseconds, the credentials included; 30 s if not given. */
  readonly tryTimeoutMs?: number | undefined;
  readonly retryPolicy?: RetryPolicy | undefined;
}

const KEEP_MS = 5 * 60_000;

/** A run waits for its secrets before it can do anything: some ten seconds, then a person should know. */
const DEFAULT_POLICY: RetryPolicy = { maxTries: 5, baseDelayMs: 500, maxDelayMs: 8000, maxRetryAfterMs: 20_000 };

/**
 * The secrets of AWS Secrets Manager that the settings name, in their current version (AWSCURRENT). Each is kept for five minutes
 * or until it is asked for afresh, as after a rotation.
 *
 * @returns undefined where the settings name none. Reading throws SecretError: `secret_not_found` where a secret is not there, or
 * holds no such value; `secret_access_denied`; and `secret_unavailable` after the tries that the policy allows
 */
export function createSecretsManagerSecrets(settings: SecretsManagerSettings): SecretSource | undefined {
  const { aws, clock, random, log, retryPolicy: policy = DEFAULT_POLICY } = settings;
  if (aws.databaseSecret === undefined && aws.youtubeSecret === undefined) return undefined;
  const source = singleTries(settings);
  const onRetry = ({ error, tries, waitMs }: Retry) =>
    log.warn('A call is tried again.', { store: source.name, error_code: error.code, tries, wait_ms: waitMs });
  return keptSecrets(retryingSecrets(source, { clock, random, policy, onRetry }), { clock, keepMs: KEEP_MS });
}

function singleTries({ aws, tryTimeoutMs = DEFAULT_TRY_TIMEOUT_MS }: SecretsManagerSettings): SecretSource {
  const { region } = aws;
  const endpoint = aws.endpoints.secretsManager;
  // One try a call: retryingSecrets decides about the others, with our clock.
  const client = new SecretsManagerClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: 1,
    ignoreConfiguredEndpointUrls: true,
  });
  const store = `Secrets Manager in ${region}`;
  return {
    name: store,
    get: async (name) => {
      const call = callFor(name, aws, store);
      return call && readSecret(client, name, call, tryTimeoutMs);
    },
  };
}

function callFor(name: SecretName, aws: SecretsManagerSettings['aws'], store: string): SecretCall | undefined {
  const isDatabase = name === 'DB_PASSWORD';
  const secret = isDatabase ? aws.databaseSecret : aws.youtubeSecret;
  return secret === undefined
    ? undefined
    : { secret, setting: isDatabase ? 'DB_SECRET_NAME' : 'YOUTUBE_SECRET_NAME', store };
}

async function readSecret(
  client: SecretsManagerClient,
  name: SecretName,
  call: SecretCall,
  tryTimeoutMs: number,
): Promise<Secret> {
  try {
    const { SecretString: text } = await withTryTimeout(
      tryTimeoutMs,
      () => secretTimeout(call, tryTimeoutMs),
      (abortSignal) => client.send(new GetSecretValueCommand({ SecretId: call.secret }), { abortSignal }),
    );
    const value = text === undefined ? unusable('gave bytes, not text', name) : valueIn(text, name);
    if (typeof value === 'string') return new Secret(value);
    throw unusableSecret(call, value);
  } catch (error) {
    throw toSecretError(error, call);
  }
}

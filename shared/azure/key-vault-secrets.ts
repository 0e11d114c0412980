import type { Agent } from 'node:https';
import type { TokenCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { SecretError } from '../errors';
import type { Clock } from '../ports/clock';
import type { SecretName, SecretSource } from '../ports/secret-source';
import type { Retry, RetryPolicy } from '../retry/retry';
import { Secret } from '../secret';
import { keptSecrets } from '../secrets/kept-secrets';
import { retryingSecrets } from '../secrets/retrying-secrets';
import { DEFAULT_TRY_TIMEOUT_MS, withTryTimeout } from '../try-timeout';
import { isSecretMissing, secretTimeout, toSecretError } from './key-vault-errors';

export interface KeyVaultSettings {
  /** `https://NAME.vault.azure.net`. */
  readonly vaultUrl: string;
  readonly credential: TokenCredential;
  readonly clock: Clock;
  /** From 0 to below 1, for the jitter of waits; Math.random if not given. */
  readonly random?: (() => number) | undefined;
  /** How long a secret is kept before the vault is asked again, in milliseconds; 5 minutes if not given. */
  readonly keepMs?: number | undefined;
  /** What one try may take, in milliseconds, the token included; 30 s if not given. */
  readonly tryTimeoutMs?: number | undefined;
  readonly retryPolicy?: RetryPolicy | undefined;
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** Makes the connections, for a vault that is reached in another way or has a certificate of a private authority. */
  readonly agent?: Agent | undefined;
}

const DEFAULT_KEEP_MS = 5 * 60_000;

/** A run waits for its secrets before it can do anything: some ten seconds, then a person should know. */
const DEFAULT_POLICY: RetryPolicy = { maxTries: 5, baseDelayMs: 500, maxDelayMs: 8000, maxRetryAfterMs: 20_000 };

/**
 * The secrets of an Azure Key Vault. A secret has the name of its setting with dashes, because a vault's names hold no
 * underscores: `YOUTUBE-API-KEY`, `DB-PASSWORD`. The newest version counts. One that is empty is none.
 *
 * @throws SecretError `secret_unavailable`, of kind `configuration`, where the address is none. Reading throws
 * `secret_access_denied`, and `secret_unavailable` after the tries that the policy allows.
 */
export function createKeyVaultSecrets(settings: KeyVaultSettings): SecretSource {
  const {
    clock,
    random = Math.random,
    onRetry,
    retryPolicy: policy = DEFAULT_POLICY,
    keepMs = DEFAULT_KEEP_MS,
  } = settings;
  return keptSecrets(retryingSecrets(singleTries(settings), { clock, random, policy, onRetry }), { clock, keepMs });
}

function singleTries({
  vaultUrl,
  credential,
  agent,
  tryTimeoutMs = DEFAULT_TRY_TIMEOUT_MS,
}: KeyVaultSettings): SecretSource {
  const vault = readVaultUrl(vaultUrl);
  const client = new SecretClient(vault, credential, {
    // One try a call: retryingSecrets decides about the others, with our clock.
    retryOptions: { maxRetries: 0 },
    ...(agent === undefined ? {} : { agent }),
  });
  return {
    name: `the key vault ${vault}`,
    get: async (name) => {
      const call = { secret: nameInVault(name), vault };
      try {
        const { value = '' } = await withTryTimeout(
          tryTimeoutMs,
          () => secretTimeout(call, tryTimeoutMs),
          (abortSignal) => client.getSecret(call.secret, { abortSignal }),
        );
        return value === '' ? undefined : new Secret(value);
      } catch (error) {
        if (isSecretMissing(error)) return undefined;
        throw toSecretError(error, call);
      }
    },
  };
}

function nameInVault(name: SecretName): string {
  return name.replaceAll('_', '-');
}

function readVaultUrl(vaultUrl: string): string {
  const url = URL.canParse(vaultUrl) ? new URL(vaultUrl) : undefined;
  if (url?.protocol === 'https:' && url.username === '' && !/[?#]/.test(vaultUrl)) return url.origin;
  throw new SecretError(
    "The key vault's address cannot be used. Expected https://NAME.vault.azure.net in KEY_VAULT_URL, and nothing after it.",
    { code: 'secret_unavailable', kind: 'configuration' },
  );
}

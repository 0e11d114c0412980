import type { SecretSource } from '../ports/secret-source';
import { type RetryOptions, retrying } from '../retry/retry';

/** Asks a source again where it fails for a reason that may pass. */
export function retryingSecrets(source: SecretSource, options: RetryOptions): SecretSource {
  return {
    name: source.name,
    get: (name, asked) => retrying(() => source.get(name, asked), options),
  };
}

import type { SecretName, SecretSource } from '../ports/secret-source';
import type { Secret } from '../secret';

/** The secrets that were set in the environment or an .env file, as the settings hold them. */
export function settingsSecrets(secrets: Readonly<Partial<Record<SecretName, Secret | undefined>>>): SecretSource {
  return { name: 'the settings', get: async (name) => secrets[name] };
}

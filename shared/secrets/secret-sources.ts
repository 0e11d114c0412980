import type { SecretName, SecretSource } from '../ports/secret-source';
import type { Secret } from '../secret';

/** The secrets that were set in the environment or an .env file, as the settings hold them. */
export function givenSecrets(secrets: Readonly<Partial<Record<SecretName, Secret | undefined>>>): SecretSource {
  return { name: 'the settings', get: async (name) => secrets[name] };
}

/**
 * Asks one source after the other until one has the secret. A source that fails ends the search: what it might have is not
 * to be replaced by what a later one has.
 */
export function firstOf(sources: readonly SecretSource[]): SecretSource {
  return {
    name: sources.map(({ name }) => name).join(', then '),
    get: async (name, options) => {
      for (const source of sources) {
        const secret = await source.get(name, options);
        if (secret !== undefined) return secret;
      }
      return undefined;
    },
  };
}

/** Tells of every secret before it is handed out, once each, so that the log can mask it before anybody has it. */
export function announcing(source: SecretSource, onSecret: (secret: Secret) => void): SecretSource {
  const told = new WeakSet<Secret>();
  return {
    name: source.name,
    get: async (name, options) => {
      const secret = await source.get(name, options);
      if (secret !== undefined && !told.has(secret)) {
        onSecret(secret);
        told.add(secret);
      }
      return secret;
    },
  };
}

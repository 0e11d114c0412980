import type { SecretSource } from '../ports/secret-source';
import type { Secret } from '../secret';

/** Tells of every secret before it is handed out, once each, so that the log can mask it before anybody has it. */
export function announcedSecrets(source: SecretSource, onSecret: (secret: Secret) => void): SecretSource {
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

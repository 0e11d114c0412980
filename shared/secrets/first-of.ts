import type { SecretSource } from '../ports/secret-source';

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

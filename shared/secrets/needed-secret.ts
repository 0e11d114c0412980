import { SecretError } from '../errors';
import type { SecretName, SecretSource } from '../ports/secret-source';
import type { Secret } from '../secret';

/**
 * A secret without which nothing can be done.
 *
 * @throws SecretError `secret_not_found` where the source has none of that name; what the source throws
 */
export async function neededSecret(
  source: SecretSource,
  name: SecretName,
  options?: { readonly fresh?: boolean },
): Promise<Secret> {
  const secret = await source.get(name, options);
  if (secret !== undefined) return secret;
  const inVault = name.replaceAll('_', '-');
  throw new SecretError(
    `There is no ${name} (asked: ${source.name}). Set ${name}, or store it as ${inVault} in the key vault that KEY_VAULT_URL names.`,
    { code: 'secret_not_found', kind: 'configuration' },
  );
}

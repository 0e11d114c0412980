import { SecretError } from '../errors';
import type { SecretName, SecretSource } from '../ports/secret-source';
import type { Secret } from '../secret';

/** The setting with the name of the secret on AWS. */
const NAMED_BY: Readonly<Record<SecretName, string>> = {
  YOUTUBE_API_KEY: 'YOUTUBE_SECRET_NAME',
  DB_PASSWORD: 'DB_SECRET_NAME',
};

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
    `There is no ${name} (asked: ${source.name}). Set ${name}, or store it: on Azure as ${inVault} in the key vault that KEY_VAULT_URL names, on AWS in the secret of Secrets Manager that ${NAMED_BY[name]} names.`,
    { code: 'secret_not_found', kind: 'configuration' },
  );
}

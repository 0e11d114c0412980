import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  type StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { ReadGrant, ReadGrants } from './read-grant';

/** What a signature is good for: short, because it cannot be taken back. */
const LIFETIME_MS = 15 * 60_000;
/** With so much of its time left, the next one is made. It is also by how much this machine's clock may be behind the service's. */
const RENEWED_BEFORE_MS = 10 * 60_000;

/**
 * Shared access signatures of one container, made on this machine with the account's key: for reading and listing, for a quarter of an
 * hour, and for https alone where the account is reached by it.
 *
 * They have no start: a clock that runs ahead of the service's would make one that is not good yet (learn.microsoft.com, "Best practices when
 * using SAS").
 */
export function containerSignatures(
  credential: StorageSharedKeyCredential,
  containerName: string,
  { httpsOnly, now }: { readonly httpsOnly: boolean; readonly now: () => number },
): ReadGrants {
  let grant: ReadGrant | undefined;
  let renewAtMs = 0;

  const sign = (): ReadGrant => {
    // Signatures end at whole seconds.
    const endsAtMs = Math.floor((now() + LIFETIME_MS) / 1000) * 1000;
    const query = generateBlobSASQueryParameters(
      {
        containerName,
        permissions: ContainerSASPermissions.parse('rl'),
        expiresOn: new Date(endsAtMs),
        ...(httpsOnly ? { protocol: SASProtocol.Https } : {}),
      },
      credential,
    ).toString();
    renewAtMs = endsAtMs - RENEWED_BEFORE_MS;
    return { query, authorization: undefined, endsAtMs, accepted: false };
  };

  return {
    current: () => {
      if (grant === undefined || now() >= renewAtMs) grant = sign();
      return grant;
    },
    refused: (refused) => {
      if (refused === grant) grant = undefined;
      return refused.accepted;
    },
  };
}

import type { AccessToken, TokenCredential } from '@azure/identity';
import type { ReadGrant, ReadGrants } from './read-grant';

const SCOPE = 'https://storage.azure.com/.default';
/** With so much of its time left, the next token is asked for while this one goes on being used. */
const RENEWED_BEFORE_MS = 5 * 60_000;
/** With so little of it left, a token is no longer sent. */
const UNUSABLE_BEFORE_MS = 60_000;
/** Between one try to renew a token that is still good and the next, where the service of tokens fails. */
const RENEWAL_PAUSE_MS = 30_000;

/**
 * Tokens of an identity for storage. One is asked for at a time, and before the last one ends; where that fails, the old one is used as long
 * as it is good.
 */
export function identityTokens(credential: TokenCredential, now: () => number): ReadGrants {
  let held: { readonly grant: ReadGrant; readonly renewAtMs: number; readonly endsAtMs: number } | undefined;
  let asked: Promise<ReadGrant> | undefined;
  let notBeforeMs = 0;

  const ask = async (): Promise<ReadGrant> => {
    try {
      const token: AccessToken | null = await credential.getToken(SCOPE);
      const {
        token: text,
        expiresOnTimestamp: endsAtMs,
        refreshAfterTimestamp,
      } = token ?? { token: '', expiresOnTimestamp: 0 };
      const grant: ReadGrant = { query: '', authorization: `Bearer ${text}`, endsAtMs, accepted: false };
      held = { grant, endsAtMs, renewAtMs: refreshAfterTimestamp ?? endsAtMs - RENEWED_BEFORE_MS };
      return grant;
    } finally {
      asked = undefined;
      notBeforeMs = now() + RENEWAL_PAUSE_MS;
    }
  };

  return {
    current: () => {
      const time = now();
      if (held !== undefined && time < held.renewAtMs) return held.grant;
      if (held !== undefined && time < held.endsAtMs - UNUSABLE_BEFORE_MS) {
        if (asked === undefined && time >= notBeforeMs) {
          asked = ask();
          // It is in nobody's way: the token that is held is still good.
          asked.catch(() => undefined);
        }
        return held.grant;
      }
      asked ??= ask();
      return asked;
    },
    refused: (refused) => {
      if (refused === held?.grant) held = undefined;
      return refused.accepted;
    },
  };
}

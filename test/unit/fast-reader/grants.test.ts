import { createHmac, randomBytes } from 'node:crypto';
import type { AccessToken } from '@azure/identity';
import { StorageSharedKeyCredential } from '@azure/storage-blob';
import fc from 'fast-check';
import { containerSignatures } from '../../../shared/azure/fast/container-signature';
import { identityTokens } from '../../../shared/azure/fast/identity-token';
import { fixedGrant, type ReadGrant, type ReadGrants } from '../../../shared/azure/fast/read-grant';

const MINUTE = 60_000;
const START = Date.parse('2025-08-11T17:00:00Z');
const KEY = randomBytes(64).toString('base64');
const credential = new StorageSharedKeyCredential('acct', KEY);

let time = START;
const now = () => time;

beforeEach(() => {
  time = START;
});

describe('signatures of a container', () => {
  const signatures = (httpsOnly = true) => containerSignatures(credential, 'chat', { httpsOnly, now });
  const current = (grants: ReadGrants) => grants.current() as ReadGrant;
  const parametersOf = (grant: ReadGrant) => Object.fromEntries(new URLSearchParams(grant.query));

  test('are for reading and listing one container by https, and end within a quarter of an hour', () => {
    const { sp, sr, spr, se, st, sig, sv, ...others } = parametersOf(current(signatures()));

    expect({ sp, sr, spr, st, others }).toEqual({ sp: 'rl', sr: 'c', spr: 'https', st: undefined, others: {} });
    expect(Date.parse(se ?? '')).toBe(START + 15 * MINUTE);
    // What is signed, by the documentation of "Create a service SAS": another container's name gives another signature.
    const signed = ['rl', '', se, '/blob/acct/chat', '', '', 'https', sv, 'c', '', '', '', '', '', '', ''].join('\n');
    expect(sig).toBe(createHmac('sha256', Buffer.from(KEY, 'base64')).update(signed).digest('base64'));
  });

  test('may be sent without encryption only to an account that is reached so', () => {
    expect(parametersOf(current(signatures(false))).spr).toBeUndefined();
  });

  test('are made once for many requests, and again while the last one is good for ten more minutes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 * MINUTE }), { maxLength: 30 }), (pauses) => {
        time = START;
        const grants = signatures();
        let made = new Set<string>();
        for (const pause of pauses) {
          time += pause;
          const grant = current(grants);
          made = made.add(grant.query);
          const leftMs = Date.parse(parametersOf(grant).se ?? '') - time;
          expect(leftMs).toBeGreaterThan(10 * MINUTE - 1000);
          expect(leftMs).toBeLessThanOrEqual(15 * MINUTE);
        }
        expect(made.size).toBeLessThanOrEqual(1 + (time - START) / (5 * MINUTE));
      }),
    );
  });

  test('are made anew where one is refused; only after one that was good does it make sense to try again', () => {
    const grants = signatures();
    const first = current(grants);
    const isNews = grants.refused(first);
    time += 1000;
    const second = current(grants);
    second.accepted = true;

    expect([isNews, grants.refused(second)]).toEqual([false, true]);
    expect(new Set([first.query, second.query]).size).toBe(2);
  });

  test('one that is refused late does not do away with the one after it', () => {
    const grants = signatures();
    const first = current(grants);
    first.accepted = true;
    time += 6 * MINUTE;
    const second = current(grants);

    expect(grants.refused(first)).toBe(true);
    expect(current(grants)).toBe(second);
  });
});

describe('tokens of an identity', () => {
  /** An identity that gives a new token for an hour, or fails as it is told. */
  class Identity {
    calls = 0;
    failure: Error | undefined;
    refreshAfterMs: number | undefined;

    async getToken(): Promise<AccessToken> {
      this.calls += 1;
      if (this.failure !== undefined) throw this.failure;
      const refresh = this.refreshAfterMs === undefined ? {} : { refreshAfterTimestamp: time + this.refreshAfterMs };
      return { token: `token-${this.calls}`, expiresOnTimestamp: time + 60 * MINUTE, ...refresh };
    }
  }
  const header = async (grants: ReadGrants) => (await grants.current()).authorization;
  /** Lets what was begun in the background come to its end. */
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  test('are asked for once by all that wait for the first one', async () => {
    const identity = new Identity();
    const grants = identityTokens(identity, now);

    const headers = await Promise.all(Array.from({ length: 5 }, () => header(grants)));

    expect(new Set(headers)).toEqual(new Set(['Bearer token-1']));
    expect(identity.calls).toBe(1);
    expect(grants.current()).not.toBeInstanceOf(Promise);
  });

  test('are renewed in the background before they end, and nobody waits', async () => {
    const identity = new Identity();
    const grants = identityTokens(identity, now);
    await header(grants);
    time += 56 * MINUTE;

    const meanwhile = [grants.current(), grants.current()].map((grant) => (grant as ReadGrant).authorization);
    await settled();

    expect(meanwhile).toEqual(['Bearer token-1', 'Bearer token-1']);
    expect(await header(grants)).toBe('Bearer token-2');
    expect(identity.calls).toBe(2);
  });

  test('are renewed when the identity says so', async () => {
    const identity = new Identity();
    identity.refreshAfterMs = 10 * MINUTE;
    const grants = identityTokens(identity, now);
    await header(grants);
    time += 11 * MINUTE;

    await header(grants);
    await settled();

    expect(await header(grants)).toBe('Bearer token-2');
  });

  test('an outage is waited out with the old token, asking every half minute, and told when that has ended', async () => {
    const identity = new Identity();
    const grants = identityTokens(identity, now);
    await header(grants);
    identity.failure = new Error('out of order');
    time += 56 * MINUTE;

    for (let i = 0; i < 5; i++) {
      expect(await header(grants)).toBe('Bearer token-1');
      await settled();
    }
    const callsAtOnce = identity.calls;
    time += 31_000;
    await header(grants);
    await settled();
    time += 4 * MINUTE;

    expect([callsAtOnce, identity.calls]).toEqual([2, 3]);
    await expect(header(grants)).rejects.toThrow('out of order');
    identity.failure = undefined;
    expect(await header(grants)).toBe('Bearer token-5');
  });

  test('one that is refused is not sent again', async () => {
    const grants = identityTokens(new Identity(), now);
    const first = await grants.current();
    first.accepted = true;

    expect(grants.refused(first)).toBe(true);
    expect(await header(grants)).toBe('Bearer token-2');
  });
});

test('a signature that was given stays as it is', () => {
  const grants = fixedGrant('sv=1&sig=x');
  const grant = grants.current() as ReadGrant;
  grant.accepted = true;

  expect(grants.refused(grant)).toBe(false);
  expect(grants.current()).toBe(grant);
});

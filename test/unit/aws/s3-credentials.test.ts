import { type ExpiringIdentity, HeldCredentials } from '../../../shared/aws/fast/held-credentials';

const START = Date.UTC(2025, 7, 11);
const MINUTE = 60_000;

let now: number;
let asked: { readonly forceRefresh?: boolean }[];
let next: (() => Promise<ExpiringIdentity>) | undefined;
let held: HeldCredentials;

beforeEach(() => {
  now = START;
  asked = [];
  next = undefined;
  const provider = (options: { readonly forceRefresh?: boolean } = {}) => {
    asked.push(options);
    return next === undefined ? Promise.reject(new Error('no more credentials')) : next();
  };
  held = new HeldCredentials(provider, () => now);
});

const identity = (id: string, minutes?: number): ExpiringIdentity => ({
  accessKeyId: id,
  secretAccessKey: 's',
  ...(minutes === undefined ? {} : { expiration: new Date(START + minutes * MINUTE) }),
});
const give = (given: ExpiringIdentity) => {
  next = () => Promise.resolve(given);
};
const id = async () => (await held.current()).identity.accessKeyId;

test('credentials are asked for once, however many requests wait for them', async () => {
  give(identity('A'));

  const ids = await Promise.all([id(), id(), id()]);
  now += 365 * 24 * 60 * MINUTE;

  expect([...ids, await id()]).toEqual(['A', 'A', 'A', 'A']);
  expect(held.current()).not.toBeInstanceOf(Promise);
  expect(asked).toHaveLength(1);
});

test('credentials that end are renewed before they do, while they go on being used', async () => {
  give(identity('A', 60));
  await id();
  now += 56 * MINUTE;
  give(identity('B', 120));

  const ids = [await id(), await id()];
  await Promise.resolve();

  expect(ids[0]).toBe('A');
  expect(await id()).toBe('B');
  expect(asked).toHaveLength(2);
});

test('where renewing fails, the old ones are used while they are good, and it is not tried with every request', async () => {
  give(identity('A', 60));
  await id();
  next = undefined;
  now += 56 * MINUTE;

  for (let request = 0; request < 50; request++) expect(await id()).toBe('A');
  const tries = asked.length;
  now += MINUTE;
  await id();
  now += 3 * MINUTE - 29_000;

  await expect(held.current()).rejects.toThrow('no more credentials');
  expect(tries).toBe(2);
  expect(asked).toHaveLength(4);
});

test('credentials that are refused after they were good are looked for anew, and only then', async () => {
  give(identity('A'));
  const first = await held.current();
  first.accepted = true;
  give(identity('B'));

  const again = held.refused(first);
  const second = await held.current();

  expect(again).toBe(true);
  expect(second).toMatchObject({ identity: { accessKeyId: 'B' }, accepted: false });
  expect(held.refused(second)).toBe(false);
  expect(asked).toEqual([{}, { forceRefresh: true }]);
});

test('what is refused late does not put away what came in its place', async () => {
  give(identity('A'));
  const first = await held.current();
  first.accepted = true;
  held.refused(first);
  give(identity('B'));
  await id();

  held.refused(first);

  expect(await id()).toBe('B');
});

test('a failure to get any is told to who waits, and the next request asks again', async () => {
  await expect(held.current()).rejects.toThrow('no more credentials');
  give(identity('A'));

  expect(await id()).toBe('A');
});

import { signedInUser } from '../../../functions/caller';

function user(name?: string): string | undefined {
  const headers = new Headers(name === undefined ? {} : { 'x-ms-client-principal-name': name });
  return signedInUser({ headers } as Parameters<typeof signedInUser>[0]);
}

test('the user who is signed in is the one that App Service names', () => {
  expect(user('aoi@example.com')).toBe('aoi@example.com');
  expect([user(), user('  ')]).toEqual([undefined, undefined]);
});

test('a name stays short, and one line of text', () => {
  expect(user('x'.repeat(500))).toHaveLength(200);
  expect(user('a\tb')).toBe('ab');
});

import { format, inspect } from 'node:util';
import { Secret } from '../../../shared/secret';

test('a secret shows itself to nobody but who asks for it', () => {
  const secret = new Secret('open sesame');

  const seen = [
    String(secret),
    `${secret}`,
    `${[secret]}`,
    secret.toString(),
    inspect(secret),
    format('%s', secret),
    format('%o', secret),
  ];

  expect(seen).toEqual(Array.from(seen, () => '***'));
  expect(JSON.stringify({ secret, list: [secret] })).toBe('{"secret":"***","list":["***"]}');
  expect([Object.values(secret), Reflect.ownKeys(secret), structuredClone(secret)]).toEqual([[], [], {}]);
  expect(secret.reveal()).toBe('open sesame');
});

import fc from 'fast-check';
import { valueIn } from '../../../shared/aws/secrets-manager-value';

const PASSWORDS = fc.string({ unit: 'binary', minLength: 1 });

test.each([
  ['DB_PASSWORD', 'password'],
  ['DB_PASSWORD', 'DB_PASSWORD'],
  ['YOUTUBE_API_KEY', 'api_key'],
  ['YOUTUBE_API_KEY', 'YOUTUBE_API_KEY'],
] as const)('%s is in the field %s of a JSON object, whatever it is and whatever else is there', (name, field) => {
  const others = fc.dictionary(fc.constantFrom('username', 'host', 'port', '__proto__', ''), fc.jsonValue());
  fc.assert(
    fc.property(PASSWORDS, others, (value, more) => {
      expect(valueIn(JSON.stringify({ ...more, [field]: value }), name)).toBe(value);
    }),
  );
});

test('of both fields, the one that Secrets Manager makes counts', () => {
  expect(valueIn('{"DB_PASSWORD":"ours","password":"rotated"}', 'DB_PASSWORD')).toBe('rotated');
});

test('text that is no JSON object is the value', () => {
  const isObject = (text: string) => {
    try {
      return typeof JSON.parse(text) === 'object';
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(
      PASSWORDS.filter((text) => !isObject(text) && !/[\r\n]$/.test(text)),
      (text) => {
        expect(valueIn(text, 'DB_PASSWORD')).toBe(text);
        expect(valueIn(`${text}\r\n`, 'DB_PASSWORD')).toBe(text);
      },
    ),
  );
});

test.each(['12345', '"quoted"', '[1]', '{not json', ' spaces stay '])('%s is a value as it stands', (text) => {
  expect(valueIn(text, 'YOUTUBE_API_KEY')).toBe(text);
});

test.each([
  ['', 'empty'],
  ['\n', 'empty'],
  ['{}', 'neither "password" nor "DB_PASSWORD"'],
  ['{"passwd": "hunter2"}', 'neither "password" nor "DB_PASSWORD"'],
  ['{"password": ""}', '"password" is empty or no text'],
  ['{"password": 12345}', '"password" is empty or no text'],
  ['{"password": {"value": "hunter2"}}', '"password" is empty or no text'],
])('%j is refused, with what to do and nothing of what is in it', (text, what) => {
  const refused = valueIn(text, 'DB_PASSWORD');

  expect(refused).toEqual({
    what: expect.stringContaining(what),
    advice: 'Store {"password": "…"} in it, or the bare text.',
  });
  expect(JSON.stringify(refused)).not.toMatch(/hunter2|12345|passwd/);
});

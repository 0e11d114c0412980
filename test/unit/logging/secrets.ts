import fc from 'fast-check';

/** Secrets as services give them and as people make them up; long enough to be masked inside of text. */
export const secrets = fc
  .oneof(
    fc.uint8Array({ minLength: 16, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    fc.string({ unit: 'binary', minLength: 6, maxLength: 40 }),
    fc.string({ unit: fc.constantFrom('*', 'a', '=', ' ', '%', '"', '\\', '&', '$'), minLength: 6, maxLength: 20 }),
  )
  .map((text) => text.trim())
  .filter((text) => text.length >= 6);

/** Text that may hold parts of secrets' look. */
export const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '***',
    ' key=',
    '?sig=',
    'Authorization: Bearer ',
    'AccountKey=',
    '"password":"',
    '","',
    '\n',
    ' and ',
  ),
);

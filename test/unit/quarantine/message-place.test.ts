import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { judgeMessage } from '../../../shared/messages/contract';
import { messageText, placeOf } from '../../../shared/operations/quarantine/message-place';
import { anyBytes } from '../messages/bodies';
import { messageKeys } from '../messages/keys';

const anything = messageKeys.chain((under) => fc.record({ under: fc.constant(under), body: anyBytes(under) }));

const placed = (text: string | Uint8Array, reason: Parameters<typeof placeOf>[0]['reason'], detail = '') =>
  placeOf({ reason, detail }, Buffer.from(text));

describe('the place that breaks a message', () => {
  test('is found for every reason that has one, and is where it says', () => {
    const found = new Map<string, number>();
    fc.assert(
      fc.property(anything, ({ under, body }) => {
        const verdict = judgeMessage(under, body);
        if (verdict.kind === 'valid') return;

        const place = placeOf(verdict, body);

        if (verdict.reason === 'not_an_object') {
          expect(place).toBeUndefined();
          return;
        }
        found.set(verdict.reason, (found.get(verdict.reason) ?? 0) + 1);
        if (verdict.reason === 'bad_encoding') {
          const byte = place?.byte ?? -1;
          expect(isUtf8(body.subarray(0, byte))).toBe(true);
          expect(isUtf8(body.subarray(byte))).toBe(false);
          expect(place?.hex?.startsWith((body[byte] ?? 0).toString(16).padStart(2, '0'))).toBe(true);
        } else if (verdict.reason === 'bad_json') {
          expect(place).toMatchObject({ expected: expect.any(String), line: expect.any(Number) });
        } else {
          expect(verdict.detail.startsWith(`${place?.field} is `)).toBe(true);
          // What is said to be missing may be there as null or empty; what is of a wrong type always is.
          if (verdict.reason !== 'missing_field') expect(place?.span).toBeDefined();
        }
      }),
      { numRuns: 600 },
    );
    expect([...found.keys()].sort()).toEqual([
      ...['bad_encoding', 'bad_json', 'bad_timestamp', 'key_mismatch', 'missing_field', 'out_of_range', 'wrong_type'],
    ]);
  });

  test.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma or }'],
    ['{"a": "😀" 1}', 1, 11, 'a comma or }'],
    ['\ufeff[', 1, 2, 'a value or ]'],
    ['', 1, 1, 'a value'],
  ])('in the text %j is line %i, column %i', (text, line, column, expected) => {
    expect(placed(text, 'bad_json')).toMatchObject({ line, column, expected });
  });

  test.each([
    [[0x7b, 0xff, 0x7d], 1, 'ff 7d'],
    [[0xef, 0xbb, 0xbf, 0x7b, 0xc3], 4, 'c3'],
    [[0x61, 0xe3, 0x81, 0x61], 1, 'e3 81 61'],
    [[0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0x80], 4, 'ed a0 80'],
  ])('in the bytes %j is byte %i: %s', (bytes, byte, hex) => {
    expect(placed(Uint8Array.from(bytes), 'bad_encoding')).toEqual({ byte, hex });
  });

  test('of a field is its value, also within agent_info', () => {
    const text = '{"message_id":"m",\n "agent_info": {"tokens_used": 1.5}}';

    const place = placed(text, 'out_of_range', 'agent_info.tokens_used is no integer within ±(2^31 − 1)');

    expect(place).toMatchObject({ field: 'agent_info.tokens_used', line: 2, column: 32 });
    expect(text.slice(place?.span?.start, place?.span?.end)).toBe('1.5');
  });

  test('of a field that is missing is its name alone', () => {
    expect(placed('{"role":"user"}', 'missing_field', 'content is missing')).toEqual({ field: 'content' });
  });

  test('is none where the message is too large to be read', () => {
    expect(placed('', 'too_large', 'the object has 2000000 bytes; at most 1048576 are read')).toBeUndefined();
  });
});

test('the text of a message is what the contract reads, whatever its bytes', () => {
  expect(messageText(Uint8Array.from([0xef, 0xbb, 0xbf, 0x61, 0xff]))).toBe('a\ufffd');
});

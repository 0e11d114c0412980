import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { everything, expectFailure, type StoreOfTest, TEXT, text } from './object-store-support';

/** Keys that an HTTP client, an XML parser, a file system or a query could get wrong. */
const AWKWARD_KEYS = [
  'plain.json',
  'a/b/c/deep.json',
  'with space/and  two',
  '日本語/会話/こんにちは.json',
  'emoji/😀👩‍👩‍👧.json',
  'percent/100%/%41%2F%zz',
  'plus/a+b',
  'hash/a#b',
  'question/a?b&c=d',
  'quotes/it\'s "quoted"',
  'xml/<a>&amp;</a>',
  'brackets/[a](b){c}',
  'colon/2025-08-11T01:02:03.004Z',
  'star/*|~^`',
  'e\u0301/é', // the same letter, decomposed and composed
  'trailing./dot.',
  'device/CON/nul.txt',
  'acme/chat/u1/r1/messages/2025/08/11/01-02-03.004Z-m#1 (é).json',
];

/** What goes in comes out. */
export function describeContents(store: StoreOfTest): void {
  describe('writing and reading', () => {
    test('gives back what was written, under every awkward key', async () => {
      for (const key of AWKWARD_KEYS) await store().write(key, Buffer.from(`content of ${key}`), TEXT);

      const read = await Promise.all(AWKWARD_KEYS.map(async (key) => text((await store().read(key)).body)));
      const listed = (await everything(store())).map(({ key }) => key);

      expect(read).toEqual(AWKWARD_KEYS.map((key) => `content of ${key}`));
      expect(listed.sort()).toEqual([...AWKWARD_KEYS].sort());
    });

    test.each([
      ['no bytes', 0],
      ['one byte', 1],
      ['5 MB', 5 * 1024 * 1024 + 3],
    ])('keeps a body of %s', async (_, size) => {
      const body = randomBytes(size);

      await store().write('body', body, TEXT);

      const read = await store().read('body');
      expect(Buffer.compare(read.body, body)).toBe(0);
      expect((await store().head('body'))?.size).toBe(size);
    });

    test.each([0, 1, 3 * 1024 * 1024 + 5])('writes a body of %d bytes that can be opened again', async (size) => {
      const bytes = randomBytes(size);
      const body = { size, open: () => Readable.from(chunksOf(bytes, 100_000), { objectMode: false }) };

      const first = await store().write('opened', body, TEXT);
      const again = await store().write('opened', body, { ...TEXT, onlyIf: first });

      const read = await store().read('opened', { ifMatch: again.etag });
      expect(Buffer.compare(read.body, bytes)).toBe(0);
    });

    test.each([
      ['shorter', 900],
      ['longer', 1100],
    ])('refuses a body that is %s than it said, and writes nothing', async (_, actual) => {
      await store().write('body', Buffer.from('before'), TEXT);
      const body = { size: 1000, open: () => Readable.from([Buffer.alloc(actual)], { objectMode: false }) };

      await expectFailure(store().write('body', body, TEXT), 'storage_request_invalid', 'permanent');

      expect(text((await store().read('body')).body)).toBe('before');
    });

    test('fails when the body cannot be read, and writes nothing', async () => {
      const open = () => Readable.from(failing(), { objectMode: false });

      await expectFailure(store().write('body', { size: 10, open }, TEXT), 'storage_request_invalid', 'permanent');

      expect(await store().head('body')).toBeUndefined();
    });

    test('keeps its own copy of a body', async () => {
      const body = Buffer.from('before');
      await store().write('body', body, TEXT);

      body.fill(0);
      (await store().read('body')).body.fill(0);

      expect(text((await store().read('body')).body)).toBe('before');
    });
  });

  describe('ranges', () => {
    test.each([
      ['the beginning', 0, 4, 'abcd'],
      ['the middle', 3, 4, 'defg'],
      ['the end exactly', 6, 4, 'ghij'],
      ['past the end', 8, 100, 'ij'],
      ['from the end on', 10, 5, ''],
      ['from after the end on', 99, 5, ''],
      ['nothing', 3, 0, ''],
      ['everything', 0, 10, 'abcdefghij'],
    ])('reads %s', async (_, offset, length, expected) => {
      const { etag } = await store().write('letters', Buffer.from('abcdefghij'), TEXT);

      const read = await store().read('letters', { range: { offset, length } });

      expect(text(read.body)).toBe(expected);
      expect(read.etag).toBe(etag);
    });

    test('reads nothing of an empty object', async () => {
      const { etag } = await store().write('empty', Buffer.alloc(0), TEXT);

      const read = await store().read('empty', { range: { offset: 0, length: 8 } });

      expect(read.body.byteLength).toBe(0);
      expect(read.etag).toBe(etag);
    });

    test.each([
      [-1, 5],
      [0, -1],
      [0.5, 1],
      [0, Number.NaN],
    ])('refuses the range from %d of %d bytes', async (offset, length) => {
      await store().write('letters', Buffer.from('abc'), TEXT);

      await expectFailure(
        store().read('letters', { range: { offset, length } }),
        'storage_request_invalid',
        'permanent',
      );
    });

    test('holds ifMatch for ranges too, and for those that read nothing', async () => {
      await store().write('letters', Buffer.from('abc'), TEXT);

      for (const range of [
        { offset: 0, length: 2 },
        { offset: 0, length: 0 },
        { offset: 50, length: 2 },
      ]) {
        await expectFailure(store().read('letters', { ifMatch: '0x0', range }), 'precondition_failed', 'permanent');
      }
    });
  });
}

function* chunksOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function* failing(): Generator<Buffer> {
  yield Buffer.from('12345');
  throw new Error('the disk is gone');
}

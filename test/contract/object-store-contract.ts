import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { StorageErrorCode } from '../../shared/errors';
import { StorageError } from '../../shared/errors';
import type { ObjectEntry, ObjectStore, WriteOptions } from '../../shared/ports/object-store';

export interface OpenObjectStore {
  /** An empty container, with {@link PAGE_SIZE} entries in a page of a listing. */
  readonly store: ObjectStore;
  /** A container that is not there. */
  readonly missing?: ObjectStore;
  close?(): Promise<void>;
}

export const PAGE_SIZE = 7;

const TEXT: WriteOptions = { contentType: 'text/plain' };

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

/** What every object store promises, whatever it stores in. */
export function describeObjectStore(
  name: string,
  open: () => Promise<OpenObjectStore>,
  /** Whether its container can be missing: then `missing` is one. */
  { canBeMissing }: { readonly canBeMissing: boolean },
): void {
  describe(`${name} as an object store`, () => {
    let opened: OpenObjectStore;
    let store: ObjectStore;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });

    afterEach(() => opened.close?.());

    describe('writing and reading', () => {
      test('gives back what was written, under every awkward key', async () => {
        for (const key of AWKWARD_KEYS) await store.write(key, Buffer.from(`content of ${key}`), TEXT);

        const read = await Promise.all(AWKWARD_KEYS.map(async (key) => text((await store.read(key)).body)));
        const listed = (await everything(store)).map(({ key }) => key);

        expect(read).toEqual(AWKWARD_KEYS.map((key) => `content of ${key}`));
        expect(listed.sort()).toEqual([...AWKWARD_KEYS].sort());
      });

      test.each([
        ['no bytes', 0],
        ['one byte', 1],
        ['5 MB', 5 * 1024 * 1024 + 3],
      ])('keeps a body of %s', async (_, size) => {
        const body = randomBytes(size);

        await store.write('body', body, TEXT);

        const read = await store.read('body');
        expect(Buffer.compare(read.body, body)).toBe(0);
        expect((await store.head('body'))?.size).toBe(size);
      });

      test.each([0, 1, 3 * 1024 * 1024 + 5])('writes a body of %d bytes that can be opened again', async (size) => {
        const bytes = randomBytes(size);
        const body = { size, open: () => Readable.from(chunksOf(bytes, 100_000), { objectMode: false }) };

        const first = await store.write('opened', body, TEXT);
        const again = await store.write('opened', body, { ...TEXT, onlyIf: first });

        const read = await store.read('opened', { ifMatch: again.etag });
        expect(Buffer.compare(read.body, bytes)).toBe(0);
      });

      test.each([
        ['shorter', 900],
        ['longer', 1100],
      ])('refuses a body that is %s than it said, and writes nothing', async (_, actual) => {
        await store.write('body', Buffer.from('before'), TEXT);
        const body = { size: 1000, open: () => Readable.from([Buffer.alloc(actual)], { objectMode: false }) };

        await expectFailure(store.write('body', body, TEXT), 'storage_request_invalid', 'permanent');

        expect(text((await store.read('body')).body)).toBe('before');
      });

      test('fails when the body cannot be read, and writes nothing', async () => {
        const open = () => Readable.from(failing(), { objectMode: false });

        await expectFailure(store.write('body', { size: 10, open }, TEXT), 'storage_request_invalid', 'permanent');

        expect(await store.head('body')).toBeUndefined();
      });

      test('keeps its own copy of a body', async () => {
        const body = Buffer.from('before');
        await store.write('body', body, TEXT);

        body.fill(0);
        (await store.read('body')).body.fill(0);

        expect(text((await store.read('body')).body)).toBe('before');
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
        const { etag } = await store.write('letters', Buffer.from('abcdefghij'), TEXT);

        const read = await store.read('letters', { range: { offset, length } });

        expect(text(read.body)).toBe(expected);
        expect(read.etag).toBe(etag);
      });

      test('reads nothing of an empty object', async () => {
        const { etag } = await store.write('empty', Buffer.alloc(0), TEXT);

        const read = await store.read('empty', { range: { offset: 0, length: 8 } });

        expect(read.body.byteLength).toBe(0);
        expect(read.etag).toBe(etag);
      });

      test.each([
        [-1, 5],
        [0, -1],
        [0.5, 1],
        [0, Number.NaN],
      ])('refuses the range from %d of %d bytes', async (offset, length) => {
        await store.write('letters', Buffer.from('abc'), TEXT);

        await expectFailure(
          store.read('letters', { range: { offset, length } }),
          'storage_request_invalid',
          'permanent',
        );
      });

      test('holds ifMatch for ranges too, and for those that read nothing', async () => {
        await store.write('letters', Buffer.from('abc'), TEXT);

        for (const range of [
          { offset: 0, length: 2 },
          { offset: 0, length: 0 },
          { offset: 50, length: 2 },
        ]) {
          await expectFailure(store.read('letters', { ifMatch: '0x0', range }), 'precondition_failed', 'permanent');
        }
      });
    });

    describe('ETags and conditions', () => {
      test('are the same from a write, a look-up, a listing and a read', async () => {
        const { etag } = await store.write('a/b', Buffer.from('x'), TEXT);

        const entry = { key: 'a/b', etag, size: 1 };
        expect(await store.head('a/b')).toEqual(entry);
        expect(await everything(store)).toEqual([entry]);
        expect((await store.read('a/b')).etag).toBe(etag);
        expect((await store.read('a/b', { ifMatch: etag })).etag).toBe(etag);
      });

      test('change with every change of the content, however quick and of whatever length', async () => {
        const etags: string[] = [];
        for (let i = 0; i < 30; i++) etags.push((await store.write('x', Buffer.from(String(i % 10)), TEXT)).etag);

        expect(new Set(etags).size).toBe(etags.length);
      });

      test('read refuses another version than the one that was asked for', async () => {
        const { etag } = await store.write('x', Buffer.from('1'), TEXT);
        await store.write('x', Buffer.from('2'), TEXT);

        await expectFailure(store.read('x', { ifMatch: etag }), 'precondition_failed', 'permanent');
      });

      test('absent writes where nothing is, and nowhere else', async () => {
        await store.write('x', Buffer.from('1'), { ...TEXT, onlyIf: 'absent' });

        const again = store.write('x', Buffer.from('2'), { ...TEXT, onlyIf: 'absent' });

        await expectFailure(again, 'precondition_failed', 'permanent');
        expect(text((await store.read('x')).body)).toBe('1');
      });

      test('an ETag writes over that version only', async () => {
        const first = await store.write('x', Buffer.from('1'), TEXT);
        const second = await store.write('x', Buffer.from('2'), { ...TEXT, onlyIf: first });

        const stale = store.write('x', Buffer.from('3'), { ...TEXT, onlyIf: first });

        await expectFailure(stale, 'precondition_failed', 'permanent');
        expect(await store.read('x')).toEqual({ body: Buffer.from('2'), etag: second.etag });
      });

      test('an ETag does not write where nothing is', async () => {
        const { etag } = await store.write('x', Buffer.from('1'), TEXT);
        await store.delete('x');

        const late = store.write('x', Buffer.from('2'), { ...TEXT, onlyIf: { etag } });

        await expectFailure(late, 'precondition_failed', 'permanent');
        expect(await store.head('x')).toBeUndefined();
      });

      test.each(['absent', 'an ETag'])('of writers at the same time on %s, exactly one wins', async (condition) => {
        const onlyIf = condition === 'absent' ? 'absent' : await store.write('x', Buffer.from('0'), TEXT);

        const tries = Array.from({ length: 8 }, (_, i) => store.write('x', Buffer.from(`w${i}`), { ...TEXT, onlyIf }));
        const results = await Promise.allSettled(tries);

        const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [`w${i}`] : []));
        expect(winners).toHaveLength(1);
        expect(text((await store.read('x')).body)).toBe(winners[0]);
      });
    });

    describe('listing', () => {
      test('follows continuations over many pages to the end', async () => {
        const keys = Array.from({ length: 5 * PAGE_SIZE + 3 }, (_, i) => `p/${i % 3}/${String(i).padStart(3, '0')}`);
        await Promise.all(keys.map((key) => store.write(key, Buffer.from(key), TEXT)));
        await store.write('q/other', Buffer.from('x'), TEXT);

        const pages = await pagesOf((continuation) => store.list('p/', continuation));

        expect(pages.length).toBeGreaterThanOrEqual(6);
        expect(pages.flatMap(({ entries }) => entries.map(({ key }) => key)).sort()).toEqual(keys.sort());
        for (const { entries } of pages) expect(entries.length).toBeLessThanOrEqual(PAGE_SIZE);
      });

      test('a full last page is the last one', async () => {
        for (let i = 0; i < PAGE_SIZE; i++) await store.write(`p/${i}`, Buffer.from('x'), TEXT);

        const found = await everything(store);

        expect(found).toHaveLength(PAGE_SIZE);
      });

      test('takes the prefix as text, also in the middle of a name', async () => {
        for (const key of ['ab/1', 'ab/2', 'abc/3', 'a/4', 'b/5']) await store.write(key, Buffer.from('x'), TEXT);

        expect(await keysBelow(store, 'ab')).toEqual(['ab/1', 'ab/2', 'abc/3']);
        expect(await keysBelow(store, 'ab/')).toEqual(['ab/1', 'ab/2']);
        expect(await keysBelow(store, 'ab/1')).toEqual(['ab/1']);
        expect(await keysBelow(store, '')).toHaveLength(5);
        expect(await keysBelow(store, 'nothing/here/')).toEqual([]);
      });

      test('names the folders directly below a prefix, over many pages', async () => {
        const users = Array.from({ length: 3 * PAGE_SIZE + 1 }, (_, i) => `user ${String(i).padStart(2, '0')}é`);
        for (const user of users) {
          await store.write(`t/chat/${user}/room/1.json`, Buffer.from('x'), TEXT);
          await store.write(`t/chat/${user}/room/2.json`, Buffer.from('x'), TEXT);
        }
        await store.write('t/chat/file.json', Buffer.from('x'), TEXT);

        const pages = await pagesOf((continuation) => store.listPrefixes('t/chat/', continuation));

        expect(pages.flatMap(({ prefixes }) => prefixes).sort()).toEqual(users.map((user) => `t/chat/${user}/`));
        expect(await pagesOf((continuation) => store.listPrefixes('', continuation))).toEqual([{ prefixes: ['t/'] }]);
        expect((await store.listPrefixes('nothing/')).prefixes).toEqual([]);
      });

      test('a folder is gone with its last object', async () => {
        await store.write('a/b/c', Buffer.from('x'), TEXT);
        await store.write('a/d', Buffer.from('x'), TEXT);

        await store.delete('a/b/c');

        expect((await store.listPrefixes('a/')).prefixes).toEqual([]);
        expect((await store.listPrefixes('')).prefixes).toEqual(['a/']);
      });
    });

    describe('what is not there', () => {
      test('a read fails, a look-up gives nothing, a delete is no error', async () => {
        await expectFailure(store.read('no/such'), 'object_not_found', 'permanent');
        expect(await store.head('no/such')).toBeUndefined();
        await store.delete('no/such');
      });

      test('deleting twice is no error, and the object is gone', async () => {
        await store.write('x/y', Buffer.from('1'), TEXT);

        await store.delete('x/y');
        await store.delete('x/y');

        expect(await store.head('x/y')).toBeUndefined();
        expect(await everything(store)).toEqual([]);
      });

      const testMissing = canBeMissing ? test : () => undefined;
      testMissing('a container that is missing is named by every call', async () => {
        const { missing } = opened;
        if (missing === undefined) throw new Error('The suite was given no missing container.');
        const calls: (() => Promise<unknown>)[] = [
          () => missing.list(''),
          () => missing.listPrefixes('a/'),
          () => missing.read('x'),
          () => missing.head('x'),
          () => missing.write('x', Buffer.from('1'), TEXT),
          () => missing.delete('x'),
        ];

        for (const call of calls) {
          const error = await expectFailure(call(), 'container_not_found', 'configuration');
          expect(error.message).toContain(missing.name);
        }
      });
    });

    test.each(['', '/a', '.', '..', 'a/../b', 'a/./b', '../../etc/passwd', 'a/..', 'half \ud800 pair'])(
      'refuses the key %j',
      async (key) => {
        const calls = [store.read(key), store.head(key), store.delete(key), store.write(key, Buffer.from('x'), TEXT)];

        for (const call of calls) await expectFailure(call, 'storage_request_invalid', 'permanent');
      },
    );

    test.each([
      ['a control character', 'control \u0001'],
      ['a line break', 'line\nbreak'],
      ['a backslash', 'back\\slash'],
      ['1,025 characters', 'x'.repeat(1025)],
    ])('does not write a key with %s, which not every store could list', async (_, key) => {
      await expectFailure(store.write(key, Buffer.from('x'), TEXT), 'storage_request_invalid', 'permanent');
    });

    test('refuses prefixes that lead nowhere', async () => {
      await expectFailure(store.list('/a'), 'storage_request_invalid', 'permanent');
      await expectFailure(store.listPrefixes('a'), 'storage_request_invalid', 'permanent');
    });
  });
}

/** Asserts that a call fails as a StorageError of this code and kind, and gives the error. */
export async function expectFailure(
  call: Promise<unknown>,
  code: StorageErrorCode,
  kind: string,
): Promise<StorageError> {
  const error = await call.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StorageError);
  expect(error).toMatchObject({ code, kind });
  return error as StorageError;
}

async function pagesOf<Page extends { readonly next?: string }>(
  fetch: (continuation: string | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  let continuation: string | undefined;
  do {
    const page = await fetch(continuation);
    pages.push(page);
    continuation = page.next;
  } while (continuation !== undefined);
  return pages;
}

async function everything(store: ObjectStore, prefix = ''): Promise<ObjectEntry[]> {
  return (await pagesOf((continuation) => store.list(prefix, continuation))).flatMap(({ entries }) => entries);
}

async function keysBelow(store: ObjectStore, prefix: string): Promise<string[]> {
  return (await everything(store, prefix)).map(({ key }) => key).sort();
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

function* chunksOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function* failing(): Generator<Buffer> {
  yield Buffer.from('12345');
  throw new Error('the disk is gone');
}

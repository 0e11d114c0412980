import fc from 'fast-check';
import { MetadataError, type MetadataErrorCode } from '../../shared/errors';
import type { MetadataItem, MetadataPage, MetadataQuery, MetadataStore } from '../../shared/ports/metadata-store';

export interface OpenMetadataStore {
  /** An empty table, with {@link PAGE_SIZE} items in a page. */
  readonly store: MetadataStore;
  /** Tables that are not there. */
  readonly missing?: readonly MetadataStore[];
  close?(): Promise<void>;
}

export const PAGE_SIZE = 5;

const AWKWARD_SORT_KEYS = [
  'CHAT#plain',
  'CHAT#with space',
  'CHAT#slash/and\\backslash',
  'CHAT#hash#and?question',
  'CHAT#percent%41',
  'CHAT#日本語😀',
  'CHAT#~7e',
  'CHAT#~',
  `CHAT#quotes'and"`,
  `CHAT#${'long'.repeat(200)}`,
  `CHAT#${'長'.repeat(120)}`,
];

/** What every metadata store promises, whatever it stores in. */
export function describeMetadataStore(
  name: string,
  open: () => Promise<OpenMetadataStore>,
  /** Whether its table can be missing: then `missing` has some. */
  { canBeMissing }: { readonly canBeMissing: boolean },
): void {
  describe(`${name} as a metadata store`, () => {
    let opened: OpenMetadataStore;
    let store: MetadataStore;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });

    afterEach(() => opened.close?.());

    describe('putting and getting', () => {
      test('gives back what was put, and nothing else', async () => {
        const item = {
          PK: 'TENANT#a#USER#b',
          SK: 'CHAT#c',
          text: '日本語 😀 "quoted" \\ \n',
          number: -1.5e-7,
          yes: true,
          nothing: null,
          list: [1, 'two', { three: [3] }],
          nested: { a: { b: {} } },
          'exotic name: "x"\\': 1,
        };

        await store.put(item);

        expect((await store.get(item.PK, item.SK))?.item).toEqual(item);
      });

      test('knows items by their keys, whatever characters they are made of', async () => {
        for (const [i, SK] of AWKWARD_SORT_KEYS.entries()) await store.put({ PK: 'P#/?%', SK, i });

        const got = await Promise.all(AWKWARD_SORT_KEYS.map(async (SK) => (await store.get('P#/?%', SK))?.item.i));

        expect(got).toEqual(AWKWARD_SORT_KEYS.map((_, i) => i));
      });

      test('puts the whole item over the one that is there', async () => {
        await store.put({ PK: 'p', SK: 's', old: 1, both: 1 });
        await store.put({ PK: 'p', SK: 's', both: 2 });

        expect((await store.get('p', 's'))?.item).toEqual({ PK: 'p', SK: 's', both: 2 });
        expect(await everything(store, { partition: 'p' })).toHaveLength(1);
      });

      test('gives nothing for what is not there', async () => {
        await store.put({ PK: 'p', SK: 's' });

        expect(await store.get('p', 'other')).toBeUndefined();
        expect(await store.get('other', 's')).toBeUndefined();
      });

      test('keeps any JSON under any keys', async () => {
        const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
        // The emulator of Cosmos DB loses what stands under this one name.
        const value = fc
          .jsonValue({ stringUnit: 'binary' })
          .filter((json) => !JSON.stringify(json).includes('__proto__'));
        let run = 0;

        await fc.assert(
          fc.asyncProperty(key, key, value, async (partition, SK, json) => {
            run += 1;
            const item = { PK: `${run} ${partition}`, SK, value: json };

            await store.put(item);

            const expected = JSON.parse(JSON.stringify(item));
            expect((await store.get(item.PK, SK))?.item).toEqual(expected);
            expect(await everything(store, { partition: item.PK, attributes: ['value'] })).toEqual([expected]);
          }),
          { numRuns: 40 },
        );
      });
    });

    describe('querying', () => {
      test('follows continuations over many pages, in the order of the sort keys', async () => {
        const sortKeys = Array.from({ length: 4 * PAGE_SIZE + 2 }, (_, i) => `CHAT#${String(i).padStart(3, '0')}`);
        for (const SK of [...sortKeys].reverse()) await store.put({ PK: 'p', SK, n: SK.length });
        await store.put({ PK: 'other', SK: 'CHAT#000' });

        const pages = await pagesOf(store, { partition: 'p' });

        expect(pages.flatMap(({ items }) => items.map(({ SK }) => SK))).toEqual(sortKeys);
        expect(pages.length).toBeGreaterThanOrEqual(4);
      });

      test('a prefix is text: wildcards and quotes in it are nothing special', async () => {
        const sortKeys = ['CHAT#1', 'CHAT#2', 'CHATTER#3', 'USER#4', 'CHAT%5', 'CHAT_6', "CHAT'7"];
        for (const SK of sortKeys) await store.put({ PK: 'p', SK });

        const below = async (sortKeyPrefix: string) =>
          (await everything(store, { partition: 'p', sortKeyPrefix })).map(({ SK }) => SK);

        expect(await below('CHAT#')).toEqual(['CHAT#1', 'CHAT#2']);
        expect(await below('CHAT%')).toEqual(['CHAT%5']);
        expect(await below('CHAT_')).toEqual(['CHAT_6']);
        expect(await below("CHAT'")).toEqual(["CHAT'7"]);
        expect(await below('NONE#')).toEqual([]);
        expect(await below('')).toHaveLength(sortKeys.length);
      });

      test('a range has both of its ends, and follows continuations in the order of the sort keys', async () => {
        const sortKeys = Array.from({ length: 4 * PAGE_SIZE }, (_, i) => `DAY#${String(i).padStart(2, '0')}`);
        for (const SK of [...sortKeys].reverse()) await store.put({ PK: 'p', SK, n: 1, other: 2 });
        for (const SK of ['DAY', 'DAZ', 'RUN#03']) await store.put({ PK: 'p', SK });
        await store.put({ PK: 'other', SK: 'DAY#05' });

        const sortKeyRange = { from: 'DAY#02', to: 'DAY#16' };
        const pages = await pagesOf(store, { partition: 'p', sortKeyRange, attributes: ['n'] });

        const expected = sortKeys.slice(2, 17).map((SK) => ({ PK: 'p', SK, n: 1 }));
        expect(pages.flatMap(({ items }) => items)).toEqual(expected);
        expect(pages.length).toBeGreaterThanOrEqual(3);
      });

      test('a range compares by code points, and its ends need not be there', async () => {
        const sortKeys = ["A'1", 'A#', 'A#日本', 'A#😀', 'A$', 'AA', 'B', 'a', 'é'];
        for (const SK of sortKeys) await store.put({ PK: 'p', SK });

        const within = async (from: string, to: string) =>
          (await everything(store, { partition: 'p', sortKeyRange: { from, to } })).map(({ SK }) => SK);

        expect(await within('A#', 'A$')).toEqual(['A#', 'A#日本', 'A#😀', 'A$']);
        expect(await within('A#a', 'A#😀')).toEqual(['A#日本', 'A#😀']);
        expect(await within('A', "A'2")).toEqual(['A#', 'A#日本', 'A#😀', 'A$', "A'1"]);
        expect(await within('AB', '\u{10ffff}')).toEqual(['B', 'a', 'é']);
        expect(await within('b', 'c')).toEqual([]);
      });

      test('a range that ends before it begins has nothing', async () => {
        await store.put({ PK: 'p', SK: 'b' });

        expect(await store.query({ partition: 'p', sortKeyRange: { from: 'c', to: 'a' } })).toEqual({ items: [] });
      });

      test('gives only the attributes that were asked for, besides the keys', async () => {
        await store.put({ PK: 'p', SK: 's', a: 1, b: 2, 'exotic "x"\\': 3, deep: { d: 4 } });

        const attributes = ['a', 'exotic "x"\\', 'deep', 'PK', 'a', 'not there'];
        const [item] = await everything(store, { partition: 'p', attributes });

        expect(item).toEqual({ PK: 'p', SK: 's', a: 1, 'exotic "x"\\': 3, deep: { d: 4 } });
      });

      test('gives the keys alone where no attributes were asked for', async () => {
        await store.put({ PK: 'p', SK: 's', a: 1 });

        expect(await everything(store, { partition: 'p', attributes: [] })).toEqual([{ PK: 'p', SK: 's' }]);
      });

      test('gives nothing of a partition that is not there', async () => {
        expect(await everything(store, { partition: 'no such' })).toEqual([]);
      });
    });

    describe('conditions', () => {
      test('absent puts where nothing is, and nowhere else', async () => {
        await store.put({ PK: 'p', SK: 's', n: 1 }, 'absent');

        await expectFailure(
          store.put({ PK: 'p', SK: 's', n: 2 }, 'absent'),
          'metadata_precondition_failed',
          'permanent',
        );

        expect((await store.get('p', 's'))?.item.n).toBe(1);
      });

      test('a version puts over that version only', async () => {
        await store.put({ PK: 'p', SK: 's', n: 1 });
        const version = await versionOf(store, 'p', 's');
        await store.put({ PK: 'p', SK: 's', n: 2 }, { version });

        const stale = store.put({ PK: 'p', SK: 's', n: 3 }, { version });

        await expectFailure(stale, 'metadata_precondition_failed', 'permanent');
        expect((await store.get('p', 's'))?.item.n).toBe(2);
      });

      test('a version is of one item', async () => {
        await store.put({ PK: 'p', SK: 'one' });
        await store.put({ PK: 'p', SK: 'two' });
        const version = await versionOf(store, 'p', 'one');

        for (const item of [
          { PK: 'p', SK: 'two', n: 1 },
          { PK: 'other', SK: 'one', n: 1 },
          { PK: 'p', SK: 'three', n: 1 },
        ]) {
          await expectFailure(store.put(item, { version }), 'metadata_precondition_failed', 'permanent');
        }
        expect(await everything(store, { partition: 'p' })).toEqual([
          { PK: 'p', SK: 'one' },
          { PK: 'p', SK: 'two' },
        ]);
      });

      test.each(['absent', 'a version'])('of writers at the same time on %s, exactly one wins', async (condition) => {
        if (condition !== 'absent') await store.put({ PK: 'p', SK: 's' });
        const onlyIf = condition === 'absent' ? 'absent' : { version: await versionOf(store, 'p', 's') };

        const tries = Array.from({ length: 8 }, (_, n) => store.put({ PK: 'p', SK: 's', n }, onlyIf));
        const results = await Promise.allSettled(tries);

        const winners = results.flatMap((result, n) => (result.status === 'fulfilled' ? [n] : []));
        expect(winners).toHaveLength(1);
        expect((await store.get('p', 's'))?.item.n).toBe(winners[0]);
      });
    });

    describe('what is wrong', () => {
      test.each([
        ['an empty PK', { PK: '', SK: 's' }],
        ['an empty SK', { PK: 'p', SK: '' }],
        ['half a surrogate pair in its SK', { PK: 'p', SK: 'a\ud800' }],
        ["an attribute of the service's", { PK: 'p', SK: 's', id: 'mine' }],
        ['a value that is no JSON', { PK: 'p', SK: 's', n: 1n }],
      ])('refuses an item with %s', async (_, item) => {
        await expectFailure(store.put(item), 'metadata_request_invalid', 'permanent');
      });

      test('refuses empty keys', async () => {
        await expectFailure(store.get('', 's'), 'metadata_request_invalid', 'permanent');
        await expectFailure(store.get('p', ''), 'metadata_request_invalid', 'permanent');
        await expectFailure(store.query({ partition: '' }), 'metadata_request_invalid', 'permanent');
      });

      test.each([
        ['', 'b'],
        ['a', ''],
        ['a\ud800', 'b'],
      ])('refuses a range from %j to %j', async (from, to) => {
        const query = store.query({ partition: 'p', sortKeyRange: { from, to } });

        await expectFailure(query, 'metadata_request_invalid', 'permanent');
      });

      test('refuses a prefix and a range in one query as a mistake of the program', async () => {
        const query = { partition: 'p', sortKeyPrefix: 'a', sortKeyRange: { from: 'a', to: 'b' } };

        await expect(store.query(query)).rejects.toThrow(TypeError);
      });

      const testMissing = canBeMissing ? test : () => undefined;
      testMissing('a table or database that is missing is named by every call, and not made', async () => {
        if (opened.missing === undefined) throw new Error('The suite was given no missing table.');
        for (const missing of opened.missing) {
          const calls: (() => Promise<unknown>)[] = [
            () => missing.get('p', 's'),
            () => missing.query({ partition: 'p' }),
            () => missing.put({ PK: 'p', SK: 's' }),
            () => missing.put({ PK: 'p', SK: 's' }, 'absent'),
            () => missing.put({ PK: 'p', SK: 's' }, { version: JSON.stringify(['s', 'id', 'etag']) }),
            () => missing.get('p', 's'),
          ];
          for (const call of calls) {
            const error = await expectFailure(call(), 'metadata_not_found', 'configuration');
            expect(error.message).toContain(missing.name);
          }
        }
      });
    });
  });
}

/** Asserts that a call fails as a MetadataError of this code and kind, and gives the error. */
export async function expectFailure(
  call: Promise<unknown>,
  code: MetadataErrorCode,
  kind: string,
): Promise<MetadataError> {
  const error = await call.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MetadataError)) throw error;
  expect(error).toMatchObject({ code, kind });
  return error;
}

async function pagesOf(store: MetadataStore, query: MetadataQuery): Promise<MetadataPage[]> {
  const pages: MetadataPage[] = [];
  let continuation: string | undefined;
  do {
    const page = await store.query(query, continuation);
    pages.push(page);
    continuation = page.next;
  } while (continuation !== undefined);
  return pages;
}

export async function everything(store: MetadataStore, query: MetadataQuery): Promise<MetadataItem[]> {
  return (await pagesOf(store, query)).flatMap(({ items }) => items);
}

async function versionOf(store: MetadataStore, partition: string, sortKey: string): Promise<string> {
  const found = await store.get(partition, sortKey);
  if (found === undefined) throw new Error('There is no such item.');
  return found.version;
}

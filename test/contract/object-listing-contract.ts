import type { ObjectStore } from '../../shared/ports/object-store';
import { everything, PAGE_SIZE, pagesOf, type StoreOfTest, TEXT } from './object-store-support';

/** A listing is whole. */
export function describeListing(store: StoreOfTest): void {
  describe('listing', () => {
    test('follows continuations over many pages to the end', async () => {
      const keys = Array.from({ length: 5 * PAGE_SIZE + 3 }, (_, i) => `p/${i % 3}/${String(i).padStart(3, '0')}`);
      await Promise.all(keys.map((key) => store().write(key, Buffer.from(key), TEXT)));
      await store().write('q/other', Buffer.from('x'), TEXT);

      const pages = await pagesOf((continuation) => store().list('p/', continuation));

      expect(pages.length).toBeGreaterThanOrEqual(6);
      expect(pages.flatMap(({ entries }) => entries.map(({ key }) => key)).sort()).toEqual(keys.sort());
      for (const { entries } of pages) expect(entries.length).toBeLessThanOrEqual(PAGE_SIZE);
    });

    test('a full last page is the last one', async () => {
      for (let i = 0; i < PAGE_SIZE; i++) await store().write(`p/${i}`, Buffer.from('x'), TEXT);

      const found = await everything(store());

      expect(found).toHaveLength(PAGE_SIZE);
    });

    test('takes the prefix as text, also in the middle of a name', async () => {
      for (const key of ['ab/1', 'ab/2', 'abc/3', 'a/4', 'b/5']) await store().write(key, Buffer.from('x'), TEXT);

      expect(await keysBelow(store(), 'ab')).toEqual(['ab/1', 'ab/2', 'abc/3']);
      expect(await keysBelow(store(), 'ab/')).toEqual(['ab/1', 'ab/2']);
      expect(await keysBelow(store(), 'ab/1')).toEqual(['ab/1']);
      expect(await keysBelow(store(), '')).toHaveLength(5);
      expect(await keysBelow(store(), 'nothing/here/')).toEqual([]);
    });

    test('begins where it is told to, that key included, or gives earlier ones too', async () => {
      const keys = Array.from({ length: 3 * PAGE_SIZE }, (_, i) => `p/${String(i).padStart(3, '0')}&é`);
      await Promise.all([...keys, 'q/other'].map((key) => store().write(key, Buffer.from('x'), TEXT)));
      const from = keys[PAGE_SIZE + 1] as string;

      const pages = await pagesOf((continuation) => store().list('p/', continuation, { from }));

      const found = pages.flatMap(({ entries }) => entries.map(({ key }) => key)).sort();
      expect(found.filter((key) => key >= from)).toEqual(keys.filter((key) => key >= from));
      expect(keys).toEqual(expect.arrayContaining(found));
      expect(new Set(found).size).toBe(found.length);
    });

    test('names the folders directly below a prefix, over many pages', async () => {
      const users = Array.from({ length: 3 * PAGE_SIZE + 1 }, (_, i) => `user ${String(i).padStart(2, '0')}é`);
      for (const user of users) {
        await store().write(`t/chat/${user}/room/1.json`, Buffer.from('x'), TEXT);
        await store().write(`t/chat/${user}/room/2.json`, Buffer.from('x'), TEXT);
      }
      await store().write('t/chat/file.json', Buffer.from('x'), TEXT);

      const pages = await pagesOf((continuation) => store().listPrefixes('t/chat/', continuation));

      expect(pages.flatMap(({ prefixes }) => prefixes).sort()).toEqual(users.map((user) => `t/chat/${user}/`));
      expect(await pagesOf((continuation) => store().listPrefixes('', continuation))).toEqual([{ prefixes: ['t/'] }]);
      expect((await store().listPrefixes('nothing/')).prefixes).toEqual([]);
    });

    test('a folder is gone with its last object', async () => {
      await store().write('a/b/c', Buffer.from('x'), TEXT);
      await store().write('a/d', Buffer.from('x'), TEXT);

      await store().delete('a/b/c');

      expect((await store().listPrefixes('a/')).prefixes).toEqual([]);
      expect((await store().listPrefixes('')).prefixes).toEqual(['a/']);
    });
  });
}

async function keysBelow(store: ObjectStore, prefix: string): Promise<string[]> {
  return (await everything(store, prefix)).map(({ key }) => key).sort();
}

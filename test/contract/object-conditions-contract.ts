import { everything, expectFailure, type StoreOfTest, TEXT, text } from './object-store-support';

export interface ConditionsKind {
  /** Whether the ETag is made of the content, so that it comes back with the content; false if not given. */
  readonly hasContentEtags?: boolean;
  /** Whether it lets two of many writers at the same time win, once in a while, as a stand-in may; false if not given. */
  readonly losesRaces?: boolean;
}

/** Nobody writes over what they have not seen. */
export function describeConditions(
  store: StoreOfTest,
  { hasContentEtags = false, losesRaces = false }: ConditionsKind = {},
): void {
  describe('ETags and conditions', () => {
    test('are the same from a write, a look-up, a listing and a read', async () => {
      const { etag } = await store().write('a/b', Buffer.from('x'), TEXT);

      const entry = { key: 'a/b', etag, size: 1 };
      expect(await store().head('a/b')).toEqual(entry);
      expect(await everything(store())).toEqual([entry]);
      expect((await store().read('a/b')).etag).toBe(etag);
      expect((await store().read('a/b', { ifMatch: etag })).etag).toBe(etag);
    });

    test('change with every change of the content, however quick and of whatever length', async () => {
      const etags: string[] = [];
      for (let i = 0; i < 30; i++) etags.push((await store().write('x', Buffer.from(String(i % 10)), TEXT)).etag);

      expect(etags.every((etag, i) => etag !== etags[i - 1])).toBe(true);
      expect(new Set(etags).size).toBe(hasContentEtags ? 10 : etags.length);
    });

    test('read refuses another version than the one that was asked for', async () => {
      const { etag } = await store().write('x', Buffer.from('1'), TEXT);
      await store().write('x', Buffer.from('2'), TEXT);

      await expectFailure(store().read('x', { ifMatch: etag }), 'precondition_failed', 'permanent');
    });

    test('absent writes where nothing is, and nowhere else', async () => {
      await store().write('x', Buffer.from('1'), { ...TEXT, onlyIf: 'absent' });

      const again = store().write('x', Buffer.from('2'), { ...TEXT, onlyIf: 'absent' });

      await expectFailure(again, 'precondition_failed', 'permanent');
      expect(text((await store().read('x')).body)).toBe('1');
    });

    test('an ETag writes over that version only', async () => {
      const first = await store().write('x', Buffer.from('1'), TEXT);
      const second = await store().write('x', Buffer.from('2'), { ...TEXT, onlyIf: first });

      const stale = store().write('x', Buffer.from('3'), { ...TEXT, onlyIf: first });

      await expectFailure(stale, 'precondition_failed', 'permanent');
      expect(await store().read('x')).toEqual({ body: Buffer.from('2'), etag: second.etag });
    });

    test('an ETag does not write where nothing is', async () => {
      const { etag } = await store().write('x', Buffer.from('1'), TEXT);
      await store().delete('x');

      const late = store().write('x', Buffer.from('2'), { ...TEXT, onlyIf: { etag } });

      await expectFailure(late, 'precondition_failed', 'permanent');
      expect(await store().head('x')).toBeUndefined();
    });

    test.each(['absent', 'an ETag'])('of writers at the same time on %s, exactly one wins', async (condition) => {
      const onlyIf = condition === 'absent' ? 'absent' : await store().write('x', Buffer.from('0'), TEXT);

      const tries = Array.from({ length: 8 }, (_, i) => store().write('x', Buffer.from(`w${i}`), { ...TEXT, onlyIf }));
      const results = await Promise.allSettled(tries);

      const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [`w${i}`] : []));
      if (!losesRaces) expect(winners).toHaveLength(1);
      expect(winners).toContain(text((await store().read('x')).body));
    });
  });
}

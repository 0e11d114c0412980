import type { ObjectStore } from '../../shared/ports/object-store';
import { type ConditionsKind, describeConditions } from './object-conditions-contract';
import { describeContents } from './object-contents-contract';
import { describeListing } from './object-listing-contract';
import { everything, expectFailure, TEXT } from './object-store-support';

export { expectFailure, PAGE_SIZE } from './object-store-support';

export interface OpenObjectStore {
  /** An empty container, with PAGE_SIZE entries in a page of a listing. */
  readonly store: ObjectStore;
  /** A container that is not there. */
  readonly missing?: ObjectStore;
  close?(): Promise<void>;
}

export interface StoreKind extends ConditionsKind {
  /** Whether its container can be missing: then `missing` is one. */
  readonly canBeMissing: boolean;
}

/** What every object store promises, whatever it stores in. */
export function describeObjectStore(
  name: string,
  open: () => Promise<OpenObjectStore>,
  { canBeMissing, ...kind }: StoreKind,
): void {
  describe(`${name} as an object store`, () => {
    let opened: OpenObjectStore;
    const store = () => opened.store;

    beforeEach(async () => {
      opened = await open();
    });

    afterEach(() => opened.close?.());

    describeContents(store);
    describeConditions(store, kind);
    describeListing(store);

    describe('what is not there', () => {
      test('a read fails, a look-up gives nothing, a delete is no error', async () => {
        await expectFailure(store().read('no/such'), 'object_not_found', 'permanent');
        expect(await store().head('no/such')).toBeUndefined();
        await store().delete('no/such');
      });

      test('deleting twice is no error, and the object is gone', async () => {
        await store().write('x/y', Buffer.from('1'), TEXT);

        await store().delete('x/y');
        await store().delete('x/y');

        expect(await store().head('x/y')).toBeUndefined();
        expect(await everything(store())).toEqual([]);
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
        const calls = [
          store().read(key),
          store().head(key),
          store().delete(key),
          store().write(key, Buffer.from('x'), TEXT),
        ];

        for (const call of calls) await expectFailure(call, 'storage_request_invalid', 'permanent');
      },
    );

    test.each([
      ['a control character', 'control \u0001'],
      ['a line break', 'line\nbreak'],
      ['a backslash', 'back\\slash'],
      ['1,025 characters', 'x'.repeat(1025)],
    ])('does not write a key with %s, which not every store could list', async (_, key) => {
      await expectFailure(store().write(key, Buffer.from('x'), TEXT), 'storage_request_invalid', 'permanent');
    });

    test('refuses prefixes that lead nowhere', async () => {
      await expectFailure(store().list('/a'), 'storage_request_invalid', 'permanent');
      await expectFailure(store().listPrefixes('a'), 'storage_request_invalid', 'permanent');
    });
  });
}

import { DATASET_NAMES } from '../../../shared/messages/datasets';
import { monthFolder } from '../../../shared/messages/output-paths';
import { compactMonth } from '../../../shared/operations/compact/compact-month';
import { dropMonthsWith } from '../../../shared/operations/compact/drop-months';
import { datesOf, monthOfKey, monthsOf, parseMonth } from '../../../shared/operations/compact/month';
import type { MonthContext } from '../../../shared/operations/compact/month-context';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { type ExportWorld, runDay, snapshot, TENANT } from '../../support/export-world';
import { recorded, type StoreCall, watched } from '../../support/store-spies';
import { copyOf, exportedMonth, MONTH, partsOf, putMessage, standingMonth } from './month-world';

// Compaction, and taking compacted months away, ended anywhere.

class Killed extends Error {}

let world: ExportWorld;
/** The same month with one more message. */
let edited: ExportWorld;

beforeAll(async () => {
  world = await exportedMonth();
  edited = await exportedMonth();
  await compactMonth(edited.context(`${MONTH}-01`), MONTH);
  await putMessage(edited, 'bob', '2025-02-10', 'late');
  await runDay(edited.context('2025-02-10'));
});

/** A store that does the first `calls` calls that change something and is gone from then on. */
function endingAfter(store: ObjectStore, calls: number, moment: 'before' | 'after'): ObjectStore {
  let left = calls;
  const count = ({ method }: StoreCall) => {
    if (method !== 'write' && method !== 'delete') return;
    if (left === 0) throw new Killed();
    left -= 1;
  };
  return moment === 'before' ? watched(store, count) : watched(store, () => undefined, count);
}

async function changesOf(context: MonthContext, work: (context: MonthContext) => Promise<unknown>): Promise<number> {
  const { store, calls } = recorded(context.analytics);
  await work({ ...context, analytics: store });
  return calls.filter(({ method }) => method === 'write' || method === 'delete').length;
}

const compact = (context: MonthContext) => compactMonth(context, MONTH);
const drop = (context: MonthContext) => dropMonthsWith(context, ['2025-02-03', '2025-02-10']);

/** What a reader of the month's manifest reads is all there, and is what the manifest says. */
async function expectWhole(context: MonthContext): Promise<void> {
  const objects = await snapshot(context.analytics);
  for (const { key, sha256 } of partsOf(await standingMonth(context))) expect(objects.get(key)).toBe(sha256);
}

describe.each(['before', 'after'] as const)('cut off %s any one of its writes,', (moment) => {
  test.each([
    ['compaction', () => copyOf(world), compact],
    ['compaction of a month that has changed', () => copyOf(edited), compact],
    ['the removal of a month', () => copyOf(edited), drop],
  ] as const)(
    '%s is completed by the next one, and a reader sees one state or the other',
    async (_what, make, work) => {
      const undisturbed = await make();
      const changes = await changesOf(undisturbed, work);
      const expected = await snapshot(undisturbed.analytics);
      expect(changes).toBeGreaterThan(4);

      for (let point = 0; point < changes; point++) {
        const context = await make();
        await expect(work({ ...context, analytics: endingAfter(context.analytics, point, moment) })).rejects.toThrow(
          Killed,
        );
        await expectWhole(context);

        await work(context);

        expect(await snapshot(context.analytics)).toEqual(expected);
      }
    },
  );
});

test('a month is taken away with what a killed compaction left, and its days stay', async () => {
  const context = await copyOf(world);
  const before = await snapshot(context.analytics);
  await expect(compact({ ...context, analytics: endingAfter(context.analytics, 3, 'after') })).rejects.toThrow(Killed);
  expect((await snapshot(context.analytics)).size).toBeGreaterThan(before.size);

  const dropped = await drop(context);

  expect(dropped).toEqual([MONTH]);
  expect(await snapshot(context.analytics)).toEqual(before);
  expect(await drop(context)).toEqual([]);
});

test('a month is not taken away while it is being compacted, nor compacted twice at a time', async () => {
  const context = await copyOf(world);
  const refused: unknown[] = [];
  const analytics = watched(context.analytics, async ({ method, key }) => {
    if (method !== 'write' || !key.includes('/_manifests/months/')) return;
    for (const other of [drop, compact]) refused.push(await other(context).catch((error: unknown) => error));
  });

  await compact({ ...context, analytics });

  expect(refused).toMatchObject([{ code: 'day_in_use' }, { code: 'day_in_use' }]);
  expect(await standingMonth(context)).toBeDefined();
  expect(await drop(context)).toEqual([MONTH]);
});

test('months are known by dates and by keys', () => {
  expect(monthsOf(['2025-03-01', '2025-02-28', '2025-02-01'])).toEqual(['2025-02', '2025-03']);
  expect(datesOf('2024-02')).toHaveLength(29);
  expect(datesOf('2025-12').at(-1)).toBe('2025-12-31');
  for (const dataset of DATASET_NAMES)
    expect(monthOfKey(`${monthFolder(TENANT, dataset, MONTH)}part.parquet`)).toBe(MONTH);
  expect(monthOfKey(`${TENANT}/analytics/_manifests/months/2025-02.json`)).toBe(MONTH);
  expect(monthOfKey(`${TENANT}/analytics/_manifests/2025-02-03.json`)).toBeUndefined();
  expect(monthOfKey(`${TENANT}/analytics/rooms/year=2025/month=02/day=03/part.parquet`)).toBeUndefined();
});

test.each(['2025-13', '2025-00', '2025-2', '2025-02-01', '', 'now'])('%s is no month', (text) => {
  expect(() => parseMonth(text)).toThrow(
    expect.objectContaining({ fields: { month: expect.stringContaining('yyyy-mm') } }),
  );
});

import fc from 'fast-check';
import { addDays } from '../../../shared/calendar';
import { type DayHistory, firstDay, readDays } from '../../../shared/history/read-days';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { recordFailedDay } from '../../../shared/messages/run-record';
import type { MetadataItem, MetadataQuery } from '../../../shared/ports/metadata-store';
import { messageBody, messageKeyAt } from '../../support/chat';
import { ExportWorld, runDay, TENANT } from '../../support/export-world';

const AUGUST = { from: '2025-08-01', to: '2025-08-31' };

/** As the first version of all wrote them. */
const plain = (date: string, more: object = {}): MetadataItem => ({
  PK: `TENANT#${TENANT}#BATCH`,
  SK: `DAILY#${date}`,
  batch_type: 'daily_message_parquet',
  status: 'completed',
  message_count: 3,
  output_path: `${TENANT}/analytics/`,
  processed_at: '2025-08-12T02:00:00.123456',
  ...more,
});

/** A store that tells of its queries. */
class CountedStore extends MemoryMetadataStore {
  readonly queries: MetadataQuery[] = [];

  override query(query: MetadataQuery, continuation?: string) {
    this.queries.push(query);
    return super.query(query, continuation);
  }
}

async function storeOf(items: readonly MetadataItem[], pageSize = 1000): Promise<CountedStore> {
  const metadata = new CountedStore({ pageSize });
  for (const item of items) await metadata.put(item);
  return metadata;
}

const read = (metadata: MemoryMetadataStore, range = AUGUST): Promise<DayHistory> => readDays(metadata, TENANT, range);

describe('reading days', () => {
  it('gives what a run recorded of a published day, all of it', async () => {
    const world = new ExportWorld();
    for (const at of ['2025-08-11T03:00:00.000Z', '2025-08-11T04:00:00.000Z']) {
      await world.putMessage(messageKeyAt(TENANT, 'u', 'r', at, `m-${at}`), { ...messageBody(`m-${at}`, at), odd: 1 });
      await runDay(world.context('2025-08-11'));
    }

    const { days, unreadable } = await read(world.metadata);

    const item = (await world.metadata.get(`TENANT#${TENANT}#BATCH`, 'DAILY#2025-08-11'))?.item;
    const own = Object.entries(item ?? {}).filter(([name]) => !['PK', 'SK', 'batch_type'].includes(name));
    expect(unreadable).toEqual([]);
    expect(days).toEqual([{ ...Object.fromEntries(own), tenant: TENANT, date: '2025-08-11' }]);
    expect(days[0]).toMatchObject({
      message_count: 2,
      proof: { exported: 2 },
      revisions: 1,
      notices: { drift: { odd: 2 } },
    });
  });

  it('gives what was recorded of a failed day', async () => {
    const metadata = await storeOf([]);
    const failure = { kind: 'transient', code: 'storage_timeout', message: 'Too slow.', stage: 'collect' } as const;
    await recordFailedDay(metadata, TENANT, '2025-08-11', failure, Date.parse('2025-08-12T17:00:00Z'));

    const { days } = await read(metadata);

    expect(days).toEqual([
      {
        tenant: TENANT,
        date: '2025-08-11',
        status: 'failed',
        message_count: 0,
        output_path: '',
        processed_at: '2025-08-12T17:00:00.000Z',
        last_failure: { ...failure, at: '2025-08-12T17:00:00.000Z' },
      },
    ]);
  });

  it('takes records of earlier versions, and passes over what it does not know', async () => {
    const metadata = await storeOf([plain('2025-08-11', { of_a_later_version: { x: 1 } })]);

    const { days, unreadable } = await read(metadata);

    expect(unreadable).toEqual([]);
    expect(days).toEqual([
      {
        tenant: TENANT,
        date: '2025-08-11',
        status: 'completed',
        message_count: 3,
        output_path: `${TENANT}/analytics/`,
        processed_at: '2025-08-12T02:00:00.123456',
      },
    ]);
  });

  it('names every record that cannot be read, and what is wrong with it, beside those that can', async () => {
    const metadata = await storeOf([
      plain('2025-08-10'),
      plain('2025-08-11', { message_count: 'many', status: 'odd' }),
      plain('2025-08-12', { proof: { listed: 1 } }),
      plain('2025-08-13x'),
      plain('2025-08-14'),
    ]);

    const { days, unreadable } = await read(metadata);

    expect(days.map(({ date }) => date)).toEqual(['2025-08-10', '2025-08-14']);
    expect(unreadable).toHaveLength(3);
    expect(unreadable[0]).toMatch(/TENANT#acme#BATCH \/ DAILY#2025-08-11 cannot be read: .*status.*message_count/);
    expect(unreadable[1]).toContain('proof.outside');
    expect(unreadable[2]).toContain('DAILY#2025-08-13x');
  });

  it('asks once, whatever else stands in the partition', async () => {
    const others = ['LEASE#2025-08-11', 'YOUTUBE#2025-08-11T00-00-00.000', 'DAILY#2025-07-31', 'DAILY#2025-09-01'];
    const metadata = await storeOf([
      plain('2025-08-01'),
      plain('2025-08-31'),
      ...others.map((SK) => ({ ...plain(''), SK })),
    ]);

    const { days, unreadable } = await read(metadata);

    expect(days.map(({ date }) => date)).toEqual(['2025-08-01', '2025-08-31']);
    expect(unreadable).toEqual([]);
    expect(metadata.queries).toHaveLength(1);
  });

  it('gives the days of any range in order, over any number of pages', async () => {
    const offsets = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 30 });
    const day = fc.integer({ min: -5, max: 65 });

    await fc.assert(
      fc.asyncProperty(offsets, day, day, fc.integer({ min: 1, max: 7 }), async (there, a, b, pageSize) => {
        const dateAt = (offset: number) => addDays('2025-07-10', offset);
        const metadata = await storeOf(
          there.map((offset) => plain(dateAt(offset))),
          pageSize,
        );

        const { days } = await read(metadata, { from: dateAt(a), to: dateAt(b) });

        const expected = [...there].sort((x, y) => x - y).filter((offset) => a <= offset && offset <= b);
        expect(days.map(({ date }) => date)).toEqual(expected.map(dateAt));
      }),
    );
  });
});

describe('the first day', () => {
  it('is the earliest that has a record, and takes one request', async () => {
    const items = ['2025-08-11', '2024-02-29', '2025-01-01'].map((date) => plain(date));
    const metadata = await storeOf([...items, { ...plain(''), SK: 'LEASE#2020-01-01' }], 2);

    const first = await firstDay(metadata, TENANT);

    expect(first).toBe('2024-02-29');
    expect(metadata.queries).toHaveLength(1);
  });

  it('is none where there is no record', async () => {
    const metadata = await storeOf([{ ...plain(''), SK: 'YOUTUBE#2020-01-01' }]);

    expect(await firstDay(metadata, TENANT)).toBeUndefined();
  });
});

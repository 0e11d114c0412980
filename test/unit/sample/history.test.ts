import { type HistoryOptions, type HistoryTenant, sampleHistory } from '../../../local/sample/history';
import { SAMPLE_TENANTS } from '../../../local/sample/tenants';
import { addDays, dateRange } from '../../../shared/calendar';
import type { DayRecord } from '../../../shared/history/day-record';
import { firstDay, readDays } from '../../../shared/history/read-days';
import { readQuotaDays } from '../../../shared/history/read-quota-days';
import { readRuns } from '../../../shared/history/read-runs';
import { readSyncs } from '../../../shared/history/read-syncs';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import type { MetadataItem } from '../../../shared/ports/metadata-store';

const YEAR = { from: '2024-08-12', to: '2025-08-11' };
const NOW = Date.parse('2025-08-12T20:00:00Z');
const FIFTY: HistoryTenant[] = Array.from({ length: 50 }, (_, i) => ({
  id: `tenant-${String(i).padStart(2, '0')}`,
  timeZone: i % 10 === 9 ? 'America/New_York' : 'Asia/Tokyo',
  channels: i % 5 === 0 ? [`@channel-${i}`, `@more-${i}`] : [],
}));

async function stored(items: Iterable<MetadataItem>): Promise<MemoryMetadataStore> {
  const metadata = new MemoryMetadataStore();
  for (const item of items) await metadata.put(item, 'absent');
  return metadata;
}

describe('a year of fifty tenants', () => {
  const options: HistoryOptions = { tenants: FIFTY, ...YEAR, seed: 'test', now: NOW };
  let metadata: MemoryMetadataStore;
  let days: DayRecord[];
  let secondsOfProcessor: number;

  beforeAll(async () => {
    const before = process.cpuUsage();
    const items = [...sampleHistory(options)];
    secondsOfProcessor = process.cpuUsage(before).user / 1e6;
    metadata = await stored(items);
    const histories = await Promise.all(FIFTY.map(({ id }) => readDays(metadata, id, YEAR)));
    expect(histories.flatMap(({ unreadable }) => unreadable)).toEqual([]);
    days = histories.flatMap((history) => history.days);
  });

  it('is made in seconds', () => {
    expect(secondsOfProcessor).toBeLessThan(10);
  });

  it('has nearly all of its days, most of them published at once', () => {
    const clean = days.filter(({ revisions, last_failure }) => revisions === undefined && last_failure === undefined);

    expect(days.length).toBeGreaterThan(18_000);
    expect(days.length).toBeLessThan(18_250);
    expect(clean.length / days.length).toBeGreaterThan(0.9);
  });

  it.each<[string, (day: DayRecord) => boolean]>([
    ['got messages late', ({ revisions = 0, late_messages = 0 }) => revisions > 0 && late_messages > 0],
    ['were made up for', ({ date, run = '' }) => run.slice('export-'.length) > addDays(date, 1)],
    ['failed for good', ({ status }) => status === 'failed'],
    [
      'stand though a later run failed',
      ({ status, last_failure: later }) => status === 'completed' && later !== undefined,
    ],
    ['kept messages out', ({ proof }) => (proof?.quarantined ?? 0) > 0],
    ['have fields that no contract knows', ({ notices }) => Object.keys(notices?.drift ?? {}).length > 0],
  ])('has days that %s', (_, is) => {
    const share = days.filter(is).length / days.length;

    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.4);
  });

  it('has proofs that hold', () => {
    const holds = ({ proof, notices, objects, message_count: messages }: DayRecord) => {
      if (proof === undefined) return messages === 0;
      const { listed, outside, exported, duplicates, quarantined } = proof;
      const byReason = Object.values(notices?.quarantine ?? {}).reduce((a, b) => a + b, 0);
      const inside = exported + duplicates + quarantined;
      return listed === outside + inside && messages === exported && objects === inside && byReason === quarantined;
    };

    expect(days.filter((day) => !holds(day))).toEqual([]);
  });

  it('is quiet at weekends', () => {
    const messagesOn = (weekday: number) =>
      days
        .filter(({ date }) => new Date(date).getUTCDay() === weekday)
        .reduce((sum, day) => sum + day.message_count, 0);

    expect(messagesOn(0)).toBeLessThan(messagesOn(3) / 2);
    expect(messagesOn(6)).toBeLessThan(messagesOn(3) * 0.7);
  });

  it('has stages in order, and records of the time when they were written', () => {
    const isInOrder = ({ stages = [], processed_at: at, first_published_at: first = at }: DayRecord) => {
      const instants = stages.flatMap(({ begun_at, ended_at = at }) => [begun_at, ended_at]);
      return instants.every((instant, i) => (instants[i - 1] ?? '') <= instant) && first <= at && Date.parse(at) < NOW;
    };

    expect(days.filter((day) => !isInOrder(day))).toEqual([]);
  });

  it('has the runs that made the days', async () => {
    const { runs, unreadable } = await readRuns(metadata);

    const ids = new Set(runs.map(({ run }) => run));
    expect(unreadable).toEqual([]);
    expect(days.filter(({ run }) => run !== undefined && !ids.has(run))).toEqual([]);
    const exports = runs.filter(({ job }) => job === 'export');
    expect(exports.some(({ status, failures }) => status === 'partial' && failures.length > 0)).toBe(true);
    expect(exports.some(({ caught_up: caughtUp }) => caughtUp > 10)).toBe(true);
    const late = exports.reduce((sum, { late_days: lateDays }) => sum + lateDays, 0);
    expect(late).toBe(days.filter(({ revisions }) => revisions !== undefined).length);
  });

  it('has syncs whose catalogues grow, and what they used of the quota', async () => {
    const { syncs, unreadable } = await readSyncs(metadata, 'tenant-05', YEAR);
    const quota = await readQuotaDays(metadata, { from: addDays(YEAR.from, -1), to: addDays(YEAR.to, -1) });

    expect([...unreadable, ...quota.unreadable]).toEqual([]);
    expect(syncs).toHaveLength(365);
    const videos = syncs.filter(({ status }) => status === 'completed').map((sync) => sync.videos);
    expect(videos).toEqual([...videos].sort((a, b) => a - b));
    expect(videos.at(-1)).toBeGreaterThan((videos[0] ?? 0) + 30);
    expect(quota.days).toHaveLength(365);
    expect(quota.days.every(({ spent, limit }) => spent > 0 && spent <= limit)).toBe(true);
    expect(syncs.some(({ status }) => status === 'failed')).toBe(true);
  });
});

describe('a history', () => {
  const options: HistoryOptions = {
    tenants: SAMPLE_TENANTS,
    from: '2025-06-13',
    to: '2025-08-11',
    seed: 'makoto',
    now: NOW,
  };

  it('is the same for the same options, and another one for another seed', () => {
    const items = (seed: string) => JSON.stringify([...sampleHistory({ ...options, seed })]);

    expect(items('makoto')).toBe(items('makoto'));
    expect(items('other')).not.toBe(items('makoto'));
  });

  it('shows every kind of day within its last week, however short it is', async () => {
    const from = '2025-08-05';
    const metadata = await stored(sampleHistory({ ...options, from }));

    const histories = await Promise.all(
      SAMPLE_TENANTS.map(({ id }) => readDays(metadata, id, { from, to: options.to })),
    );

    const days = histories.flatMap((history) => history.days);
    expect(days.filter(({ status }) => status === 'failed')).not.toEqual([]);
    expect(days.filter(({ revisions = 0 }) => revisions > 0)).not.toEqual([]);
    expect(days.filter(({ status, last_failure: later }) => status === 'completed' && later)).not.toEqual([]);
    expect(days.length).toBeLessThan(3 * dateRange(from, options.to, 7).length);
  });

  it('has nothing that comes after now, nor of before a tenant was there', async () => {
    const [tenant] = SAMPLE_TENANTS;
    if (tenant === undefined) throw new Error('There is no tenant.');
    const now = Date.parse('2025-07-20T20:00:00Z');
    const metadata = await stored(sampleHistory({ ...options, tenants: [{ ...tenant, since: '2025-07-10' }], now }));

    const { days } = await readDays(metadata, tenant.id, { from: '2025-01-01', to: '2025-12-31' });

    expect(await firstDay(metadata, tenant.id)).toBe('2025-07-10');
    expect(days.at(-1)?.date).toBe('2025-07-20');
    expect(latest([...sampleHistory({ ...options, now })])).toBeLessThanOrEqual(now);
  });

  /** The latest instant that any record names as past. */
  function latest(items: readonly MetadataItem[]): number {
    const instants = items.flatMap(({ processed_at, ended_at }) => [processed_at, ended_at]);
    return Math.max(...instants.filter((instant) => typeof instant === 'string').map((instant) => Date.parse(instant)));
  }
});

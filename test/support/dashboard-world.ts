import type { Failure } from '../../shared/errors';
import type { DayRecord } from '../../shared/history/day-record';
import { batchPartition, DAY_PREFIX, SYNC_PREFIX } from '../../shared/history/keys';
import type { RunSummary } from '../../shared/history/run-summary';
import { runItem } from '../../shared/history/write-run';
import { MemoryMetadataStore } from '../../shared/local/memory-metadata-store';
import { answerDashboard, type DashboardAnswer, type DashboardRequest } from '../../shared/operations/dashboard/answer';
import type { DashboardSource } from '../../shared/operations/dashboard/source';
import type { MetadataQuery, MetadataStore } from '../../shared/ports/metadata-store';
import { silentLog } from './silent-log';

/** Noon in Tokyo: the day before has been run. */
export const NOON = Date.parse('2025-08-12T03:00:00Z');
export const LAST_DAY = '2025-08-11';

export const FAILURE: Failure = {
  kind: 'transient',
  code: 'storage_timeout',
  message: 'The container did not answer.',
  stage: 'collect',
};

/** Records in a metadata store in memory, and the page over them. There is no object store anywhere near. */
export class DashboardWorld {
  readonly metadata = new MemoryMetadataStore({ name: 'the table' });
  readonly queries: MetadataQuery[] = [];
  mostAtOnce = 0;
  nowMs = NOON;
  #underWay = 0;

  async register(...tenants: readonly string[]): Promise<void> {
    for (const id of tenants) await this.metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${id}`, tenant_id: id });
  }

  async putDay(
    tenant: string,
    date: string,
    more: Partial<DayRecord> & Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    await this.metadata.put({
      PK: batchPartition(tenant),
      SK: `${DAY_PREFIX}${date}`,
      batch_type: 'daily_message_parquet',
      status: 'completed',
      message_count: 100,
      output_path: `${tenant}/analytics/messages/`,
      processed_at: `${date}T17:05:00.000Z`,
      ...more,
    });
  }

  async putFailedDay(tenant: string, date: string, failure: Failure = FAILURE): Promise<void> {
    const last_failure = { ...failure, at: `${date}T17:05:00.000Z` };
    await this.putDay(tenant, date, { status: 'failed', message_count: 0, output_path: '', last_failure });
  }

  async putRun(more: Partial<RunSummary> = {}): Promise<RunSummary> {
    const summary: RunSummary = {
      run: `export-${LAST_DAY}`,
      job: 'export',
      date: LAST_DAY,
      status: 'completed',
      started_at: `${LAST_DAY}T17:00:00.000Z`,
      ended_at: `${LAST_DAY}T17:10:00.000Z`,
      requested_by: 'schedule',
      tenants: { completed: 1, failed: 0 },
      figures: { exported: 100, bytes: 5_000 },
      caught_up: 0,
      late_days: 0,
      failures: [],
      ...more,
    };
    await this.metadata.put(runItem(summary));
    return summary;
  }

  async putSync(
    tenant: string,
    date: string,
    videos: number,
    status: 'completed' | 'failed' = 'completed',
  ): Promise<void> {
    await this.metadata.put({
      PK: batchPartition(tenant),
      SK: `${SYNC_PREFIX}${date}T00-00-00.000`,
      date,
      status,
      processed_at: `${date}T15:00:30.000Z`,
      ...{ channels: 1, videos, streams: 2, removed: 0, rows_written: videos, quota_units: 7, stopped: [] },
    });
  }

  async putQuota(date: string, spent: number, key = 'k1'): Promise<void> {
    await this.metadata.put({
      PK: 'SYSTEM#YOUTUBE_QUOTA',
      SK: `KEY#${key}#${date}`,
      limit: 10_000,
      spent,
      reservations: {},
    });
  }

  /** What the page is made from; queries are written down. */
  get source(): DashboardSource {
    return {
      settings: {
        tenants: '*',
        businessTimeZone: 'Asia/Tokyo',
        dataContainer: 'makoto-messages',
        analyticsContainer: 'makoto-messages',
        exportSchedule: '0 0 17 * * *',
        targetDateOffset: -1,
        catchUpDays: 7,
        lateWindowDays: 2,
        cloud: { kind: 'azure' },
      },
      metadata: this.#watchedMetadata(),
      clock: { now: () => this.nowMs },
      log: silentLog,
    };
  }

  async get(query: string, request: Omit<DashboardRequest, 'query'> = {}): Promise<DashboardAnswer> {
    return answerDashboard(this.source, { ...request, query: new URLSearchParams(query) });
  }

  async json<View>(query: string): Promise<View> {
    const { status, body } = await this.get(`${query}&format=json`);
    if (status !== 200) throw new Error(`${status}: ${body}`);
    return JSON.parse(body) as View;
  }

  #watchedMetadata(): MetadataStore {
    const { metadata } = this;
    return {
      name: metadata.name,
      get: (partition, sortKey) => metadata.get(partition, sortKey),
      put: () => Promise.reject(new Error('The page writes nothing.')),
      query: async (query, continuation) => {
        this.queries.push(query);
        this.#underWay += 1;
        this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
        try {
          // An answer that comes at once would never be beside another.
          await new Promise((resolve) => setImmediate(resolve));
          return await metadata.query(query, continuation);
        } finally {
          this.#underWay -= 1;
        }
      },
    };
  }
}

import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import { DATASET_NAMES, type DatasetName } from '../../../shared/messages/datasets';
import type { PartRef } from '../../../shared/messages/manifest';
import { allObjects } from '../../../shared/messages/pages';
import { readPublishedDay } from '../../../shared/messages/published-day';
import { datesOf } from '../../../shared/operations/compact/month';
import type { MonthContext } from '../../../shared/operations/compact/month-context';
import { type MonthManifest, readPublishedMonth } from '../../../shared/operations/compact/month-manifest';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { messageBody, messageKeyAt } from '../../support/chat';
import { ExportWorld, runDay, TENANT, type WorldOptions } from '../../support/export-world';
import { type Row, storedRows } from '../../support/published-rows';

export const MONTH = '2025-02';
const USERS = ['alice', 'bob', 'carol'];
/** Days with messages, more on each; all others are published without one. */
const BUSY = ['2025-02-03', '2025-02-04', '2025-02-27'];

export function putMessage(world: ExportWorld, user: string, date: string, id: string): Promise<void> {
  const at = `${date}T03:00:00.000Z`;
  return world.putMessage(messageKeyAt(TENANT, user, 'r', at, id), { ...messageBody(id, at), unknown: id });
}

/** A tenant with every day of the month published. */
export async function exportedMonth(
  options: WorldOptions = {},
  leaveOut: readonly string[] = [],
): Promise<ExportWorld> {
  const world = new ExportWorld({ shardMessages: 11, ...options });
  for (const user of USERS) await world.putRoom(user, 'r', '2025-03-01T00:00:00Z', `room of ${user}`);
  for (const [index, date] of BUSY.entries())
    for (const user of USERS) for (let n = 0; n <= index; n++) await putMessage(world, user, date, `${user}${n}`);
  for (const date of datesOf(MONTH)) if (!leaveOut.includes(date)) await runDay(world.context(date));
  return world;
}

/** What compaction works with, over other stores than the world's where they are given. */
export function monthContext(world: ExportWorld, stores: { analytics?: ObjectStore } = {}): MonthContext {
  return world.context(`${MONTH}-01`, stores);
}

/** A world with the same output, to be spoiled; without the papers of its runs, which a month is not made from. */
export async function copyOf(world: ExportWorld): Promise<MonthContext> {
  const analytics = new MemoryObjectStore({ name: 'analytics', pageSize: 7 });
  for await (const { key } of allObjects(world.analytics, '')) {
    if (key.includes('/_plans/')) continue;
    await analytics.write(key, (await world.analytics.read(key)).body, { contentType: 'application/octet-stream' });
  }
  return { ...monthContext(world), analytics, metadata: new MemoryMetadataStore() };
}

export async function standingMonth({ analytics, tenant }: MonthContext): Promise<MonthManifest | undefined> {
  return (await readPublishedMonth(analytics, tenant, MONTH))?.manifest;
}

/** The rows of the month's days, in order, each with its day. */
export async function rowsOfDays({ analytics, tenant }: MonthContext, dataset: DatasetName): Promise<Row[]> {
  const rows: Row[] = [];
  for (const date of datesOf(MONTH)) {
    const published = await readPublishedDay(analytics, tenant, date);
    const business_date = Date.parse(date) / 86_400_000;
    const ofDay = await storedRows(analytics, published?.manifest.datasets[dataset] ?? []);
    rows.push(...ofDay.map((row) => ({ ...row, business_date })));
  }
  return rows;
}

export function partsOf(manifest: MonthManifest | undefined): PartRef[] {
  return DATASET_NAMES.flatMap((dataset) => manifest?.datasets[dataset] ?? []);
}

import { z } from 'zod';
import type { MetadataItem } from '../ports/metadata-store';
import type { DayRecord } from './day-record';
import { DAY_PREFIX } from './keys';
import { count, date, failureFields, instant } from './record-shapes';
import { problemsOf, unreadableRecord } from './unreadable';

type Fields<Of> = Record<keyof Of, z.ZodType>;

const counts = z.record(z.string(), count);

const proof = z.object({
  listed: count,
  outside: count,
  exported: count,
  duplicates: count,
  quarantined: count,
} satisfies Fields<NonNullable<DayRecord['proof']>>);

const notices = z.object({
  quarantine: counts,
  drift: counts,
  driftFirstSeen: z.record(z.string(), z.string()).exactOptional(),
  driftUnnamed: count,
  clockSkew: count,
  replacedSurrogates: count,
  late: count,
  repaired: count.exactOptional(),
  staleRepairs: count.exactOptional(),
} satisfies Fields<NonNullable<DayRecord['notices']>>);

const stage = z.object({
  stage: z.enum(['plan', 'collect', 'publish']),
  begun_at: instant,
  ended_at: instant.exactOptional(),
} satisfies Fields<NonNullable<DayRecord['stages']>[number]>);

const revision = z.object({
  at: instant,
  exported: z.int(),
  duplicates: z.int(),
  quarantined: z.int(),
} satisfies Fields<NonNullable<DayRecord['last_revision']>>);

/** With every field of a record: one that is missing here would be lost in reading. */
const day = z.object({
  status: z.enum(['completed', 'failed']),
  message_count: count,
  output_path: z.string(),
  processed_at: instant,
  manifest: z.string().exactOptional(),
  manifest_sha256: z.string().exactOptional(),
  time_zone: z.string().exactOptional(),
  proof: proof.exactOptional(),
  input_digest: z.string().exactOptional(),
  input_sum: z.string().exactOptional(),
  objects: count.exactOptional(),
  unnamed_rooms: count.exactOptional(),
  notices: notices.exactOptional(),
  parts: count.exactOptional(),
  bytes: count.exactOptional(),
  run: z.string().exactOptional(),
  seconds: z.number().min(0).exactOptional(),
  stages: z.array(stage).exactOptional(),
  first_published_at: instant.exactOptional(),
  revisions: count.exactOptional(),
  late_messages: z.int().exactOptional(),
  last_revision: revision.exactOptional(),
  last_failure: z.object({ ...failureFields, at: instant }).exactOptional(),
} satisfies Fields<Omit<DayRecord, 'tenant' | 'date'>>);

/** The record of a day, or why it cannot be read. */
export function dayRecordOf(tenant: string, item: MetadataItem): DayRecord | string {
  const named = date.safeParse(item.SK.slice(DAY_PREFIX.length));
  if (!named.success) return unreadableRecord(item, 'its sort key has no date as yyyy-mm-dd');
  const { data, error } = day.safeParse(item);
  return data === undefined ? unreadableRecord(item, problemsOf(error)) : { tenant, date: named.data, ...data };
}

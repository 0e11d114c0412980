import { type BusinessDate, type BusinessDay, businessDay, epochDay } from '../../shared/calendar';
import { AuditShare } from '../../shared/messages/audit-share';
import type { MetadataItem } from '../../shared/ports/metadata-store';
import { conversation } from './conversations';
import { type ExpectedCounts, Ledger, type SampleObject } from './ledger';
import { longBefore, metadataItems } from './metadata';
import { addOddities, encode } from './oddities';
import { Random } from './random';
import { type SampleRoom, sampleRooms } from './rooms';
import { ShapeRota } from './shapes';
import { SAMPLE_TENANTS, type SampleTenant } from './tenants';

export type { ExpectedCounts, SampleObject } from './ledger';

export interface SampleOptions {
  /** Each tenant's business date, by its zone. */
  readonly dateIn: (timeZone: string) => BusinessDate;
  /** Another seed gives other conversations. */
  readonly seed?: string;
  /** The `PLAN_AUDIT_SHARE` that the sample is to be exported with: it decides whose turn in the audit it is. */
  readonly auditShare?: number;
}

/** Plain data: the objects of the message container and the items of the metadata store. */
export interface Sample {
  readonly objects: readonly SampleObject[];
  readonly items: readonly MetadataItem[];
  /** What a run must report, by tenant. */
  readonly expected: Readonly<Record<string, ExpectedCounts>>;
  /** Each tenant's date. */
  readonly dates: Readonly<Record<string, BusinessDate>>;
}

/**
 * Three tenants and about 2,500 messages of one business day, in every shape that the chat product's writers are known for, with
 * a few that cannot be exported. The same options give the same bytes.
 */
export function makeSample({ dateIn, seed = 'makoto', auditShare = 0.142857 }: SampleOptions): Sample {
  const tenants = SAMPLE_TENANTS.map((tenant) => {
    const date = dateIn(tenant.timeZone);
    return { tenant, date, ...tenantSample(tenant, businessDay(date, tenant.timeZone), seed, auditShare) };
  });
  return {
    objects: tenants.flatMap(({ ledger }) => ledger.objects),
    items: tenants.flatMap(({ items }) => items),
    expected: Object.fromEntries(tenants.map(({ tenant, ledger }) => [tenant.id, ledger.expected()])),
    dates: Object.fromEntries(tenants.map(({ tenant, date }) => [tenant.id, date])),
  };
}

function tenantSample(
  tenant: SampleTenant,
  day: BusinessDay,
  seed: string,
  auditShare: number,
): { readonly ledger: Ledger; readonly items: readonly MetadataItem[] } {
  const share = new AuditShare(auditShare, epochDay(day.date));
  const rooms = sampleRooms(tenant, share, new Random(`${seed}/${tenant.id}`));
  const random = new Random(`${seed}/${tenant.id}/${day.date}`);
  const ledger = new Ledger();
  addConversations(ledger, tenant, rooms, day, random);
  const current = rooms.filter(({ standing }) => standing === 'current');
  const unaudited = current.filter(({ audited }) => !audited);
  const quiet = unaudited.length > 0 ? unaudited : current;
  for (let times = 0; times < tenant.oddities; times++) addOddities(ledger, quiet, day, random);
  return { ledger, items: metadataItems(tenant, day, rooms, ledger) };
}

function addConversations(
  ledger: Ledger,
  tenant: SampleTenant,
  rooms: readonly SampleRoom[],
  day: BusinessDay,
  random: Random,
): void {
  const rota = new ShapeRota();
  const chat = (room: SampleRoom, on: BusinessDay, fate: 'exported' | 'unlisted') => {
    for (const message of conversation(room, on, random))
      ledger.add({ ...message, body: encode(rota.next(message)), fate });
  };
  const start = longBefore(day);
  const earlier = { ...day, start, end: start + (day.end - day.start) };
  for (const room of rooms.filter(({ standing }) => standing === 'untouched')) chat(room, earlier, 'unlisted');
  const active = rooms.filter(({ standing }) => standing !== 'untouched');
  for (const room of active) chat(room, day, 'exported');
  while (ledger.exported < tenant.messages) chat(random.pick(active), day, 'exported');
}

import type { BusinessDay } from '../../shared/calendar';
import type { MetadataItem } from '../../shared/ports/metadata-store';
import type { Ledger } from './ledger';
import type { SampleRoom } from './rooms';
import type { SampleTenant } from './tenants';

export const UNTOUCHED_DAYS = 12;

/** What the chat product has written of a tenant: its registry entry, its users and their rooms. */
export function metadataItems(
  tenant: SampleTenant,
  day: BusinessDay,
  rooms: readonly SampleRoom[],
  ledger: Ledger,
): MetadataItem[] {
  const known = rooms.filter(({ standing }) => standing !== 'unknown_user');
  const users = [...new Set(known.map(({ user }) => user))];
  return [
    registryEntry(tenant),
    ...users.map((user) => ({ PK: `TENANT#${tenant.id}`, SK: `USER#${user}`, user_id: user, status: 'active' })),
    ...known.map((room) => roomItem(room, day, ledger)),
  ];
}

function registryEntry({ id, timeZone, namesItsZone, channels }: SampleTenant): MetadataItem {
  const zone = namesItsZone ? { time_zone: timeZone } : {};
  const youtube = channels.length === 0 ? {} : { youtube_channel_ids: channels };
  return { PK: 'SYSTEM#TENANTS', SK: `TENANT#${id}`, tenant_id: id, enabled: true, ...zone, ...youtube };
}

function roomItem(room: SampleRoom, day: BusinessDay, ledger: Ledger): MetadataItem {
  const { messages, lastMs } = ledger.roomTotals(room);
  const updatedAtMs = room.standing === 'stale' ? longBefore(day) : lastMs;
  return {
    PK: `TENANT#${room.tenant}#USER#${room.user}`,
    SK: `CHAT#${room.room}`,
    room_id: room.room,
    title: room.topic.title,
    message_count: messages,
    updated_at: new Date(updatedAtMs).toISOString(),
    status: room.standing === 'untouched' ? 'archived' : 'active',
  };
}

/** Further back than the audit looks. */
export function longBefore(day: BusinessDay): number {
  return day.start - UNTOUCHED_DAYS * 86_400_000;
}

import type { AuditShare } from '../../shared/messages/audit-share';
import type { Random } from './random';
import type { SampleTenant } from './tenants';
import type { Topic } from './topics';

/**
 * What the metadata store says of a room:
 * - `current`: its last message
 * - `stale`: an old date, although there are messages of the day: the chat product's update failed
 * - `unknown_user`: nothing, nor of its user
 * - `untouched`: rightly, that nothing happened since long before the day
 */
export type RoomStanding = 'current' | 'stale' | 'unknown_user' | 'untouched';

export interface SampleRoom {
  readonly tenant: string;
  readonly user: string;
  readonly room: string;
  readonly topic: Topic;
  readonly standing: RoomStanding;
  /** Whether the plan's audit looks into the user's prefixes on the day. */
  readonly audited: boolean;
}

/**
 * A tenant's rooms, the same from day to day but for two: the rooms that metadata misleads about belong to users whose turn in
 * the audit it is, so that the run finds them on the day itself.
 */
export function sampleRooms(tenant: SampleTenant, share: AuditShare, random: Random): SampleRoom[] {
  const make = (user: string, standing: RoomStanding): SampleRoom => ({
    tenant: tenant.id,
    user,
    room: `room-${random.hex(8)}`,
    topic: random.pick(tenant.topics),
    standing,
    audited: share.includes(user),
  });
  const rooms: SampleRoom[] = [];
  for (const person of tenant.people) {
    for (let count = random.integer(1, 4); count > 0; count--) rooms.push(make(person, 'current'));
    if (random.integer(1, 5) === 1) rooms.push(make(person, 'untouched'));
  }
  rooms.push(make(userInTurn('guest', share), 'unknown_user'));
  rooms.push(make(userInTurn('member', share), 'stale'));
  return rooms;
}

/** The first of `name-1`, `name-2` … whose turn it is; where nobody has one, the first. */
function userInTurn(name: string, share: AuditShare): string {
  const tries = Array.from({ length: 1000 }, (_, index) => `${name}-${index + 1}`);
  return tries.find((user) => share.includes(user)) ?? `${name}-1`;
}

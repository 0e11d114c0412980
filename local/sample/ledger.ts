import type { SampleRoom } from './rooms';

export interface SampleObject {
  readonly key: string;
  readonly body: Uint8Array;
}

/**
 * What the export must make of an object. It is known where the object is made, and not found out by reading it, so that
 * counts are a check on the batch:
 * - `outside`: in one of the day's two UTC folders, and of another day
 * - `unlisted`: in a folder that the day does not touch
 */
export type Fate = 'exported' | 'duplicate' | 'quarantined' | 'outside' | 'unlisted';

/** What the export of one tenant's day must report. */
export interface ExpectedCounts {
  readonly listed: number;
  readonly outside: number;
  readonly exported: number;
  readonly duplicates: number;
  readonly quarantined: number;
}

/** A message on its way into the sample. `name` is the key's last part, where it is not the usual one. */
export interface LedgerEntry {
  readonly room: SampleRoom;
  /** Where the key places it, epoch ms. */
  readonly instantMs: number;
  readonly messageId: string;
  readonly body: Uint8Array;
  readonly fate: Fate;
  readonly name?: string;
}

/** One tenant's objects, counted as they are made. */
export class Ledger {
  readonly objects: SampleObject[] = [];
  readonly #fates: Record<Fate, number> = { exported: 0, duplicate: 0, quarantined: 0, outside: 0, unlisted: 0 };
  readonly #rooms = new Map<SampleRoom, { messages: number; lastMs: number }>();

  add(entry: LedgerEntry): void {
    this.objects.push({ key: keyOf(entry), body: entry.body });
    this.#fates[entry.fate] += 1;
    const { messages, lastMs } = this.roomTotals(entry.room);
    this.#rooms.set(entry.room, { messages: messages + 1, lastMs: Math.max(lastMs, entry.instantMs) });
  }

  get exported(): number {
    return this.#fates.exported;
  }

  /** Every object of a room, whatever its fate, and the time of the last one in epoch ms. */
  roomTotals(room: SampleRoom): { readonly messages: number; readonly lastMs: number } {
    return this.#rooms.get(room) ?? { messages: 0, lastMs: 0 };
  }

  expected(): ExpectedCounts {
    const { exported, duplicate: duplicates, quarantined, outside } = this.#fates;
    return { listed: exported + duplicates + quarantined + outside, outside, exported, duplicates, quarantined };
  }
}

/** `{tenant}/chat/{user}/{room}/messages/yyyy/mm/dd/hh-mm-ss.sssZ-{message_id}.json`, by UTC. */
function keyOf({ room, instantMs, messageId, name }: LedgerEntry): string {
  const instant = new Date(instantMs).toISOString();
  const folder = instant.slice(0, 10).replaceAll('-', '/');
  const usual = `${instant.slice(11, 23).replaceAll(':', '-')}Z-${messageId}.json`;
  return `${room.tenant}/chat/${room.user}/${room.room}/messages/${folder}/${name ?? usual}`;
}

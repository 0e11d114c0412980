import { createHash } from 'node:crypto';
import { CONTRACT_VERSION } from './contract';
import { SCHEMA_VERSION } from './datasets';
import type { ExportContext } from './export-context';
import { InputSum, inputLines } from './input-sum';
import type { PlannedRepair } from './repairs';
import type { RoomDay } from './room-day';

export interface FinishedDigest {
  readonly input: string;
  /** See {@link InputSum}: of the same objects, and how many they are. */
  readonly inputSum: string;
  readonly objects: number;
  readonly fingerprint: string;
}

/**
 * Digests of what a shard is made from, taken room by room in key order while it is listed.
 *
 * `input` covers names and etags of the objects. `fingerprint` covers everything that the output depends on: also the titles of
 * rooms that have objects, corrected copies, the day's bounds, and how parts are written. Equal fingerprints give equal bytes.
 */
export class InputDigest {
  private readonly objects = createHash('sha256');
  private readonly titles = createHash('sha256');
  private readonly sum = new InputSum();

  add({ room, candidates }: RoomDay): void {
    if (candidates.length === 0) return;
    const lines = inputLines(candidates);
    this.objects.update(lines);
    this.sum.addRoom(candidates, lines);
    this.titles.update(`${JSON.stringify([room.user, room.room, room.title, room.source])}\n`);
  }

  finish(
    { tenant, day, options }: Pick<ExportContext, 'tenant' | 'day' | 'options'>,
    dividedUsers: readonly string[],
    repairs: readonly PlannedRepair[] = [],
  ): FinishedDigest {
    const input = this.objects.digest('hex');
    const { encoder, compression, partLimits } = options;
    const ends = partLimits === undefined ? [] : [partLimits];
    const repaired = repairs.map(({ key, etag, sha256 }) => [key, etag, sha256]);
    const optional = [...ends, ...(repaired.length === 0 ? [] : [{ repaired }])];
    const how = [tenant, day, encoder, compression, SCHEMA_VERSION, CONTRACT_VERSION, dividedUsers, ...optional];
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([input, this.titles.digest('hex'), how]))
      .digest('hex');
    return { input, inputSum: this.sum.hex, objects: this.sum.objects, fingerprint };
  }
}

/** One digest for several shards, by their order. */
export function combineDigests(digests: readonly string[]): string {
  return createHash('sha256').update(digests.join('\n')).digest('hex');
}

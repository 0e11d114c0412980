import { createHash } from 'node:crypto';
import type { Candidate } from './room-day';

const MODULUS = 1n << 256n;

type NamedVersion = Pick<Candidate, 'key' | 'etag'>;

/** Objects as digests take them: a line each, with name and etag. */
export function inputLines(candidates: readonly NamedVersion[]): string {
  return candidates.map(({ key, etag }) => `${key.key}\0${etag}\n`).join('');
}

/**
 * A digest of a day's objects that asks for no order: every room's names and etags are hashed by themselves, and the hashes are added up. So
 * whoever lists the rooms of a day, in whatever order and however they are divided into shards, has the same sum, and one listing can tell
 * for several days whether anything came, went or was replaced. A room without an object adds nothing.
 *
 * It tells changes that happen, and is no proof against somebody who could choose etags: that is what the proof and the digests of a
 * published day are for.
 */
export class InputSum {
  /** The objects that were added. */
  objects = 0;
  #sum = 0n;

  /** @param candidates the day's objects of one room, in key order. @param lines what {@link inputLines} makes of them */
  addRoom(candidates: readonly NamedVersion[], lines = inputLines(candidates)): void {
    if (candidates.length === 0) return;
    this.#add(createHash('sha256').update(lines).digest('hex'));
    this.objects += candidates.length;
  }

  /** In hex, of 64 digits. */
  get hex(): string {
    return this.#sum.toString(16).padStart(64, '0');
  }

  #add(hex: string): void {
    this.#sum = (this.#sum + BigInt(`0x${hex}`)) % MODULUS;
  }

  /** The sum of several sums in hex. */
  static of(sums: readonly string[]): string {
    const total = new InputSum();
    for (const sum of sums) total.#add(sum);
    return total.hex;
  }
}

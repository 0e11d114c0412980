import type { ObjectStore } from '../ports/object-store';
import type { DatasetName } from './datasets';
import { combineDigests } from './input-digest';
import { InputSum } from './input-sum';
import { compareKeys } from './key-order';
import type { Notices, PartRef } from './manifest';
import { addNotices, NO_NOTICES } from './notices';
import { readPaper } from './papers';
import { addProofs, EMPTY_PROOF, type Proof } from './proof';
import { asOfNow, type SavedShardResult } from './shard-result';
import type { DividedUser } from './shard-rows';
import { addTally } from './tally';

/** A day's shards added up. */
export interface DayResults {
  readonly proof: Proof;
  readonly notices: Notices;
  readonly inputDigest: string;
  /** See input-sum.ts; undefined where a shard's result is of a version that took none. */
  readonly inputSum: string | undefined;
  readonly objects: number | undefined;
  readonly contentLength: number;
  readonly attachments: number;
  readonly tokensUsed: number;
  readonly rooms: number;
  /** Users of one shard; {@link divided} has the rest. */
  readonly users: number;
  /** Users of several shards, each once, in key order. */
  readonly divided: readonly DividedUser[];
  readonly parts: Readonly<Record<Exclude<DatasetName, 'summary'>, readonly PartRef[]>>;
  readonly quarantine: readonly PartRef[];
}

/** Reads the results of a day's shards, one at a time. @param keys in the order of the shards' numbers */
export async function readResults(analytics: ObjectStore, keys: readonly string[]): Promise<DayResults> {
  const digests: string[] = [];
  const inputSums: string[] = [];
  let objects = 0;
  const divided = new Map<string, DividedUser>();
  const parts = { messages: [] as PartRef[], rooms: [] as PartRef[], users: [] as PartRef[] };
  const quarantine: PartRef[] = [];
  const sums = { contentLength: 0, attachments: 0, tokensUsed: 0, rooms: 0, users: 0 };
  let proof = EMPTY_PROOF;
  let notices = NO_NOTICES;
  for (const key of keys) {
    const result = asOfNow(await readPaper<SavedShardResult>(analytics, key));
    digests.push(result.inputDigest);
    if (result.inputSum !== undefined) inputSums.push(result.inputSum);
    objects += result.objects ?? 0;
    proof = addProofs(proof, result.proof);
    notices = addNotices(notices, result.notices);
    sums.contentLength += result.totals.contentLength;
    sums.attachments += result.totals.attachments;
    sums.tokensUsed += result.totals.tokensUsed;
    sums.rooms += result.rooms;
    sums.users += result.users;
    for (const dataset of ['messages', 'rooms', 'users'] as const) {
      parts[dataset].push(...result.parts[dataset]);
    }
    if (result.quarantine !== null) quarantine.push(result.quarantine);
    for (const user of result.dividedUsers) divided.set(user.user, mergedUser(divided.get(user.user), user));
  }
  const users = [...divided.values()].sort((a, b) => compareKeys(`${a.user}/`, `${b.user}/`));
  const summed = inputSums.length === keys.length;
  const input = {
    inputDigest: combineDigests(digests),
    inputSum: summed ? InputSum.of(inputSums) : undefined,
    objects: summed ? objects : undefined,
  };
  return { proof, notices, ...input, ...sums, divided: users, parts, quarantine };
}

/** A user with what one more shard knows of it. */
export function mergedUser(known: DividedUser | undefined, more: DividedUser): DividedUser {
  if (known === undefined) return more;
  const tally = { ...known.tally };
  addTally(tally, more.tally);
  return { user: more.user, rooms: known.rooms + more.rooms, tally };
}

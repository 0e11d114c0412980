import type { DatasetName } from '../../messages/datasets';
import { objectsOf, type PartRef } from '../../messages/manifest';
import { manifestKey, planFolder, repairsFolder } from '../../messages/output-paths';
import { type PublishedDay, readPublishedDay } from '../../messages/published-day';
import type { QuarantineEntry } from '../../messages/quarantine-file';
import { orderedMap } from '../../ordered-map';
import type { ObjectEntry, ObjectStore } from '../../ports/object-store';
import { namesUser, rowsOfUser, storedLines } from './stored-objects';
import type { UserTraces } from './user-traces';

/** Objects that are looked into side by side. */
const READS_AT_ONCE = 8;

/** A part that holds rows of the user. */
export interface PartOfUser {
  readonly dataset: Exclude<DatasetName, 'summary'>;
  readonly part: PartRef;
  readonly rows: number;
}

/** What of a day is the user's. */
export interface DayFindings {
  readonly date: string;
  /** The day as its manifest publishes it; undefined where it never was. */
  readonly published: PublishedDay | undefined;
  readonly parts: readonly PartOfUser[];
  /** Quarantine files with lines of the user. */
  readonly quarantine: readonly { readonly part: PartRef; readonly lines: number }[];
  /** Working papers of the published version that name the user. */
  readonly papers: readonly string[];
  /** Papers of late rooms that name the user; the corrected copies of its messages. */
  readonly latePapers: readonly string[];
  readonly repairs: readonly string[];
  /** Corrected copies of other users' messages. */
  readonly otherRepairs: number;
  /** Objects that name the user and belong to no published version: interrupted runs have left them. */
  readonly leftovers: readonly string[];
}

/** Whether a day has anything of the user. */
export function holdsUser({ parts, quarantine, papers, latePapers, repairs, leftovers }: DayFindings): boolean {
  return [parts, quarantine, papers, latePapers, repairs, leftovers].some(({ length }) => length > 0);
}

/**
 * Finds out what of a day is the user's: of its rows by the ids in the parts of `users`, which name everybody who has any, and only where
 * one is theirs by those of the others; of everything else by reading it.
 *
 * @param objects every object of the day
 */
export async function examineDay(
  analytics: ObjectStore,
  date: string,
  objects: readonly ObjectEntry[],
  traces: UserTraces,
): Promise<DayFindings> {
  const published = await readPublishedDay(analytics, traces.tenant, date);
  const named = published === undefined ? new Set<string>() : objectsOf(published.manifest);
  const papersBelow = planFolder(traces.tenant, date);
  const parts = published === undefined ? [] : await partsOfUser(analytics, published, traces);
  const quarantine = [];
  for (const part of published?.manifest.quarantine ?? []) {
    const lines = await linesOfUser(analytics, part, traces);
    if (lines > 0) quarantine.push({ part, lines });
  }
  // The manifest itself names nobody, and its parts have been looked into.
  const looked = (key: string) => named.has(key) && !key.startsWith(papersBelow);
  const others = objects.filter(({ key }) => key !== manifestKey(traces.tenant, date) && !looked(key));
  const found = await keysOfUser(analytics, others, traces);
  const late = `${papersBelow}late-`;
  const repairsBelow = repairsFolder(traces.tenant, date);
  const isRepair = (key: string) => key.startsWith(repairsBelow);
  const repairs = found.filter(isRepair);
  const latePapers = found.filter((key) => key.startsWith(late));
  const papers = found.filter((key) => named.has(key));
  return {
    date,
    published,
    parts,
    quarantine,
    papers,
    latePapers,
    repairs,
    otherRepairs: objects.filter(({ key }) => isRepair(key)).length - repairs.length,
    leftovers: found.filter((key) => ![...repairs, ...latePapers, ...papers].includes(key)),
  };
}

async function keysOfUser(
  analytics: ObjectStore,
  objects: readonly ObjectEntry[],
  traces: UserTraces,
): Promise<string[]> {
  const keys: string[] = [];
  const looks = orderedMap(objects, READS_AT_ONCE, async (object) => ({
    key: object.key,
    found: await namesUser(analytics, object, traces),
  }));
  for await (const { key, found } of looks) if (found) keys.push(key);
  return keys;
}

async function partsOfUser(
  analytics: ObjectStore,
  { manifest }: PublishedDay,
  traces: UserTraces,
): Promise<PartOfUser[]> {
  const found: PartOfUser[] = [];
  for (const dataset of ['users', 'rooms', 'messages'] as const) {
    for (const part of manifest.datasets[dataset]) {
      const rows = await rowsOfUser(analytics, part, traces);
      if (rows > 0) found.push({ dataset, part, rows });
    }
    if (dataset === 'users' && found.length === 0) return [];
  }
  return found;
}

async function linesOfUser(analytics: ObjectStore, part: PartRef, traces: UserTraces): Promise<number> {
  let lines = 0;
  for await (const line of storedLines(analytics, part)) {
    if (traces.ownsKey((JSON.parse(line) as QuarantineEntry).key)) lines += 1;
  }
  return lines;
}

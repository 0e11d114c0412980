import type { ExportContext } from '../../messages/export-context';
import { combineDigests } from '../../messages/input-digest';
import type { Manifest } from '../../messages/manifest';
import { readPaperIfThere } from '../../messages/papers';
import type { PublishedDay } from '../../messages/published-day';
import type { SavedShardResult } from '../../messages/shard-result';
import type { MetadataItem } from '../../ports/metadata-store';
import { type Finding, finding, runAgain } from './findings';
import { hasNewShards, type ListedInput, listInput } from './listed-input';

/** What the rooms of a day hold now, beside what its published version was made from. */
export interface InputState {
  /** `unchanged`, `changed: …`, or `not known: …`. */
  readonly text: string;
  /** Whether rows may differ from what the messages give now, and be right all the same. */
  readonly changed: boolean;
  readonly rooms: ListedInput['rooms'];
  readonly findings: readonly Finding[];
}

/**
 * Lists the day's rooms as planning does, and compares names and etags with the digest in the manifest: that tells whether anything was added,
 * removed or replaced, and the counts tell how much. Where users were erased since, the digests of the other shards tell.
 */
export async function compareInput(
  context: ExportContext,
  published: PublishedDay & { readonly record: MetadataItem | undefined },
): Promise<InputState> {
  const { manifest, record } = published;
  const listed = await listInput(context, published);
  const { rooms } = listed;
  if ((manifest.erasures ?? 0) > 0) return { ...(await compareErased(context, manifest, listed)), rooms };
  const now = combineDigests(manifest.shards.map(({ shard }) => listed.digests.get(shard)?.input ?? ''));
  if (now === manifest.input_digest && !hasNewShards(listed, manifest))
    return { text: 'unchanged', changed: false, rooms, findings: [] };
  const text = difference(listed.objects, objectsOf(manifest, record));
  return { text: `changed: ${text}`, changed: true, rooms, findings: [changedFinding(context, text)] };
}

/** The objects that the day was made from: those that only their body placed in another day are in the record alone. */
function objectsOf({ proof }: Manifest, record: MetadataItem | undefined): number {
  const counted = proof.exported + proof.duplicates + proof.quarantined;
  return typeof record?.objects === 'number' ? record.objects : counted;
}

function difference(now: number, before: number): string {
  const count = Math.abs(now - before);
  const objects = count === 1 ? 'object' : 'objects';
  return count === 0 ? 'as many objects, but others' : `${count} ${objects} ${now > before ? 'more' : 'fewer'}`;
}

function changedFinding({ tenant, day }: ExportContext, text: string): Finding {
  const what = `The messages have changed since the day was published (${text}). What was published stands as it is.`;
  return finding('input_changed', what, `To take the change in: ${runAgain(tenant, day.date)}`);
}

/** The manifest's digest covers messages that nobody may look into any more, and so did the results of the shards that had some. */
async function compareErased(
  context: ExportContext,
  manifest: Manifest,
  listed: ListedInput,
): Promise<Omit<InputState, 'rooms'>> {
  const { tenant, day, analytics } = context;
  let unknown = manifest.shards.length === 0;
  let changed = !unknown && hasNewShards(listed, manifest);
  for (const { shard, result } of manifest.shards) {
    const saved = result === undefined ? undefined : await readPaperIfThere<SavedShardResult>(analytics, result);
    if (saved === undefined) unknown = true;
    else changed ||= saved.inputDigest !== listed.digests.get(shard)?.input;
  }
  const what = `Users were erased from the day. Of the shards that had messages of theirs, nobody can tell whether other messages have changed since.`;
  const note = finding('erased', what, `To be able to tell again: ${runAgain(tenant, day.date)}`);
  if (changed) {
    const text = 'objects of users who were not erased';
    return { text: `changed: ${text}`, changed, findings: [changedFinding(context, text), note] };
  }
  return { text: unknown ? 'not known: users were erased' : 'unchanged', changed: unknown, findings: [note] };
}

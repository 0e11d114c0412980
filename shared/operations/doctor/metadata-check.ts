import { MetadataError } from '../../errors';
import { RUN_PARTITION } from '../../history/keys';
import type { MetadataStore } from '../../ports/metadata-store';
import { type Check, failed, fine, problem } from './check';

/** The doctor's own item: overwritten each time, because the store has no deleting. */
export const PROBE = { PK: RUN_PARTITION, SK: 'DOCTOR#PROBE' } as const;

const UNSAFE =
  'Look what stands between this program and the service: without this, two runs of a day could overwrite one another.';

/** Tries what a run does with the metadata store, with an item of the doctor's own. */
export async function checkMetadata(metadata: MetadataStore, nowMs: number): Promise<readonly Check[]> {
  const { name } = metadata;
  let doing = `Reading ${PROBE.PK} / ${PROBE.SK}`;
  try {
    const there = await metadata.get(PROBE.PK, PROBE.SK);
    const item = { ...PROBE, probed_at: new Date(nowMs).toISOString() };
    doing = `Writing ${PROBE.PK} / ${PROBE.SK} under a condition`;
    const condition = there === undefined ? 'absent' : { version: there.version };
    const overtaken = await isRefused(() => metadata.put(item, condition));
    doing = `Writing ${PROBE.PK} / ${PROBE.SK} under a condition that does not hold`;
    if (!overtaken && !(await isRefused(() => metadata.put(item, 'absent'))))
      return [problem('metadata', 'A condition that does not hold was not heeded.', UNSAFE, name)];
    doing = `Querying ${PROBE.PK}`;
    const { items } = await metadata.query({ partition: PROBE.PK, sortKeyPrefix: PROBE.SK, attributes: ['probed_at'] });
    if (items.length === 0) return [problem('metadata', 'What was written is not found by a query.', UNSAFE, name)];
    return [fine('metadata', 'Items can be read, queried, and written under a condition.', name)];
  } catch (error) {
    return [failed('metadata', doing, error, name)];
  }
}

/** Another doctor may be at work at the same moment: then it is that one's item, and the condition was heeded all the same. */
async function isRefused(put: () => Promise<void>): Promise<boolean> {
  try {
    await put();
    return false;
  } catch (error) {
    if (error instanceof MetadataError && error.code === 'metadata_precondition_failed') return true;
    throw error;
  }
}

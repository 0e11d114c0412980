import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { orderedMap } from '../../shared/ordered-map';
import type { Sample, SampleObject } from './sample';

const WRITES_AT_ONCE = 32;

/** The ports that the sample is put through. */
export type SampleTarget = Pick<BatchPlatform, 'dataStore' | 'metadata'>;

/**
 * Puts a sample into the services: its containers must be there. The last object is written when everything else is in place, so
 * that it tells whether the whole sample is.
 *
 * @param onProgress is called with the number of writes done
 */
export async function loadSample(
  target: SampleTarget,
  { objects, items }: Sample,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<void> {
  const writes = [
    ...objects.slice(0, -1).map((object) => () => writeObject(target, object)),
    ...items.map((item) => () => target.metadata.put(item)),
  ];
  let done = 0;
  for await (const _written of orderedMap(writes, WRITES_AT_ONCE, (write) => write())) {
    done += 1;
    onProgress(done, writes.length + 1);
  }
  for (const last of objects.slice(-1)) await writeObject(target, last);
  onProgress(writes.length + 1, writes.length + 1);
}

/** Whether this very sample was put in before, all of it. */
export async function isSampleLoaded(target: SampleTarget, { objects }: Sample): Promise<boolean> {
  const last = objects.at(-1);
  if (last === undefined) return true;
  return (await target.dataStore(tenantOf(last)).head(last.key)) !== undefined;
}

async function writeObject(target: SampleTarget, object: SampleObject): Promise<void> {
  await target.dataStore(tenantOf(object)).write(object.key, object.body, { contentType: 'application/json' });
}

function tenantOf({ key }: SampleObject): string {
  return key.slice(0, key.indexOf('/'));
}

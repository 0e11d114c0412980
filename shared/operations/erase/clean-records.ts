import { MetadataError } from '../../errors';
import { batchPartition, DAY_PREFIX, RUN_PARTITION, RUN_PREFIX } from '../../history/keys';
import { allItems } from '../../messages/pages';
import type { MetadataItem, MetadataQuery, MetadataStore } from '../../ports/metadata-store';
import type { UserTraces } from './user-traces';

const MAX_TRIES = 5;

/** What stands in place of a sentence that named the user. */
const ERASED_SENTENCE = 'What failed here named a user who was erased since.';

/**
 * Takes the user out of the failures that records of days and of runs tell of: messages name the objects and items that they are about, and
 * those are named after users.
 *
 * @returns how many records were changed
 * @throws MetadataError
 */
export async function cleanRecords(metadata: MetadataStore, traces: UserTraces, dryRun: boolean): Promise<number> {
  const days = { partition: batchPartition(traces.tenant), sortKeyPrefix: DAY_PREFIX, attributes: ['last_failure'] };
  const runs = { partition: RUN_PARTITION, sortKeyPrefix: RUN_PREFIX, attributes: ['failures'] };
  return (await cleaned(metadata, days, traces, dryRun)) + (await cleaned(metadata, runs, traces, dryRun));
}

async function cleaned(
  metadata: MetadataStore,
  query: MetadataQuery,
  traces: UserTraces,
  dryRun: boolean,
): Promise<number> {
  let changed = 0;
  for await (const { PK, SK, ...attributes } of allItems(metadata, query)) {
    if (!isNamedIn(attributes, traces)) continue;
    changed += 1;
    if (!dryRun) await clean(metadata, PK, SK, traces);
  }
  return changed;
}

/** Others write records too: a run of the same day, for one. */
async function clean(metadata: MetadataStore, partition: string, sortKey: string, traces: UserTraces): Promise<void> {
  for (let tries = 1; ; tries++) {
    const there = await metadata.get(partition, sortKey);
    if (there === undefined || !isNamedIn(there.item, traces)) return;
    try {
      await metadata.put(without(there.item, traces) as MetadataItem, { version: there.version });
      return;
    } catch (error) {
      const meanwhile = error instanceof MetadataError && error.code === 'metadata_precondition_failed';
      if (!meanwhile || tries === MAX_TRIES) throw error;
    }
  }
}

function isNamedIn(value: unknown, traces: UserTraces): boolean {
  if (typeof value === 'string') return traces.inSentence(value);
  if (value === null || typeof value !== 'object') return false;
  return Object.values(value).some((each) => isNamedIn(each, traces));
}

function without(value: unknown, traces: UserTraces): unknown {
  if (typeof value === 'string') return traces.inSentence(value) ? ERASED_SENTENCE : value;
  if (Array.isArray(value)) return value.map((each) => without(each, traces));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, without(each, traces)]));
}

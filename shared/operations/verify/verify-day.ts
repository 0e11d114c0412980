import { businessDay } from '../../calendar';
import { SCHEMA_VERSION } from '../../messages/datasets';
import type { ExportContext } from '../../messages/export-context';
import { datasetFigures, type Manifest, type PublishedShard } from '../../messages/manifest';
import { manifestKey } from '../../messages/output-paths';
import { deepFindings } from './deep-check';
import { type DayVerdict, type Finding, finding, runAgain, verdict } from './findings';
import { compareInput } from './input-check';
import { checkParts, leftoverFindings } from './part-checks';
import { quarantineFindings } from './quarantine-check';
import { readDay, type StandingDay, type UnreadableDay } from './read-day';

/** Versions of a day that are looked into, one after the other, while runs publish it anew. */
const MAX_VERSIONS = 3;

/**
 * Reads a tenant's published day back from storage, and tells whether it is what its manifest and its run record say, and whether its messages
 * have changed since. Changes nothing. A day that is published anew meanwhile, so that its parts go, is looked into once more.
 *
 * @param deep whether to compare every row with its message too
 * @throws StorageError, MetadataError where the day cannot be read
 */
export async function verifyDay(asked: ExportContext, deep: boolean): Promise<DayVerdict> {
  for (let versions = 1; ; versions++) {
    const standing = await readDay(asked);
    const found = await settled(() => verifyStanding(asked, standing, deep));
    const isFine = found.status === 'fulfilled' && found.value.ok;
    const stands = isFine || versions === MAX_VERSIONS || (await isStanding(asked, standing));
    if (!stands) continue;
    if (found.status === 'rejected') throw found.reason;
    return found.value;
  }
}

async function settled<T>(work: () => Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([work()]);
  return result;
}

type Standing = StandingDay | UnreadableDay;

async function isStanding({ analytics, tenant, day }: ExportContext, { etag }: Standing): Promise<boolean> {
  return (await analytics.head(manifestKey(tenant, day.date)))?.etag === etag;
}

async function verifyStanding(asked: ExportContext, standing: Standing, deep: boolean): Promise<DayVerdict> {
  const { tenant, day } = asked;
  const of = { tenant, date: day.date };
  if (!('manifest' in standing)) return verdict({ ...of, deep: false, findings: standing.findings });

  const { manifest } = standing;
  // The day as it was made: whether it is to be made otherwise by now is a finding of its own.
  const context = { ...asked, day: businessDay(day.date, manifest.time_zone) };
  const parts = await checkParts(context, manifest);
  const input = await compareInput(context, standing);
  const findings = [
    ...standing.findings,
    ...parts.findings,
    ...(await quarantineFindings(context, manifest, parts.broken)),
    ...strayFindings(context, manifest),
    ...(await paperFindings(context, manifest)),
    ...(await leftoverFindings(context, manifest)),
    ...input.findings,
  ];
  const isDeep = deep && manifest.schema_version <= SCHEMA_VERSION && !lacksShards(manifest);
  if (isDeep) findings.push(...(await deepFindings(context, { manifest, input, broken: parts.broken })));
  const figures = { messages: manifest.proof.exported, ...datasetFigures(manifest) };
  return verdict({ ...of, deep: isDeep, ...figures, input: input.text, findings });
}

/** Where users are erased from a day whose working papers are gone, nobody knows its shards any more until it is run again. */
function lacksShards({ shards, erasures = 0 }: Manifest): boolean {
  return shards.length === 0 && erasures > 0;
}

/** Parts that are numbered like no shard of the day: nobody would know which rows they have to have. */
function strayFindings({ tenant, day }: ExportContext, manifest: Manifest): Finding[] {
  const { datasets, quarantine, shards, layout } = manifest;
  if (lacksShards(manifest)) return [];
  const numbers = new Set(shards.map(({ shard }) => shard));
  const isStray = (key: string, more?: number) => {
    const number = Number(/\/part-(\d{5,})-[^/]*$/.exec(key)?.[1] ?? -1);
    return !numbers.has(number) && number !== more;
  };
  const strays = [
    ...[...datasets.messages, ...datasets.rooms, ...quarantine].filter(({ key }) => isStray(key)),
    ...datasets.users.filter(({ key }) => isStray(key, layout.length)),
    ...datasets.summary.slice(1),
  ];
  return strays.map(({ key }) =>
    finding(
      'part_misplaced',
      `The manifest names ${key}, which is of no shard of the day.`,
      runAgain(tenant, day.date, 'force'),
    ),
  );
}

/** Without its working papers a day is as good, but it is read anew the next time it is run. */
async function paperFindings(
  { analytics, tenant, day }: ExportContext,
  { plan, shards }: Manifest,
): Promise<Finding[]> {
  const missing: string[] = [];
  for (const key of [plan, ...shards.flatMap(papersOf)])
    if ((await analytics.head(key)) === undefined) missing.push(key);
  if (missing.length === 0) return [];
  const what = `${missing.length} of the day's working papers are not there, such as ${missing[0]}. The published rows do not need them; a run of the day reads every message again, and looks only into rooms that metadata and its audit name.`;
  return [finding('papers_missing', what, `It writes them anew: ${runAgain(tenant, day.date)}`)];
}

/** Of a shard that users were erased from there is no result. */
function papersOf({ plan, result }: PublishedShard): string[] {
  return result === undefined ? [plan] : [plan, result];
}

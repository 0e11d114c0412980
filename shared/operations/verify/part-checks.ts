import { BatchError } from '../../errors';
import { DATASET_NAMES, DATASETS, type DatasetName, datasetOfVersion, SCHEMA_VERSION } from '../../messages/datasets';
import type { ExportContext } from '../../messages/export-context';
import type { Manifest, PartRef } from '../../messages/manifest';
import { datasetFolder, quarantineFolder } from '../../messages/output-paths';
import { allObjects } from '../../messages/pages';
import { givesBack } from '../../messages/read-back';
import { orderedMap } from '../../ordered-map';
import { checkPart } from '../../parquet/part-check';
import type { PartSource } from '../../parquet/part-footer';
import type { ObjectStore } from '../../ports/object-store';
import { type Finding, finding, runAgain } from './findings';

/** Parts that are read side by side; of each, a few megabytes are in memory. */
const PARTS_AT_ONCE = 4;
/** Leftovers that are named one by one. */
const NAMED = 3;

/** A part with what it must be. */
interface NamedPart {
  readonly part: PartRef;
  readonly folder: string;
  /** Undefined of a quarantine file. */
  readonly dataset: DatasetName | undefined;
}

/** What is wrong with a day's parts, and the keys of those that cannot be read row by row. */
export interface PartFindings {
  readonly findings: readonly Finding[];
  readonly broken: ReadonlySet<string>;
}

/** Reads every part of a day, and compares it with its manifest: place, size, content, and of Parquet the schema and the rows. */
export async function checkParts(context: ExportContext, manifest: Manifest): Promise<PartFindings> {
  const findings: Finding[] = [];
  const broken = new Set<string>();
  const checked = orderedMap(namedParts(context, manifest), PARTS_AT_ONCE, async (named) => ({
    key: named.part.key,
    found: await partFindings(context, manifest, named),
  }));
  for await (const { key, found } of checked) {
    findings.push(...found);
    if (found.length > 0) broken.add(key);
  }
  return { findings: [...findings, ...repeated(context, manifest)], broken };
}

function namedParts({ tenant, day }: ExportContext, { datasets, quarantine }: Manifest): NamedPart[] {
  const ofDatasets = DATASET_NAMES.flatMap((dataset) =>
    datasets[dataset].map((part) => ({ part, dataset, folder: datasetFolder(tenant, dataset, day.date) })),
  );
  const folder = quarantineFolder(tenant, day.date);
  return [...ofDatasets, ...quarantine.map((part) => ({ part, dataset: undefined, folder }))];
}

async function partFindings(context: ExportContext, manifest: Manifest, named: NamedPart): Promise<Finding[]> {
  const { analytics, tenant, day } = context;
  const { part, folder, dataset } = named;
  const anew = runAgain(tenant, day.date, 'force');
  if (!part.key.startsWith(folder))
    return [finding('part_misplaced', `The manifest names ${part.key}, which does not lie in ${folder}.`, anew)];
  const there = await analytics.head(part.key);
  if (there === undefined) return [finding('part_missing', `${part.key} is not there.`, anew)];
  if (there.size !== part.bytes) {
    const what = `${part.key} has ${there.size} bytes, expected ${part.bytes}.`;
    return [finding('part_altered', what, anew)];
  }
  const findings: Finding[] = [];
  if (!(await givesBack(analytics, part.key, part.bytes, part.sha256)))
    findings.push(
      finding('part_altered', `${part.key} has other content than was published: its SHA-256 differs.`, anew),
    );
  const problem = dataset === undefined ? undefined : await parquetProblem(context, manifest, dataset, part);
  if (problem !== undefined) findings.push(finding('part_unreadable', `${part.key}: ${problem}`, anew));
  return findings;
}

async function parquetProblem(
  { analytics }: ExportContext,
  { schema_version: version }: Manifest,
  dataset: DatasetName,
  part: PartRef,
): Promise<string | undefined> {
  if (version > SCHEMA_VERSION) return undefined;
  try {
    const schema = datasetOfVersion(DATASETS[dataset], version);
    await checkPart(partSource(analytics, part), { schema, rows: part.rows });
    return undefined;
  } catch (error) {
    if (error instanceof BatchError && error.code === 'part_invalid') return error.message;
    throw error;
  }
}

/** A stored part, readable by ranges. */
export function partSource(store: ObjectStore, { key, bytes }: PartRef): PartSource {
  const read = async (offset: number, length: number) => (await store.read(key, { range: { offset, length } })).body;
  return { size: bytes, read };
}

function repeated({ tenant, day }: ExportContext, { datasets, quarantine }: Manifest): Finding[] {
  const keys = [...Object.values(datasets).flat(), ...quarantine].map(({ key }) => key);
  const twice = [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
  return twice.map((key) =>
    finding('part_misplaced', `The manifest names ${key} more than once.`, runAgain(tenant, day.date, 'force')),
  );
}

/** Objects in the folders of the day's datasets and quarantine that the manifest does not name: readers that follow it do not see them. */
export async function leftoverFindings(
  { analytics, tenant, day }: ExportContext,
  manifest: Manifest,
): Promise<Finding[]> {
  const named = new Set([...Object.values(manifest.datasets).flat(), ...manifest.quarantine].map(({ key }) => key));
  const folders = DATASET_NAMES.map((dataset) => datasetFolder(tenant, dataset, day.date));
  const left: string[] = [];
  for (const folder of [...folders, quarantineFolder(tenant, day.date)])
    for await (const { key } of allObjects(analytics, folder)) if (!named.has(key)) left.push(key);
  if (left.length === 0) return [];
  const shown = left.slice(0, NAMED).join(', ') + (left.length > NAMED ? ` and ${left.length - NAMED} more` : '');
  const what = `The manifest does not name ${shown}: of a run that is under way or was interrupted. Engines that read whole folders see them.`;
  return [finding('leftovers', what, `The end of the next run removes them: ${runAgain(tenant, day.date)}`)];
}

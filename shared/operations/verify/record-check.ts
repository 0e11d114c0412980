import { createHash } from 'node:crypto';
import { batchPartition, DAY_PREFIX } from '../../history/keys';
import type { ExportContext } from '../../messages/export-context';
import { datasetFigures, type Manifest, rowsOf } from '../../messages/manifest';
import { datasetFolder, manifestKey } from '../../messages/output-paths';
import { proofProblems } from '../../messages/proof';
import type { MetadataItem } from '../../ports/metadata-store';
import { type Finding, finding, fromNothing, runAgain } from './findings';

/**
 * Compares a manifest with what the run record says, and with itself. @param text the manifest as it is stored: the record has its digest
 */
export function recordFindings(
  context: Pick<ExportContext, 'tenant' | 'day'>,
  manifest: Manifest,
  text: string,
  record: MetadataItem | undefined,
): Finding[] {
  const { tenant, day } = context;
  const again = runAgain(tenant, day.date);
  const findings = [...boundsFindings(context, manifest), ...proofFindings(manifest, fromNothing(tenant, day.date))];
  if (record === undefined) {
    const what = `There is no run record ${batchPartition(tenant)} / ${DAY_PREFIX}${day.date} of the published day.`;
    return [...findings, finding('record_missing', what, `It writes the record anew: ${again}`)];
  }
  const digest = createHash('sha256').update(text).digest('hex');
  if (record.manifest_sha256 !== undefined && record.manifest_sha256 !== digest) {
    const what = `The manifest ${manifestKey(tenant, day.date)} is not the one that was recorded: its SHA-256 is ${digest}, expected ${String(record.manifest_sha256)}.`;
    findings.push(finding('manifest_altered', what, fromNothing(tenant, day.date)));
  }
  const differing = differences(expectedRecord(context, manifest), record);
  if (differing.length > 0) {
    const what = `The run record does not say what the manifest says: ${differing.join('; ')}.`;
    findings.push(finding('record_differs', what, again));
  }
  const failure = record.status === 'completed' ? failureText(record) : undefined;
  if (failure !== undefined)
    findings.push(finding('failed_since', `${failure}. The day stands as it was published before.`, again));
  return findings;
}

/** A later change of the tenant's zone, or of the zone's rules, makes other bounds than those that the day was made with. */
function boundsFindings({ tenant, day }: Pick<ExportContext, 'tenant' | 'day'>, manifest: Manifest): Finding[] {
  const { time_zone: zone, day: made } = manifest;
  const meant = { start: new Date(day.start).toISOString(), end: new Date(day.end).toISOString() };
  if (zone === day.zone && made.start === meant.start && made.end === meant.end) return [];
  const what = `The day was published as one of ${zone}, from ${made.start} to ${made.end}; by the settings it is one of ${day.zone}, from ${meant.start} to ${meant.end}.`;
  const todo = `If the settings are right: ${runAgain(tenant, day.date)}`;
  return [finding('bounds_differ', what, todo)];
}

function proofFindings({ proof, datasets, quarantine, notices }: Manifest, again: string): Finding[] {
  const problems = proofProblems(proof, { rows: rowsOf(datasets.messages), quarantineLines: rowsOf(quarantine) });
  const byReason = Object.values(notices.quarantine).reduce((sum, each) => sum + each, 0);
  if (byReason !== proof.quarantined)
    problems.push(`${proof.quarantined} messages were quarantined but ${byReason} are counted by reason`);
  return problems.length === 0
    ? []
    : [finding('proof_broken', `The proof does not hold: ${problems.join('; ')}.`, again)];
}

function expectedRecord({ tenant, day }: Pick<ExportContext, 'tenant' | 'day'>, manifest: Manifest) {
  return {
    status: 'completed',
    message_count: manifest.proof.exported,
    output_path: datasetFolder(tenant, 'messages', day.date),
    manifest: manifestKey(tenant, day.date),
    time_zone: manifest.time_zone,
    proof: manifest.proof,
    input_digest: manifest.input_digest,
    notices: manifest.notices,
    ...datasetFigures(manifest),
  };
}

function differences(expected: Readonly<Record<string, unknown>>, record: MetadataItem): string[] {
  return Object.entries(expected)
    .filter(([name, value]) => canonical(record[name]) !== canonical(value))
    .map(([name, value]) => `${name} is ${shown(record[name])}, expected ${shown(value)}`);
}

function shown(value: unknown): string {
  const text = canonical(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** JSON with sorted names: stores give attributes back in an order of their own. */
function canonical(value: unknown): string {
  if (value === undefined) return 'missing';
  return JSON.stringify(value, (_name, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** What a run record says of its last failure, as a sentence. */
export function failureText(record: MetadataItem | undefined): string | undefined {
  const failure = record?.last_failure as {
    readonly code?: unknown;
    readonly at?: unknown;
    readonly message?: unknown;
  };
  if (typeof failure !== 'object' || failure === null) return undefined;
  return `A run of ${String(failure.at)} failed: ${String(failure.code)}, ${String(failure.message)}`;
}

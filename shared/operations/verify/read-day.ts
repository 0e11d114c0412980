import { timeZoneName } from '../../calendar';
import { StorageError } from '../../errors';
import { batchPartition, DAY_PREFIX } from '../../history/keys';
import { CONTRACT_VERSION } from '../../messages/contract';
import { SCHEMA_VERSION } from '../../messages/datasets';
import type { ExportContext } from '../../messages/export-context';
import type { Manifest } from '../../messages/manifest';
import { manifestKey } from '../../messages/output-paths';
import type { MetadataItem } from '../../ports/metadata-store';
import { type Finding, finding, fromNothing, runAgain } from './findings';
import { readManifest } from './manifest-shape';
import { failureText, recordFindings } from './record-check';

const utf8 = new TextDecoder();

/** A tenant's day as it stands published, with what its manifest and its run record say of one another. */
export interface StandingDay {
  readonly manifest: Manifest;
  readonly etag: string;
  /** The day's run record, where there is one. */
  readonly record: MetadataItem | undefined;
  readonly findings: readonly Finding[];
}

/** A day that cannot be looked into, and why; with the etag of what stands in its manifest's place, if anything does. */
export interface UnreadableDay {
  readonly etag: string | undefined;
  readonly findings: readonly Finding[];
}

/** Reads a day's manifest and run record. */
export async function readDay(context: ExportContext): Promise<StandingDay | UnreadableDay> {
  const { tenant, day, metadata } = context;
  const [stored, recorded] = await Promise.all([
    storedManifest(context),
    metadata.get(batchPartition(tenant), `${DAY_PREFIX}${day.date}`),
  ]);
  const record = recorded?.item;
  if (stored === undefined) return { etag: undefined, findings: [missing(context, record)] };
  const { etag } = stored;
  const read = readManifest(stored.text);
  if ('problem' in read) {
    const what = `The manifest ${manifestKey(tenant, day.date)} cannot be read: ${read.problem}.`;
    return { etag, findings: [finding('manifest_unreadable', what, fromNothing(tenant, day.date))] };
  }
  const { manifest } = read;
  const foreign = manifest.tenant_id !== tenant || manifest.business_date !== day.date;
  if (foreign) {
    const what = `The manifest ${manifestKey(tenant, day.date)} is that of ${manifest.tenant_id} on ${manifest.business_date}.`;
    return { etag, findings: [finding('manifest_altered', what, fromNothing(tenant, day.date))] };
  }
  if (timeZoneName(manifest.time_zone) === undefined) {
    const what = `The manifest ${manifestKey(tenant, day.date)} names the time zone ${JSON.stringify(manifest.time_zone)}, which is none.`;
    return { etag, findings: [finding('manifest_altered', what, fromNothing(tenant, day.date))] };
  }
  const findings = [...newerFindings(manifest), ...recordFindings(context, manifest, stored.text, record)];
  return { manifest, etag, record, findings };
}

async function storedManifest({ analytics, tenant, day }: ExportContext) {
  try {
    const { body, etag } = await analytics.read(manifestKey(tenant, day.date));
    return { text: utf8.decode(body), etag };
  } catch (error) {
    if (error instanceof StorageError && error.code === 'object_not_found') return undefined;
    throw error;
  }
}

function missing({ tenant, day }: ExportContext, record: MetadataItem | undefined): Finding {
  const todo = runAgain(tenant, day.date);
  if (record?.status === 'completed') {
    const what = `The run record says that the day is published, and the manifest ${manifestKey(tenant, day.date)} is not there.`;
    return finding('manifest_missing', what, todo);
  }
  const failure = failureText(record);
  return finding('day_missing', `The day is not published.${failure === undefined ? '' : ` ${failure}`}`, todo);
}

function newerFindings({ schema_version: schema, contract_version: contract }: Manifest): Finding[] {
  if (schema <= SCHEMA_VERSION && contract <= CONTRACT_VERSION) return [];
  const what = `The day is of schema version ${schema} and contract version ${contract}; this program knows ${SCHEMA_VERSION} and ${CONTRACT_VERSION}.`;
  return [finding('schema_newer', what, 'Verify it with the version of the batch that published it, or a later one.')];
}

import type { Manifest, PartRef } from '../../../shared/messages/manifest';
import { manifestText } from '../../../shared/messages/manifest';
import { manifestKey } from '../../../shared/messages/output-paths';
import type { DayVerdict } from '../../../shared/operations/verify/findings';
import { verifyDay } from '../../../shared/operations/verify/verify-day';
import type { MetadataItem } from '../../../shared/ports/metadata-store';
import { messageBody, messageKeyAt } from '../../support/chat';
import { ExportWorld, runDay, snapshot, TENANT, type WorldOptions } from '../../support/export-world';

export const DATE = '2025-08-11';
export const AT = '2025-08-11T03:00:00.000Z';
const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'];

/** Six users with two rooms each, in several shards; two messages a room, a duplicate, and two that are no rows. */
export async function publishedWorld(options: WorldOptions = {}): Promise<ExportWorld> {
  const world = new ExportWorld({ shardMessages: 130, ...options });
  await putDay(world, AT);
  await runDay(world.context(DATE));
  return world;
}

export async function putDay(world: ExportWorld, at: string): Promise<void> {
  for (const user of USERS) {
    for (const room of ['r1', 'r2']) {
      for (const id of [`${user}-${room}-1`, `${user}-${room}-2`])
        await world.putMessage(messageKeyAt(TENANT, user, room, at, id), {
          ...messageBody(id, at, `secret words of ${user}`),
          agent_info: { mode: 'chat', tokens_used: 12, execution_time_ms: 1.5 },
        });
    }
  }
  await world.putMessage(messageKeyAt(TENANT, 'alice', 'r1', at, 'zz'), messageBody('alice-r1-1', at));
  await world.putMessage(messageKeyAt(TENANT, 'bob', 'r1', at, 'bad-1'), '{');
  await world.putMessage(messageKeyAt(TENANT, 'carol', 'r2', at, 'bad-2'), { message_id: 'bad-2', role: 'user' });
}

export function verify(world: ExportWorld, deep = false, date = DATE): Promise<DayVerdict> {
  return verifyDay(world.context(date), deep);
}

export function codesOf({ findings }: DayVerdict): string[] {
  return findings.map(({ code }) => code);
}

export async function manifestOf(world: ExportWorld, date = DATE): Promise<Manifest> {
  return JSON.parse(new TextDecoder().decode(await bytesOf(world, manifestKey(TENANT, date))));
}

export async function writeManifest(world: ExportWorld, manifest: Manifest): Promise<void> {
  await write(world, manifestKey(TENANT, DATE), Buffer.from(manifestText(manifest)));
}

export async function bytesOf(world: ExportWorld, key: string): Promise<Uint8Array> {
  return (await world.analytics.read(key)).body;
}

export async function write(world: ExportWorld, key: string, bytes: Uint8Array): Promise<void> {
  await world.analytics.write(key, bytes, { contentType: 'application/octet-stream' });
}

/** Keeps what is published and recorded now. @returns what brings it back, whatever was done to it */
export async function kept(world: ExportWorld): Promise<() => Promise<void>> {
  const keys = [...(await snapshot(world.analytics)).keys()];
  const whole = new Map(await Promise.all(keys.map(async (key) => [key, await bytesOf(world, key)] as const)));
  const record = await recordOf(world);
  return async () => {
    for (const key of (await snapshot(world.analytics)).keys()) if (!whole.has(key)) await world.analytics.delete(key);
    for (const [key, bytes] of whole) await write(world, key, bytes);
    await world.metadata.put(record);
  };
}

export async function recordOf(world: ExportWorld): Promise<MetadataItem> {
  return (await world.metadata.get(`TENANT#${TENANT}#BATCH`, `DAILY#${DATE}`))?.item ?? { PK: '', SK: '' };
}

/** Every part and quarantine file of a manifest. */
export function allParts({ datasets, quarantine }: Manifest): PartRef[] {
  return [...Object.values(datasets).flat(), ...quarantine];
}

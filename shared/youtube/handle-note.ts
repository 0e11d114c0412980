import { z } from 'zod';
import type { ObjectStore } from '../ports/object-store';
import { readJson, writeJson } from './work-json';
import { handleKey } from './work-paths';

const handleNote = z.object({ run: z.string(), channelId: z.string() });

/** The channel that a handle was found to name by this very run: by the next one it may name another. */
export async function readHandle(
  store: ObjectStore,
  tenant: string,
  run: string,
  handle: string,
): Promise<string | undefined> {
  const note = await noteOf(store, tenant, handle);
  return note?.run === run ? note.channelId : undefined;
}

/** The channel that a handle was found to name by whichever run looked last. */
export async function lastHandle(store: ObjectStore, tenant: string, handle: string): Promise<string | undefined> {
  return (await noteOf(store, tenant, handle))?.channelId;
}

async function noteOf(store: ObjectStore, tenant: string, handle: string) {
  return (await readJson(store, handleKey(tenant, handle), handleNote))?.value;
}

export async function writeHandle(
  store: ObjectStore,
  tenant: string,
  run: string,
  handle: string,
  channelId: string,
): Promise<void> {
  await writeJson(store, handleKey(tenant, handle), { run, channelId });
}

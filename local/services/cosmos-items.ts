import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Container, ItemDefinition } from '@azure/cosmos';
import { errnoOf } from '../../shared/local/folder-errors';

export type CosmosItems = Container['items'];

/** What the service adds to an item and makes anew for each. The id is the writer's. */
const ADDED = new Set(['_rid', '_self', '_etag', '_attachments', '_ts']);

/** Writes every item of a container to a JSON file, oldest first, whole or not at all. */
export async function saveItems(items: CosmosItems, file: string): Promise<void> {
  // One page: the emulator's continuation of a read without an order leaves items out.
  const { resources } = await items.readAll<ItemDefinition & { _ts: number }>({ maxItemCount: -1 }).fetchAll();
  const saved = resources.sort((a, b) => a._ts - b._ts).map(withoutAdded);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.writing`, `${JSON.stringify(saved, null, 2)}\n`);
  await rename(`${file}.writing`, file);
}

/** Adds the items of such a file to a container. @throws Error where the file holds something else */
export async function loadItems(items: CosmosItems, file: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  for (const item of itemsIn(text, file)) await items.upsert(item);
}

function itemsIn(text: string, file: string): Record<string, unknown>[] {
  let saved: unknown;
  try {
    saved = JSON.parse(text);
  } catch (error) {
    throw new Error(`The saved metadata in ${file} is no JSON. Remove the file to start without it.`, { cause: error });
  }
  if (Array.isArray(saved) && saved.every((item) => typeof item?.id === 'string')) return saved;
  throw new Error(`The saved metadata in ${file} is no list of items with ids. Remove the file to start without it.`);
}

function withoutAdded(item: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !ADDED.has(name)));
}

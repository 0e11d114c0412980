import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allObjects } from '../../../shared/messages/pages';
import type { ServiceWorld } from '../../support/service-world';

/** Everything that a run said and left, as text, by where it was found. */
export class Traces {
  readonly texts = new Map<string, string>();

  add(where: string, text: string): void {
    this.texts.set(where, text);
  }

  /** As `record of TENANT`, where there is one. */
  async addRunRecord({ platform }: ServiceWorld, tenant: string, date: string): Promise<void> {
    const found = await platform.metadata.get(`TENANT#${tenant}#BATCH`, `DAILY#${date}`);
    if (found !== undefined) this.add(`record of ${tenant}`, JSON.stringify(found.item));
  }

  /** Everything that was written for the tenant, by its key. */
  async addObjects({ platform }: ServiceWorld, tenant: string): Promise<void> {
    const store = platform.analyticsStore(tenant);
    for await (const { key } of allObjects(store, `${tenant}/analytics/`)) {
      this.add(key, Buffer.from((await store.read(key)).body).toString('latin1'));
    }
  }

  /** Every file below a directory, by its path. */
  async addFiles(directory: string): Promise<void> {
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) this.add(path, await readFile(path, 'utf8'));
    }
  }
}

import { randomUUID } from 'node:crypto';
import type { BatchPlatform } from '../../batch/batch-platform';
import { BatchError, StorageError } from '../../errors';
import { usersPrefix } from '../../messages/message-key';
import { analyticsRoot } from '../../messages/output-paths';
import { allObjects } from '../../messages/pages';
import { orderedMap } from '../../ordered-map';
import type { ObjectStore } from '../../ports/object-store';
import { TENANT_PLACEHOLDER } from '../../settings/container-name';
import type { Tenant } from '../../tenants';
import { type Check, failed, fine, problem, warning } from './check';

/** Containers that are tried side by side. */
const CONTAINERS_AT_ONCE = 8;
/** A probe that is older was left behind by a doctor that was ended on its way. */
const LEFT_BEHIND_MS = 3_600_000;

/**
 * Tries what a run does with storage, harmlessly: lists and reads where the messages are, and writes, reads, overwrites and deletes an object of
 * the doctor's own below `{tenant}/analytics/_doctor/`. Of tenants that share a container, with the first.
 */
export async function checkStorage(platform: BatchPlatform, tenants: readonly Tenant[]): Promise<readonly Check[]> {
  if (tenants.length === 0) return [await withoutTenant(platform)];
  const data = byContainer(tenants, (tenant) => platform.dataStore(tenant));
  const analytics = byContainer(tenants, (tenant) => platform.analyticsStore(tenant));
  const checks: Check[] = [];
  const read = orderedMap(data, CONTAINERS_AT_ONCE, ([tenant, store]) => readMessages(store, usersPrefix(tenant)));
  for await (const check of read) checks.push(check);
  const probed = orderedMap(analytics, CONTAINERS_AT_ONCE, ([tenant, store]) =>
    probeStore(store, tenant, platform.clock.now()),
  );
  for await (const found of probed) checks.push(...found);
  return checks;
}

/** Where nobody knows a tenant, whose folder a probe would be written to, a container that all have in common can be listed. */
async function withoutTenant({ settings, dataStore }: BatchPlatform): Promise<Check> {
  const found = 'Permissions were not tried: there is no tenant whose folder could be used.';
  const todo = 'Mend what was found of the tenants, then ask the doctor again.';
  if (settings.dataContainer.includes(TENANT_PLACEHOLDER)) return warning('storage', found, todo);
  const check = await readMessages(dataStore('tenant'), '');
  return check.status === 'ok' ? warning('storage', `${check.found} ${found}`, todo, check.subject) : check;
}

/** Each container once, with the first tenant that it is of. */
function byContainer(
  tenants: readonly Tenant[],
  storeOf: (tenant: string) => ObjectStore,
): (readonly [tenant: string, store: ObjectStore])[] {
  const found = new Map<string, readonly [string, ObjectStore]>();
  for (const { id } of tenants) {
    const store = storeOf(id);
    if (!found.has(store.name)) found.set(store.name, [id, store]);
  }
  return [...found.values()];
}

async function readMessages(store: ObjectStore, prefix: string): Promise<Check> {
  let doing = `Listing ${prefix || 'the container'}`;
  try {
    const { entries } = await store.list(prefix);
    const [first] = entries;
    if (first === undefined)
      return fine(
        'storage',
        prefix === ''
          ? 'The container can be listed; it is empty.'
          : `Messages can be listed; there is none below ${prefix} yet.`,
        store.name,
      );
    doing = `Reading an object below ${prefix || 'the container'}`;
    await store.read(first.key, { range: { offset: 0, length: 1 } });
    return fine('storage', 'Messages can be listed and read.', store.name);
  } catch (error) {
    return failed('storage', doing, error, store.name);
  }
}

async function probeStore(store: ObjectStore, tenant: string, nowMs: number): Promise<readonly Check[]> {
  const folder = `${analyticsRoot(tenant)}_doctor/`;
  const key = `${folder}probe-${nowMs}-${randomUUID()}.json`;
  const probe = new Probe(store, key);
  const check = await probe.run();
  const left = await cleanedUp(store, folder, key, nowMs);
  return [check, ...left];
}

/** What a run does with the objects that it writes, done with one that nobody reads. */
class Probe {
  #doing = '';

  constructor(
    private readonly store: ObjectStore,
    private readonly key: string,
  ) {}

  async run(): Promise<Check> {
    const { name } = this.store;
    try {
      const lacking = await this.#try();
      if (lacking === undefined)
        return fine('storage', 'Output can be written, read, overwritten under a condition, and deleted.', name);
      return problem('storage', `${lacking} (${this.key}).`, UNSAFE, name);
    } catch (error) {
      return failed('storage', this.#doing, error, name);
    }
  }

  /** @returns what the store does not do though it does not refuse it */
  async #try(): Promise<string | undefined> {
    const { key, store } = this;
    const write = (text: string, onlyIf: 'absent' | { readonly etag: string }) =>
      store.write(key, Buffer.from(text), { contentType: 'application/json', onlyIf });
    this.#doing = `Writing ${key}`;
    const { etag } = await write('{"probe":1}', 'absent');
    this.#doing = `Reading ${key}`;
    const { body } = await store.read(key);
    if (Buffer.from(body).toString() !== '{"probe":1}') return 'What was written is not what was read';
    this.#doing = `Overwriting ${key} under a condition`;
    await write('{"probe":2}', { etag });
    this.#doing = `Overwriting ${key} under a condition that does not hold`;
    if (!(await isRefused(() => write('{"probe":3}', { etag }))))
      return 'A condition that does not hold was not heeded';
    this.#doing = `Deleting ${key}`;
    await store.delete(key);
    return (await store.head(key)) === undefined ? undefined : 'What was deleted is still there';
  }
}

const UNSAFE =
  'Look what stands between this program and the service: without this, two runs of a day could overwrite one another.';

async function isRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return false;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'precondition_failed') return true;
    throw error;
  }
}

/** Removes the probe, however it went, and those of doctors that were ended on their way. */
async function cleanedUp(store: ObjectStore, folder: string, own: string, nowMs: number): Promise<Check[]> {
  try {
    for await (const { key } of allObjects(store, folder)) {
      const madeMs = Number(/\/probe-(\d+)-[^/]*\.json$/.exec(key)?.[1] ?? Number.NaN);
      if (key === own || nowMs - madeMs > LEFT_BEHIND_MS) await store.delete(key);
    }
    return [];
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    return [
      warning(
        'storage',
        `Whether ${own} is left behind cannot be told: ${error.code}.`,
        'Delete it, if it is there.',
        store.name,
      ),
    ];
  }
}

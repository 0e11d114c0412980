import { StorageError } from '../../../shared/errors';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import { PROBE } from '../../../shared/operations/doctor/metadata-check';
import type { WriteOptions } from '../../../shared/ports/object-store';
import { snapshot } from '../../support/export-world';
import { watched } from '../../support/store-spies';
import { DoctorWorld } from './doctor-world';

const denied = () => new StorageError('No.', { code: 'access_denied', kind: 'configuration' });

describe('storage', () => {
  test.each([
    ['list', 'Listing acme/chat/'],
    ['read', 'Reading an object below acme/chat/'],
  ] as const)('messages that may not be %sed', async (method, doing) => {
    const world = await DoctorWorld.healthy();
    await world.memory.write('acme/chat/alice/r/messages/2025/08/11/x.json', Buffer.from('{}'), { contentType: 'x' });
    world.data = watched(world.memory, (call) => {
      if (call.method === method) throw denied();
    });

    const complaints = await world.complaints();

    expect(complaints).toMatchObject([{ check: 'storage', status: 'problem', subject: 'the container' }]);
    expect(complaints[0]?.found).toContain(`${doing} failed: access_denied`);
    expect(complaints[0]?.do).toContain('Storage Blob Data Contributor');
  });

  test.each([
    ['write', 'Writing'],
    ['read', 'Reading'],
    ['delete', 'Deleting'],
  ] as const)('output that may not be: %s', async (method, doing) => {
    const world = await DoctorWorld.healthy();
    world.analytics = watched(world.memory, ({ method: called, key }) => {
      if (called === method && key.includes('/_doctor/')) throw denied();
    });

    const complaints = await world.complaints('storage');

    expect(complaints[0]).toMatchObject({
      status: 'problem',
      found: expect.stringContaining(`${doing} acme/analytics/_doctor/probe-`),
    });
    const left = await snapshot(world.memory, 'acme/analytics/');
    expect(left.size).toBe(method === 'delete' ? 1 : 0);
    if (method === 'delete')
      expect(complaints[1]).toMatchObject({ status: 'warning', do: 'Delete it, if it is there.' });
  });

  test('a probe that another doctor left behind is removed after an hour, and not before', async () => {
    const world = await DoctorWorld.healthy();
    const left = (ageMs: number) => `acme/analytics/_doctor/probe-${world.nowMs - ageMs}-x.json`;
    for (const age of [60_000, 7_200_000]) await world.memory.write(left(age), Buffer.from('{}'), { contentType: 'x' });

    await world.examine();

    expect([...(await snapshot(world.memory)).keys()]).toEqual([left(60_000)]);
  });

  test('a store that does not heed conditions is a problem', async () => {
    class Heedless extends MemoryObjectStore {
      override write(key: string, body: Uint8Array, { contentType }: WriteOptions) {
        return super.write(key, body, { contentType });
      }
    }
    const world = await DoctorWorld.healthy();
    world.analytics = new Heedless({ name: 'heedless' });

    const complaints = await world.complaints();

    expect(complaints).toMatchObject([{ check: 'storage', status: 'problem', subject: 'heedless' }]);
    expect(complaints[0]?.found).toContain('A condition that does not hold was not heeded');
    expect((await snapshot(world.analytics)).size).toBe(0);
  });
});

describe('metadata', () => {
  test.each(['get', 'put', 'query'] as const)('a table whose %s is refused', async (method) => {
    const world = await DoctorWorld.healthy();
    const { items } = world;
    const refuse = async () => {
      throw Object.assign(denied(), { code: 'metadata_access_denied' });
    };
    world.metadata = {
      name: items.name,
      get: (...asked) => (method === 'get' && asked[1] === PROBE.SK ? refuse() : items.get(...asked)),
      put: (item, ...more) => (method === 'put' && item.SK === PROBE.SK ? refuse() : items.put(item, ...more)),
      query: (query, ...more) =>
        method === 'query' && query.sortKeyPrefix === PROBE.SK ? refuse() : items.query(query, ...more),
    };

    const complaints = await world.complaints();

    expect(complaints).toMatchObject([{ check: 'metadata', status: 'problem', subject: 'the table' }]);
    expect(complaints[0]?.found).toContain('metadata_access_denied');
  });

  test('a registry that cannot be read stops no other check', async () => {
    const world = await DoctorWorld.healthy();
    const { items } = world;
    world.metadata = {
      name: items.name,
      get: (...asked) => items.get(...asked),
      put: (...asked) => items.put(...asked),
      query: async (query, ...more) => {
        if (query.partition === 'SYSTEM#TENANTS') throw denied();
        return items.query(query, ...more);
      },
    };

    expect((await world.complaints()).map(({ check }) => check)).toEqual(['tenants']);
  });

  test('a table that does not heed conditions is a problem', async () => {
    const world = await DoctorWorld.healthy();
    const { items } = world;
    world.metadata = {
      name: items.name,
      get: (...asked) => items.get(...asked),
      query: (...asked) => items.query(...asked),
      put: (item) => items.put(item),
    };

    expect(await world.complaints('metadata')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('not heeded') },
    ]);
  });
});

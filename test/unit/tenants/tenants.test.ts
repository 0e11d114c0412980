import fc from 'fast-check';
import { InputError, MetadataError, TenantError } from '../../../shared/errors';
import { createLog, type LogRecord } from '../../../shared/logging/log';
import type { MetadataItem } from '../../../shared/ports/metadata-store';
import { type ResolveTenantsInput, resolveTenants } from '../../../shared/tenants';
import { entry, RegistryStore } from './registry-store';

const defaults = {
  tenants: ['default_tenant'] as '*' | readonly string[],
  businessTimeZone: 'Asia/Tokyo',
  dataContainer: 'makoto-messages',
  analyticsContainer: 'makoto-messages',
};

function resolve(
  requested: ResolveTenantsInput['requested'],
  items: readonly MetadataItem[],
  { pageSize, ...settings }: Partial<typeof defaults> & { pageSize?: number } = {},
) {
  const lines: LogRecord[] = [];
  const log = createLog({ level: 'debug', write: (record) => lines.push(record) });
  const metadata = new RegistryStore(items, pageSize);
  const resolved = resolveTenants({ requested, settings: { ...defaults, ...settings }, metadata, log });
  return resolved.then((result) => ({
    ...result,
    lines,
    ids: result.tenants.map(({ id }) => id),
    codes: result.refused.map(({ tenant, code }) => [tenant, code]),
  }));
}

describe('listed tenants', () => {
  test('are taken without a registry, in their order, once each, with the zone of the settings', async () => {
    const { tenants, refused } = await resolve('settings', [], { tenants: ['b', 'a', 'b'], businessTimeZone: 'UTC' });

    expect(tenants).toEqual([
      { id: 'b', timeZone: 'UTC' },
      { id: 'a', timeZone: 'UTC' },
    ]);
    expect(refused).toEqual([]);
  });

  test('are read from the registry where it has any', async () => {
    const items = [
      entry('acme', { time_zone: 'america/new_york', enabled: true, youtube_channel_ids: ['UC1', '@two'], note: 'x' }),
      entry('zen', { time_zone: null, enabled: null, youtube_channel_ids: null }),
    ];

    const { tenants, refused } = await resolve(['zen', 'acme'], items);

    expect(tenants).toEqual([
      { id: 'zen', timeZone: 'Asia/Tokyo' },
      { id: 'acme', timeZone: 'America/New_York', youtubeChannelIds: ['UC1', '@two'] },
    ]);
    expect(refused).toEqual([]);
  });

  test('that are unknown, switched off, badly named or poisoned are refused by name, and stop no other', async () => {
    const items = [
      entry('good'),
      entry('off', { enabled: false }),
      entry('lost', { time_zone: 'Asia/Atlantis' }),
      entry('text', { enabled: 'yes' }),
      entry('alias', { tenant_id: 'other' }),
      { PK: 'SYSTEM#TENANTS', SK: 'TENANT#bare' },
      entry('many', { tenant_id: 7, time_zone: 9, youtube_channel_ids: 'UC1' }),
      entry('hole', { youtube_channel_ids: ['UC1', ''] }),
    ];
    const listed = ['unknown', 'off', '', '..', 'a/b', 'lost', 'text', 'alias', 'bare', 'many', 'hole', 'good'];

    const { ids, refused, lines } = await resolve(listed, items);

    expect(ids).toEqual(['good']);
    expect(refused.map(({ tenant, code }) => [tenant, code])).toEqual([
      ['unknown', 'tenant_unknown'],
      ['off', 'tenant_disabled'],
      ['', 'tenant_id_invalid'],
      ['..', 'tenant_id_invalid'],
      ['a/b', 'tenant_id_invalid'],
      ['lost', 'tenant_registry_invalid'],
      ['text', 'tenant_registry_invalid'],
      ['alias', 'tenant_registry_invalid'],
      ['bare', 'tenant_registry_invalid'],
      ['many', 'tenant_registry_invalid'],
      ['hole', 'tenant_registry_invalid'],
    ]);
    expect(refused.every(({ kind, stage }) => kind === 'configuration' && stage === 'tenants')).toBe(true);
    const messages = Object.fromEntries(refused.map(({ tenant, message }) => [tenant, message]));
    expect(messages.unknown).toMatch(/"unknown" is not in the registry \(SYSTEM#TENANTS \/ TENANT#unknown\)/);
    expect(messages.lost).toMatch(/time_zone: expected the name of an IANA time zone, got "Asia\/Atlantis"/);
    expect(messages.text).toMatch(/enabled: expected true or false/);
    expect(messages.alias).toMatch(/tenant_id: expected the id in its SK, got "other"/);
    expect(messages.bare).toMatch(/tenant_id: expected the id in its SK/);
    expect(messages.many).toMatch(/tenant_id: .*; time_zone: .*; youtube_channel_ids: expected a list/);
    expect(messages.hole).toMatch(/youtube_channel_ids\.1: /);
    expect(lines.filter(({ level }) => level === 'warn').map(({ dimensions }) => dimensions.error_code)).toEqual(
      refused.map(({ code }) => code),
    );
  });

  test('are refused where the container of the settings cannot be theirs', async () => {
    const { ids, codes } = await resolve(['acme', 'Acme', 'default_tenant'], [], {
      analyticsContainer: 'parquet-{tenant}',
    });

    expect(ids).toEqual(['acme']);
    expect(codes).toEqual([
      ['Acme', 'tenant_container_invalid'],
      ['default_tenant', 'tenant_container_invalid'],
    ]);
  });

  test('must be at least one', async () => {
    await expect(resolve([], [])).rejects.toThrow(InputError);
  });
});

describe('every tenant', () => {
  const all = [
    entry('b'),
    entry('off', { enabled: false, time_zone: 7 }),
    entry('a/b'),
    entry('A'),
    entry('a', { time_zone: 'UTC' }),
  ];

  test.each([['settings' as const], ['*' as const], [['*']]])(
    'is meant by %j; those switched off are left out and logged',
    async (requested) => {
      const { tenants, codes, lines } = await resolve(requested, all, { tenants: '*' });

      expect(tenants).toEqual([
        { id: 'A', timeZone: 'Asia/Tokyo' },
        { id: 'a', timeZone: 'UTC' },
        { id: 'b', timeZone: 'Asia/Tokyo' },
      ]);
      expect(codes).toEqual([['a/b', 'tenant_id_invalid']]);
      expect(lines.filter(({ level }) => level === 'info').map(({ dimensions }) => dimensions.tenant)).toEqual(['off']);
    },
  );

  test('of an empty registry is an error that says what to write there', async () => {
    const asked = resolve('settings', [], { tenants: '*' });

    await expect(asked).rejects.toThrow(TenantError);
    await expect(asked).rejects.toMatchObject({ code: 'tenant_registry_empty', kind: 'configuration' });
    await expect(asked).rejects.toThrow(/"PK": "SYSTEM#TENANTS", "SK": "TENANT#<id>", "tenant_id": "<id>"/);
  });

  test('may be switched off, all of them', async () => {
    const { tenants, refused } = await resolve('*', [entry('a', { enabled: false })]);

    expect([tenants, refused]).toEqual([[], []]);
  });

  test('is found on every page, in the order of the ids', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]([a-z0-9_-]{0,10}[a-z0-9])?$/), {
      minLength: 1,
      maxLength: 40,
    });

    await fc.assert(
      fc.asyncProperty(names, fc.integer({ min: 1, max: 7 }), async (ids, pageSize) => {
        const resolved = await resolve(
          '*',
          ids.map((id) => entry(id)),
          { pageSize },
        );

        expect(resolved.ids).toEqual([...ids].sort());
        expect(resolved.refused).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('is asked for by its prefix, so that other items of the partition are none', async () => {
    const stranger = { PK: 'SYSTEM#TENANTS', SK: 'SETTINGS#x', tenant_id: 'x' };

    const { ids } = await resolve('*', [stranger, entry('a')]);

    expect(ids).toEqual(['a']);
  });
});

test('a tenant is judged by its own entry alone, whatever the others are', async () => {
  const junk = fc.anything({ withNullPrototype: false });
  const attributes = fc.record(
    { enabled: junk, time_zone: junk, tenant_id: junk, youtube_channel_ids: junk },
    { requiredKeys: [] },
  );

  await fc.assert(
    fc.asyncProperty(fc.array(attributes, { maxLength: 6 }), fc.boolean(), async (entries, listed) => {
      const items = [...entries.map((each, index) => entry(`junk${index}`, each)), entry('good', { time_zone: 'UTC' })];

      const resolved = await resolve(listed ? items.map(({ SK }) => SK.slice(7)) : '*', items);

      expect(resolved.tenants).toContainEqual({ id: 'good', timeZone: 'UTC' });
      const off = entries.filter(({ enabled }) => enabled === false).length;
      expect(resolved.tenants.length + resolved.refused.length).toBe(items.length - (listed ? 0 : off));
    }),
    { numRuns: 100 },
  );
});

test('a registry that cannot be read is the store’s own error, and no tenant’s', async () => {
  const failure = new MetadataError('The container is not there.', {
    code: 'metadata_not_found',
    kind: 'configuration',
  });
  const metadata = new RegistryStore([]);
  metadata.query = () => Promise.reject(failure);
  const log = createLog({ level: 'error', write: () => undefined });

  const asked = resolveTenants({ requested: ['a'], settings: defaults, metadata, log });

  await expect(asked).rejects.toBe(failure);
});

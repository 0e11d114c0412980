import { z } from 'zod';
import { timeZoneName } from './calendar';
import { type Failure, InputError, TenantError, toFailure } from './errors';
import { compareKeys } from './messages/key-order';
import type { Log } from './ports/log';
import type { MetadataItem, MetadataStore } from './ports/metadata-store';
import type { Settings } from './settings';
import { assertTenantId, containerFor } from './tenant-id';

export interface Tenant {
  readonly id: string;
  /** The IANA name of the zone whose midnight bounds the tenant's days. */
  readonly timeZone: string;
  readonly youtubeChannelIds?: readonly string[];
}

export interface ResolvedTenants {
  readonly tenants: readonly Tenant[];
  /** Of stage `tenants`, each with its tenant. A refused tenant stops no other. */
  readonly refused: readonly Failure[];
}

export interface ResolveTenantsInput {
  /** `settings`: those of `TENANT_ID`. `*`, also as the only one of a list: every tenant. A list keeps its order, each id once. */
  readonly requested: 'settings' | '*' | readonly string[];
  readonly settings: Pick<Settings, 'tenants' | 'businessTimeZone' | 'dataContainer' | 'analyticsContainer'>;
  readonly metadata: MetadataStore;
  readonly log: Log;
}

const REGISTRY = 'SYSTEM#TENANTS';
const SORT_KEY_PREFIX = 'TENANT#';

/**
 * The tenants of a run. The registry is read to its end; every tenant is then judged by itself:
 * - `tenant_id_invalid`, `tenant_container_invalid`: no id, or none that fits the container's template
 * - `tenant_unknown`: listed, and not in the registry. Without any tenant in the registry (an installation for one tenant
 *   needs none), listed tenants are taken as they are, with the zone of the settings
 * - `tenant_disabled`: listed, and switched off. Where every tenant is meant, it is left out and logged
 * - `tenant_registry_invalid`: its registry entry cannot be used
 *
 * @throws TenantError `tenant_registry_empty` where every tenant is meant and the registry has none
 * @throws InputError where the list is empty; MetadataError where the registry cannot be read
 */
export async function resolveTenants(input: ResolveTenantsInput): Promise<ResolvedTenants> {
  const { settings, metadata, log } = input;
  const wanted = wantedTenants(input.requested, settings.tenants);
  const registry = await readRegistry(metadata);
  if (wanted === '*' && registry.size === 0) throw emptyRegistry(metadata);

  const ids = wanted === '*' ? enabledIds(registry, log) : wanted;
  const tenants: Tenant[] = [];
  const refused: Failure[] = [];
  for (const id of ids) {
    try {
      tenants.push(judge(id, registry, settings));
    } catch (error) {
      // Of this tenant only: anything else is a defect, and not one tenant's.
      if (!(error instanceof TenantError)) throw error;
      log.warn(error.message, { tenant: id, stage: 'tenants', error_code: error.code });
      refused.push(toFailure(error, { tenant: id, stage: 'tenants' }));
    }
  }
  return { tenants, refused };
}

function wantedTenants(
  requested: ResolveTenantsInput['requested'],
  inSettings: Settings['tenants'],
): '*' | readonly string[] {
  const wanted = requested === 'settings' ? inSettings : requested;
  if (wanted === '*' || (wanted.length === 1 && wanted[0] === '*')) return '*';
  if (wanted.length === 0) throw new InputError({ tenants: 'expected at least one tenant id, or * for every tenant' });
  return [...new Set(wanted)];
}

/**
 * One tenant of a run under way: what its registry entry says of it, or where there is none the settings.
 *
 * @throws TenantError as {@link resolveTenants} tells; MetadataError
 */
export async function readTenant(
  metadata: MetadataStore,
  id: string,
  { businessTimeZone }: Pick<Settings, 'businessTimeZone'>,
): Promise<Tenant> {
  assertTenantId(id);
  const entry = await metadata.get(REGISTRY, `${SORT_KEY_PREFIX}${id}`);
  return entry === undefined ? { id, timeZone: businessTimeZone } : registered(id, entry.item, businessTimeZone);
}

/** Registry items by the id in their sort key. Any item counts as a tenant here, however broken. */
async function readRegistry(metadata: MetadataStore): Promise<ReadonlyMap<string, MetadataItem>> {
  const registry = new Map<string, MetadataItem>();
  const query = {
    partition: REGISTRY,
    sortKeyPrefix: SORT_KEY_PREFIX,
    attributes: ['tenant_id', 'enabled', 'time_zone', 'youtube_channel_ids'],
  };
  let next: string | undefined;
  do {
    const page = await metadata.query(query, next);
    for (const item of page.items) registry.set(item.SK.slice(SORT_KEY_PREFIX.length), item);
    next = page.next;
  } while (next !== undefined);
  return registry;
}

function emptyRegistry(metadata: MetadataStore): TenantError {
  return new TenantError(
    `Every tenant was asked for (TENANT_ID=*), and the registry in ${metadata.name} has none: list the tenants in TENANT_ID, or write ` +
      `an item {"PK": "${REGISTRY}", "SK": "${SORT_KEY_PREFIX}<id>", "tenant_id": "<id>"} for each.`,
    { code: 'tenant_registry_empty', kind: 'configuration' },
  );
}

/** All but the ones switched off, in the order of their ids: the store's own order is not promised by every service. */
function enabledIds(registry: ReadonlyMap<string, MetadataItem>, log: Log): string[] {
  const off = (id: string) => registry.get(id)?.enabled === false;
  const ids = [...registry.keys()].sort(compareKeys);
  for (const tenant of ids.filter(off))
    log.info('The tenant is switched off in the registry and left out.', { tenant, stage: 'tenants' });
  return ids.filter((id) => !off(id));
}

function judge(
  id: string,
  registry: ReadonlyMap<string, MetadataItem>,
  settings: ResolveTenantsInput['settings'],
): Tenant {
  assertTenantId(id);
  const item = registry.get(id);
  const tenant =
    item === undefined
      ? unlisted(id, registry, settings.businessTimeZone)
      : registered(id, item, settings.businessTimeZone);
  containerFor(settings.dataContainer, id);
  containerFor(settings.analyticsContainer, id);
  return tenant;
}

function unlisted(id: string, registry: ReadonlyMap<string, MetadataItem>, timeZone: string): Tenant {
  if (registry.size === 0) return { id, timeZone };
  throw new TenantError(
    `The tenant "${id}" is not in the registry (${REGISTRY} / ${SORT_KEY_PREFIX}${id}), which has ${registry.size} others.`,
    {
      code: 'tenant_unknown',
      kind: 'configuration',
    },
  );
}

/** A registry entry. Writers leave an attribute out or write null for what they do not set. */
const entrySchema = z.object({
  tenant_id: z.string({ error: 'expected the id in its SK' }),
  enabled: z.boolean({ error: 'expected true or false' }).nullish(),
  time_zone: z
    .string({ error: 'expected the name of an IANA time zone' })
    .transform((text, context) => {
      const name = timeZoneName(text);
      if (name !== undefined) return name;
      context.addIssue({
        code: 'custom',
        message: `expected the name of an IANA time zone, got ${JSON.stringify(text)}`,
      });
      return z.NEVER;
    })
    .nullish(),
  youtube_channel_ids: z.array(z.string().min(1), { error: 'expected a list of channel ids' }).nullish(),
});

function registered(id: string, item: MetadataItem, defaultZone: string): Tenant {
  if (item.enabled === false) {
    throw new TenantError(`The tenant "${id}" is switched off in the registry (enabled: false).`, {
      code: 'tenant_disabled',
      kind: 'configuration',
    });
  }
  const entry = entrySchema.safeParse(item);
  const problems = (entry.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (entry.data !== undefined && entry.data.tenant_id !== id) {
    problems.push(`tenant_id: expected the id in its SK, got ${JSON.stringify(entry.data.tenant_id)}`);
  }
  if (entry.data === undefined || problems.length > 0) {
    throw new TenantError(
      `The registry entry of the tenant "${id}" (${REGISTRY} / ${item.SK}) cannot be used: ${problems.join('; ')}.`,
      {
        code: 'tenant_registry_invalid',
        kind: 'configuration',
      },
    );
  }
  const { time_zone: timeZone, youtube_channel_ids: youtubeChannelIds } = entry.data;
  return { id, timeZone: timeZone ?? defaultZone, ...(youtubeChannelIds ? { youtubeChannelIds } : {}) };
}

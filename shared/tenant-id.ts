import { TenantError } from './errors';
import { CONTAINER_NAME_RULES, isContainerName, TENANT_PLACEHOLDER } from './settings/container-name';

export const LONGEST_TENANT_ID = 128;

const RULES = `a tenant id is 1 to ${LONGEST_TENANT_ID} letters (a to z), digits, "_", "-" and ".", and begins with a letter or digit`;

/**
 * Refuses what cannot be a tenant's id. An id is the first folder of every object's key, a part of item keys and, by
 * setting, of container names: so it holds nothing that a path, a URL or a Cosmos id reads as something else. It does not
 * begin with `_` or `.`, because Hive, Spark and Athena take such folders for hidden and would not see the tenant's data;
 * nor end with `.`, which blob and file names lose.
 *
 * @throws TenantError `tenant_id_invalid` naming the id and the reason
 */
export function assertTenantId(id: string): void {
  const problem = tenantIdProblem(id);
  if (problem === undefined) return;
  throw new TenantError(`The tenant id ${quoted(id)} ${problem}; ${RULES}.`, {
    code: 'tenant_id_invalid',
    kind: 'configuration',
  });
}

function tenantIdProblem(id: string): string | undefined {
  if (id === '') return 'is empty';
  if (id.length > LONGEST_TENANT_ID) return `has ${id.length} characters`;
  const stranger = /[^A-Za-z0-9_.-]/u.exec(id)?.[0];
  if (stranger !== undefined) return `holds ${characterName(stranger)}`;
  if (id.includes('..')) return 'holds ".."';
  if (!/^[A-Za-z0-9]/.test(id)) return `begins with "${id.slice(0, 1)}"`;
  return id.endsWith('.') ? 'ends with "."' : undefined;
}

/**
 * The container of a tenant: the template with the tenant's id in place of `{tenant}`.
 *
 * @throws TenantError `tenant_container_invalid` naming both, where that is no container's name in Azure
 */
export function containerFor(template: string, tenant: string): string {
  const name = template.replaceAll(TENANT_PLACEHOLDER, () => tenant);
  if (isContainerName(name)) return name;
  throw new TenantError(
    `The tenant ${quoted(tenant)} has no container: ${quoted(template)} gives ${quoted(name)}, and a container's name is ${CONTAINER_NAME_RULES}.`,
    { code: 'tenant_container_invalid', kind: 'configuration' },
  );
}

function characterName(character: string): string {
  if (character === '\\') return 'a backslash';
  if (/[\p{C}\p{Z}]/u.test(character))
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return `"${character}"`;
}

/** The id as a message can show it: on one line, and not the whole of a long one. */
function quoted(id: string): string {
  const shown = id.length > LONGEST_TENANT_ID ? `${id.slice(0, 32)}…` : id;
  return JSON.stringify(shown).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

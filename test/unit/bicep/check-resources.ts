import { type BicepFile, given, type Unit } from './declarations';
import { bicepFiles, json, type Project } from './project';
import { child, literal, type Node, nodesOfType, parts, tokens, where } from './syntax';

interface ApiVersion {
  readonly version: string;
  readonly source: string;
}

interface Role {
  readonly name: string;
  readonly id: string;
  readonly kind: 'azure' | 'cosmos';
  readonly source: string;
}

export interface Placed {
  readonly file: BicepFile;
  readonly resource: Unit;
  readonly type: string;
  readonly version: string;
}

export function resources(project: Project): Placed[] {
  return bicepFiles(project).flatMap((file) =>
    file.resources.map((resource) => {
      const [type = '', version = ''] = resource.from.split('@');
      return { file, resource, type, version };
    }),
  );
}

/** Resources whose version is not the one of the list, and entries of the list that nothing uses. */
export function versionProblems(project: Project): string[] {
  const list = new Map(Object.entries(json<Record<string, ApiVersion>>(project, 'api-versions.json')));
  const all = resources(project);
  const wrong = all.flatMap(({ file, resource, type, version }) => {
    const listed = list.get(type);
    if (listed === undefined) return [`${where(file.path, resource.node)} has a type that is not listed: ${type}`];
    return listed.version === version ? [] : [`${where(file.path, resource.node)} has ${version} of ${type}`];
  });
  const unused = [...list.keys()].filter((type) => !all.some((each) => each.type === type));
  const sources = [...list].flatMap(([type, { version, source }]) => {
    const [namespace = '', ...names] = type.toLowerCase().split('/');
    const expected = `https://learn.microsoft.com/azure/templates/${namespace}/${version}/${names.join('/')}`;
    return source === expected ? [] : [`${type} has another source than ${expected}`];
  });
  return [...wrong, ...unused.map((type) => `${type} is listed, and not used`), ...sources];
}

/** Resources without a name, with a parent that is of another type, or without the tags. */
export function shapeProblems(project: Project): string[] {
  return resources(project).flatMap(({ file, resource, type }) => {
    const at = `${where(file.path, resource.node)} ${resource.name}`;
    const found: string[] = [];
    if (given(resource, 'name') === undefined) found.push(`${at} has no name`);
    const parent = given(resource, 'parent')?.text.replace(/\[.*\]$/, '');
    const segments = type.split('/').length;
    if (parent !== undefined) {
      const above = file.resources.find(({ name }) => name === parent)?.from.split('@')[0];
      if (above !== type.split('/').slice(0, -1).join('/')) found.push(`${at} is no child of ${parent}`);
    } else if (segments > 2) found.push(`${at} has no parent`);
    if (given(resource, 'location') !== undefined && !/\btags\b/.test(given(resource, 'tags')?.text ?? '')) {
      found.push(`${at} does not have the tags`);
    }
    return found;
  });
}

const ROLE_ASSIGNMENTS: Readonly<Record<string, Role['kind']>> = {
  'Microsoft.Authorization/roleAssignments': 'azure',
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments': 'cosmos',
};

/** Roles that are assigned without being declared, the other way round, or too widely. */
export function roleProblems(project: Project): string[] {
  const roles = new Map(Object.entries(json<Record<string, Role>>(project, 'roles.json')));
  const assigned = new Set<string>();
  const found: string[] = [];
  for (const { file, resource, type } of resources(project)) {
    const kind = ROLE_ASSIGNMENTS[type];
    if (kind === undefined) continue;
    const at = `${where(file.path, resource.node)} ${resource.name}`;
    const properties = given(resource, 'properties');
    const role = properties && roleOf(file, properties);
    const own = properties && ownRole(file, properties);
    if (own !== undefined) continue;
    const declared = role === undefined ? undefined : roles.get(role);
    if (role === undefined || declared === undefined) found.push(`${at} assigns a role that is not declared`);
    else {
      assigned.add(role);
      if (declared.kind !== kind) found.push(`${at} assigns ${declared.name}, which is of another service`);
      if (!nameTells(resource, role)) found.push(`${at} has a name that does not tell its role`);
    }
    const scope = kind === 'azure' ? given(resource, 'scope') : properties && propertyOf(properties, 'scope');
    if (scope === undefined) found.push(`${at} is assigned on the whole resource group`);
    if (kind === 'azure' && !/principalType: 'ServicePrincipal'/.test(properties?.text ?? '')) {
      found.push(`${at} does not say what the principal is`);
    }
  }
  const idle = [...roles.keys()].filter((role) => !assigned.has(role));
  const guids = bicepFiles(project).flatMap(({ path, root }) =>
    nodesOfType(root, 'string_content')
      .filter(({ text }) => /[0-9a-f]{8}-[0-9a-f]{4}-/i.test(text))
      .map((node) => `${where(path, node)} names a role by its id`),
  );
  return [...found, ...idle.map((role) => `${role} is declared, and never assigned`), ...guids, ...listProblems(roles)];
}

function propertyOf(object: Node, name: string): Node | undefined {
  return parts(object).find((property) => parts(property)[0]?.text === name);
}

/** `roles.NAME.id` in what is assigned. */
function roleOf(file: BicepFile, properties: Node): string | undefined {
  const id = propertyOf(properties, 'roleDefinitionId');
  const hasList = file.variables.some(({ name, value }) => name === 'roles' && value.text.includes("'../roles.json'"));
  const name = /\broles\.(\w+)\.id\b/.exec(id?.text ?? '')?.[1];
  return hasList ? name : undefined;
}

/** A definition of the same file. */
function ownRole(file: BicepFile, properties: Node): Unit | undefined {
  const text = propertyOf(properties, 'roleDefinitionId')?.text ?? '';
  return file.resources.find(({ name, from }) => from.includes('RoleDefinitions@') && text.endsWith(`${name}.id`));
}

/** Two roles for one principal on one scope must not have one name. */
function nameTells(resource: Unit, role: string): boolean {
  const name = given(resource, 'name');
  const called = name && child(name, 'function')?.text;
  const words = name === undefined ? [] : tokens(name).map(({ text }) => text);
  return called === 'guid' && words.includes(role) && words.includes('principalId');
}

function listProblems(roles: ReadonlyMap<string, Role>): string[] {
  const ids = [...roles.values()].map(({ id }) => id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  const bad = [...roles].filter(
    ([, { id, source }]) =>
      !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ||
      !source.startsWith('https://learn.microsoft.com/azure/'),
  );
  return [...twice.map((id) => `${id} is declared twice`), ...bad.map(([name]) => `${name} has no id or no source`)];
}

/** Whether a resource's property has exactly this text. `path` is from the resource's body. */
export function property(resource: Unit, path: string): string | undefined {
  let node: Node | undefined = resource.body;
  for (const name of path.split('.')) {
    if (node?.type !== 'object') return undefined;
    const found = propertyOf(node, name);
    node = found && parts(found)[1];
  }
  return literal(node) ?? node?.text;
}

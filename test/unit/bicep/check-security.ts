import { type Placed, property, resources } from './check-resources';
import { type BicepFile, given, isSecure } from './declarations';
import { bicepFiles, type Project, pathFrom } from './project';
import { everyNode, type Node, parts, tokens, where } from './syntax';

const SWITCHED = "privateNetwork ? 'Disabled' : 'Enabled'";

/**
 * What each service must be told, by the property and its value: TLS of 1.2 at least, no keys and no passwords, no way in but the one that
 * was chosen. Types that have no such properties stand here too, so that a new one is judged before it is used.
 */
const RULES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Microsoft.Storage/storageAccounts': {
    'properties.allowBlobPublicAccess': 'false',
    'properties.allowSharedKeyAccess': 'false',
    'properties.minimumTlsVersion': 'TLS1_2',
    'properties.supportsHttpsTrafficOnly': 'true',
    'properties.publicNetworkAccess': SWITCHED,
    'properties.networkAcls.defaultAction': "privateNetwork ? 'Deny' : 'Allow'",
  },
  'Microsoft.DocumentDB/databaseAccounts': {
    'properties.disableLocalAuth': 'true',
    'properties.disableKeyBasedMetadataWriteAccess': 'true',
    'properties.minimalTlsVersion': 'Tls12',
    'properties.publicNetworkAccess': SWITCHED,
  },
  'Microsoft.KeyVault/vaults': {
    'properties.enableRbacAuthorization': 'true',
    'properties.enablePurgeProtection': 'true',
    'properties.publicNetworkAccess': SWITCHED,
    'properties.networkAcls.defaultAction': "privateNetwork ? 'Deny' : 'Allow'",
  },
  'Microsoft.DBforPostgreSQL/flexibleServers': {
    'properties.authConfig.activeDirectoryAuth': 'Enabled',
    'properties.authConfig.passwordAuth': "passwordLogins ? 'Enabled' : 'Disabled'",
    'properties.network.publicNetworkAccess': SWITCHED,
  },
  'Microsoft.Insights/components': { 'properties.DisableLocalAuth': 'true' },
  'Microsoft.OperationalInsights/workspaces': { 'properties.features.disableLocalAuth': 'true' },
  'Microsoft.Web/sites': {
    'properties.httpsOnly': 'true',
    'properties.siteConfig.minTlsVersion': '1.2',
    'properties.siteConfig.scmMinTlsVersion': '1.2',
    'properties.functionAppConfig.deployment.storage.authentication.type': 'UserAssignedIdentity',
  },
  'Microsoft.Web/serverfarms': {},
  'Microsoft.ManagedIdentity/userAssignedIdentities': {},
  'Microsoft.DurableTask/schedulers': {},
  'Microsoft.Insights/actionGroups': {},
  'Microsoft.Insights/diagnosticSettings': {},
  'Microsoft.Insights/scheduledQueryRules': {},
  'Microsoft.Insights/workbooks': {},
  'Microsoft.Authorization/roleAssignments': {},
  'Microsoft.Network/virtualNetworks': {},
  'Microsoft.Network/networkSecurityGroups': {},
  'Microsoft.Network/natGateways': {},
  'Microsoft.Network/publicIPAddresses': {},
  'Microsoft.Network/privateDnsZones': {},
  'Microsoft.Network/privateEndpoints': {},
};

/** Children that must be there, by the name that they are given, with what they must say. */
const REQUIRED_CHILDREN: readonly (readonly [type: string, name: string, path: string, value: string])[] = [
  ['Microsoft.Web/sites/basicPublishingCredentialsPolicies', 'scm', 'properties.allow', 'false'],
  ['Microsoft.Web/sites/basicPublishingCredentialsPolicies', 'ftp', 'properties.allow', 'false'],
  ['Microsoft.DBforPostgreSQL/flexibleServers/configurations', 'require_secure_transport', 'properties.value', 'on'],
  [
    'Microsoft.DBforPostgreSQL/flexibleServers/configurations',
    'ssl_min_protocol_version',
    'properties.value',
    'TLSv1.2',
  ],
];

export function flagProblems(project: Project): string[] {
  const made = resources(project).filter(({ resource }) => !resource.existing);
  const wrong = made.flatMap(({ file, resource, type }) => {
    if (type.split('/').length > 2) return [];
    const rules = RULES[type];
    if (rules === undefined) return [`${where(file.path, resource.node)} has a type that nobody has judged: ${type}`];
    return Object.entries(rules)
      .filter(([path, value]) => property(resource, path) !== value)
      .map(([path, value]) => `${where(file.path, resource.node)} does not set ${path} to ${value}`);
  });
  const lacking = REQUIRED_CHILDREN.filter(
    ([type, name, path, value]) =>
      !made.some(
        (each) =>
          each.type === type && property(each.resource, 'name') === name && property(each.resource, path) === value,
      ),
  );
  return [...wrong, ...lacking.map(([type, name, , value]) => `${type} ${name} is not set to ${value}`)];
}

/** Where a secret may go: into the vault, and to the server whose password it is. */
const SECRET_PLACES: readonly string[] = [
  'Microsoft.KeyVault/vaults/secrets properties.value',
  'Microsoft.DBforPostgreSQL/flexibleServers properties.administratorLoginPassword',
];

/** Secrets that reach an output, a variable or any other property. */
export function secretProblems(project: Project): string[] {
  const places = resources(project);
  return bicepFiles(project).flatMap((file) => {
    const secrets = new Set(file.parameters.filter(isSecure).map(({ name }) => name));
    const holds = (node: Node) => tokens(node).some(({ type, text }) => type === 'identifier' && secrets.has(text));
    const outputs = file.outputs.filter(({ value }) => holds(value)).map(({ name }) => `the output ${name}`);
    const variables = file.variables.filter(({ value }) => holds(value)).map(({ name }) => `the variable ${name}`);
    const others = places
      .filter((place) => place.file.path === file.path)
      .flatMap(({ resource, type }) =>
        [...paths(resource.body)].filter(([, value]) => holds(value)).map(([path]) => `${type} ${path}`),
      )
      .filter((place) => !SECRET_PLACES.includes(place));
    return [...outputs, ...variables, ...others].map((place) => `${file.path} gives a secret to ${place}`);
  });
}

/** The values of a body that are no objects, by their paths. */
function paths(body: Node, above = ''): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const each of parts(body).filter(({ type }) => type === 'object_property')) {
    const [key, value] = parts(each);
    if (key === undefined || value === undefined) continue;
    const path = above === '' ? key.text : `${above}.${key.text}`;
    if (value.type !== 'object') found.set(path, value);
    else for (const [below, node] of paths(value, path)) found.set(below, node);
  }
  return found;
}

const PRIVATE_TYPES = /^Microsoft\.Network\//;

/** The network, its endpoints and its zones are there by the switch alone, and the rule that lets Azure's addresses in without it. */
export function switchProblems(project: Project): string[] {
  const files = bicepFiles(project);
  const all = resources(project);
  const isPrivate = ({ type }: Placed) => PRIVATE_TYPES.test(type);
  const privateFiles = new Set(all.filter(isPrivate).map(({ file }) => file.path));
  const mixed = all
    .filter((each) => privateFiles.has(each.file.path) && !isPrivate(each))
    .map(({ file, resource }) => `${file.path} holds ${resource.name}, which is not of the network`);
  const unswitched = files.flatMap((file) =>
    file.modules
      .filter((module) => privateFiles.has(pathFrom(file, module.from)))
      .filter(({ condition }) => condition?.text !== '(privateNetwork)')
      .map(({ node, name }) => `${where(file.path, node)} ${name} does not depend on privateNetwork`),
  );
  const rules = all
    .filter(({ type, resource }) => type.endsWith('/firewallRules') && resource.condition?.text !== '(!privateNetwork)')
    .map(({ file, resource }) => `${where(file.path, resource.node)} lets addresses in also with a private network`);
  const cut = files.flatMap((file) => passesSwitch(file));
  return [...mixed, ...unswitched, ...rules, ...cut];
}

/** A module that takes the switch is given it as it is. */
function passesSwitch(file: BicepFile): string[] {
  return file.modules.flatMap((module) => {
    const params = given(module, 'params');
    const value =
      params &&
      everyNode(params).find((node) => node.type === 'object_property' && node.text.startsWith('privateNetwork:'));
    return value === undefined || value.text === 'privateNetwork: privateNetwork'
      ? []
      : [`${where(file.path, module.node)} ${module.name} is given another switch`];
  });
}

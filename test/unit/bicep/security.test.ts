import { flagProblems, secretProblems, switchProblems } from './check-security';
import { changed, readProject } from './project';
import { loadGrammar } from './syntax';

beforeAll(loadGrammar);

const project = readProject();

test('every service is told to take no keys and no old TLS, and to be private where that is chosen', () => {
  expect(flagProblems(project)).toEqual([]);
  expect(switchProblems(project)).toEqual([]);
});

test('secrets go to the vault and to the server, and nowhere else', () => {
  expect(secretProblems(project)).toEqual([]);
});

test.each([
  ['modules/storage-account.bicep', 'allowSharedKeyAccess: false', 'allowSharedKeyAccess: true'],
  ['modules/storage-account.bicep', 'allowBlobPublicAccess: false', 'allowBlobPublicAccess: true'],
  ['modules/storage-account.bicep', "'TLS1_2'", "'TLS1_0'"],
  ['modules/storage-account.bicep', "privateNetwork ? 'Disabled' : 'Enabled'", "'Enabled'"],
  ['modules/cosmos-account.bicep', '    disableLocalAuth: true\n', ''],
  ['modules/cosmos-account.bicep', "'Tls12'", "'Tls'"],
  ['modules/key-vault.bicep', 'enableRbacAuthorization: true', 'enableRbacAuthorization: false'],
  ['modules/postgres.bicep', "value: 'on'", "value: 'off'"],
  ['modules/postgres.bicep', "'TLSv1.2'", "'TLSv1.1'"],
  ['modules/postgres.bicep', "passwordLogins ? 'Enabled' : 'Disabled'", "'Enabled'"],
  ['modules/monitoring.bicep', 'DisableLocalAuth: true', 'DisableLocalAuth: false'],
  ['modules/monitoring.bicep', 'disableLocalAuth: true', 'disableLocalAuth: false'],
  ['modules/function-app.bicep', 'httpsOnly: true', 'httpsOnly: false'],
  ['modules/function-app.bicep', "minTlsVersion: '1.2'", "minTlsVersion: '1.0'"],
  ['modules/function-app.bicep', 'allow: false', 'allow: true'],
  ['modules/function-app.bicep', "'UserAssignedIdentity'", "'StorageAccountConnectionString'"],
  ['modules/identity.bicep', 'Microsoft.ManagedIdentity/userAssignedIdentities', 'Microsoft.Sql/servers'],
])('an open door in %s is found: %s', (path, from, to) => {
  expect(flagProblems(changed(project, path, from, to))).toHaveLength(1);
});

test.each([
  ['main.bicep', 'string = names.vault', 'string = youtubeApiKey', 'the output KEY_VAULT_NAME'],
  [
    'main.bicep',
    "var taskHubName = 'MakotoDailyBatch'",
    'var taskHubName = databasePassword',
    'the variable taskHubName',
  ],
  ['modules/key-vault.bicep', "name: 'to-log-analytics'", 'name: youtubeApiKey', 'diagnosticSettings name'],
  ['modules/postgres.bicep', 'tags: tags', 'tags: {\n    a: administratorPassword\n  }', 'flexibleServers tags.a'],
])('a secret that leaks in %s is found: %s', (path, from, to, expected) => {
  expect(secretProblems(changed(project, path, from, to)).join('\n')).toContain(expected);
});

test.each([
  [
    'main.bicep',
    "private-endpoints.bicep' = if (privateNetwork) {",
    "private-endpoints.bicep' = {",
    'endpoints does not',
  ],
  ['main.bicep', "network.bicep' = if (privateNetwork) {", "network.bicep' = if (usesScheduler) {", 'network does not'],
  ['main.bicep', 'privateNetwork: privateNetwork', 'privateNetwork: false', 'is given another switch'],
  ['modules/postgres.bicep', '= if (!privateNetwork) {', '= {', 'lets addresses in also'],
  ['modules/network.bicep', 'Microsoft.Network/publicIPAddresses', 'Microsoft.Web/sites', 'not of the network'],
])('what does not follow the switch in %s is found: %s', (path, from, to, expected) => {
  expect(switchProblems(changed(project, path, from, to)).join('\n')).toContain(expected);
});

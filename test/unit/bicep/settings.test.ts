import { loadSettings, settingsTable } from '../../../shared/settings';
import { appSettings, chosenDefaults, settingsProblems } from './check-settings';
import { changed, json, readProject } from './project';
import { loadGrammar } from './syntax';

beforeAll(loadGrammar);

const project = readProject();

interface ParameterFile {
  readonly parameters: { readonly batchSettings?: { readonly value: Record<string, string> } };
}

/** What a deployment's resources decide, as Azure would. */
const OF_RESOURCES = {
  AZURE_STORAGE_ACCOUNT_URL: 'https://stdprdexample.blob.core.windows.net/',
  COSMOS_ENDPOINT: 'https://cosmos-prd-example.documents.azure.com:443/',
  COSMOS_DATABASE_NAME: 'makoto-db',
  COSMOS_CONTAINER_NAME: 'metadata',
  KEY_VAULT_URL: 'https://kv-prd-example.vault.azure.net/',
  DB_HOST: 'psql-prd-example.postgres.database.azure.com',
  DB_PORT: '5432',
  DB_NAME: 'shirogane',
  DB_USERNAME: 'id-prd-example',
};

test('what the app and the runtime read is set, and nothing else', () => {
  expect(settingsProblems(project)).toEqual([]);
  expect([...appSettings(project)]).toEqual(
    expect.arrayContaining(['TENANT_ID', 'COSMOS_ENDPOINT', 'AZURE_CLIENT_ID']),
  );
});

test('a deployment chooses what the resources do not decide', () => {
  const plain = settingsTable.filter(({ secret, cloud }) => !secret && cloud !== 'aws').map(({ name }): string => name);
  const ofTheRuntime = Object.keys(json<object>(project, 'runtime-settings.json'));

  const chosen = [...chosenDefaults(project).keys()];

  const expected = plain.filter((name) => !ofTheRuntime.includes(name));
  expect([...chosen, ...Object.keys(OF_RESOURCES)].sort()).toEqual(expected.sort());
});

test.each(['dev.parameters.json', 'prd.parameters.json', 'main.parameters.json'])(
  'the app takes what %s sets',
  (path) => {
    const { parameters } = json<ParameterFile>(project, path);
    const given = {
      ...Object.fromEntries(chosenDefaults(project)),
      ...parameters.batchSettings?.value,
      ...OF_RESOURCES,
    };

    const settings = loadSettings(given);

    expect(settings).toMatchObject({
      tenants: '*',
      cloud: { kind: 'azure', keyVaultUrl: 'https://kv-prd-example.vault.azure.net' },
    });
  },
);

test.each([
  ['a setting that is not set', 'main.bicep', '      KEY_VAULT_URL: vault.outputs.url\n', '', 'KEY_VAULT_URL is read'],
  [
    'a setting of the runtime',
    'modules/function-app.bicep',
    '  AZURE_CLIENT_ID: identityClientId\n',
    '',
    'AZURE_CLIENT_ID is read',
  ],
  ['a setting misspelt', 'main.bicep', 'DB_USERNAME:', 'DB_USER:', 'DB_USER is set, and nothing reads it'],
  [
    'a setting that nothing reads',
    'modules/function-app.bicep',
    'OTEL_SERVICE_NAME:',
    'FUNCTIONS_WORKER_RUNTIME:',
    'nothing reads',
  ],
  [
    'a secret in the open',
    'main.bicep',
    'DB_NAME: ',
    'DB_PASSWORD: databasePassword\n      DB_NAME: ',
    'DB_PASSWORD is a secret',
  ],
  [
    'a name listed for nothing',
    'runtime-settings.json',
    '"WEBSITE_CLOUD_ROLENAME"',
    '"WEBSITE_TIME_ZONE"',
    'WEBSITE_TIME_ZONE is read',
  ],
  [
    'another default',
    'types/batch-settings.bicep',
    "'0 0 17 * * *'",
    "'0 0 2 * * *'",
    'EXPORT_SCHEDULE has another default',
  ],
  ['a choice without a default', 'types/batch-settings.bicep', "  LOG_LEVEL: 'info'\n", '', 'LOG_LEVEL can be chosen'],
])('%s is found', (_, path, from, to, expected) => {
  const problems = settingsProblems(changed(project, path, from, to));

  expect(problems.join('\n')).toContain(expected);
});

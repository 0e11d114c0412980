import { symbolProblems } from './check-symbols';
import { changed, readProject } from './project';
import { loadGrammar } from './syntax';

beforeAll(loadGrammar);

const project = readProject();

test('everything that is used is declared, and the other way round', () => {
  expect(symbolProblems(project)).toEqual([]);
});

test.each([
  ['an undeclared symbol', 'modules/identity.bicep', 'tags: tags', 'tags: allTags', 'uses allTags, which nothing'],
  ['an undeclared parent', 'modules/postgres.bicep', 'parent: server', 'parent: servers', 'uses servers'],
  ['an undeclared interpolation', 'modules/network.bicep', '{name}-nat', '{names}-nat', 'uses names'],
  [
    'an undeclared type',
    'main.bicep',
    'param cosmos metadataOptions',
    'param cosmos cosmosOptions',
    'uses cosmosOptions',
  ],
  ['an unused parameter', 'modules/identity.bicep', 'location: location', "location: 'x'", 'does not use location'],
  ['an unused variable', 'modules/key-vault.bicep', 'var roles', "var other = 'x'\nvar roles", 'does not use other'],
  [
    'an unused import',
    'main.bicep',
    'batchSettings batchSettingValues',
    'batchSettings object',
    'use batchSettingValues',
  ],
  ['a name declared twice', 'modules/identity.bicep', 'output clientId', 'output id', 'declares id twice'],
  [
    'an import of nothing',
    'types/options.bicep',
    'type databaseAdministrator',
    'type administrator',
    'does not export',
  ],
  ['a missing file', 'main.bicep', 'functions/names.bicep', 'functions/name.bicep', 'which is not there'],
  ['a function that is none', 'main.bicep', 'uniqueString(', 'uniqueText(', 'calls uniqueText'],
  ['a function with too few arguments', 'modules/network.bicep', ', 24, 0)', ', 24)', 'gives cidrSubnet 2'],
  ['a member of a variable', 'main.bicep', 'names.plan', 'names.plans', 'names has no plans'],
  ['a member of a type', 'modules/data-storage.bicep', '?redundancy', '?redundant', 'options has no redundant'],
  ['a member of a file', 'modules/monitoring.bicep', 'Publisher.id', 'Publisher.guid', 'roles has no guid'],
])('%s is found', (_, path, from, to, expected) => {
  const problems = symbolProblems(changed(project, path, from, to));

  expect(problems.join('\n')).toContain(expected);
});

import { roleProblems, shapeProblems, versionProblems } from './check-resources';
import { changed, readProject } from './project';
import { loadGrammar } from './syntax';

beforeAll(loadGrammar);

const project = readProject();

test('every resource has the version of the list, a name, its parent and the tags', () => {
  expect(versionProblems(project)).toEqual([]);
  expect(shapeProblems(project)).toEqual([]);
});

test('every role that is assigned is declared, and every declared one is assigned, on a resource', () => {
  expect(roleProblems(project)).toEqual([]);
});

test.each([
  ['an unknown version', 'modules/identity.bicep', '@2023-01-31', '@2024-11-30', 'has 2024-11-30 of'],
  ['an unknown type', 'modules/identity.bicep', 'userAssignedIdentities@', 'identities@', 'a type that is not listed'],
  [
    'an entry for nothing',
    'api-versions.json',
    'Web/sites"',
    'Web/slots"',
    'Microsoft.Web/slots is listed, and not used',
  ],
  ['a source of another version', 'api-versions.json', '2023-07-01/vaults"', '2022-07-01/vaults"', 'another source'],
])('%s is found', (_, path, from, to, expected) => {
  const problems = versionProblems(changed(project, path, from, to));

  expect(problems.join('\n')).toContain(expected);
});

test.each([
  ['a resource without a name', 'modules/identity.bicep', '  name: name\n', '', 'has no name'],
  ['a resource without tags', 'modules/identity.bicep', '  tags: tags\n', '', 'does not have the tags'],
  ['a child without a parent', 'modules/key-vault.bicep', '  parent: vault\n', '', 'has no parent'],
  ['a child of another', 'modules/cosmos-account.bicep', 'parent: database', 'parent: account', 'no child of account'],
])('%s is found', (_, path, from, to, expected) => {
  const problems = shapeProblems(changed(project, path, from, to));

  expect(problems.join('\n')).toContain(expected);
});

const KEY_VAULT = 'modules/key-vault.bicep';

test.each([
  [
    'a role that is not declared',
    KEY_VAULT,
    "Definitions', roles.keyVaultSecretsUser",
    "Definitions', roles.owner",
    'is not declared',
  ],
  [
    'a role by its id',
    KEY_VAULT,
    'roles.keyVaultSecretsUser.id)\n    p',
    "'4633458b-17de-408a-b874-0445c86b69e6')\n    p",
    'by its id',
  ],
  [
    'a role that nobody has',
    'roles.json',
    '"keyVaultSecretsUser"',
    '"keyVaultReader"',
    'keyVaultReader is declared, and never',
  ],
  [
    'a role on the resource group',
    KEY_VAULT,
    '  scope: vault\n  properties: {\n    role',
    '  properties: {\n    role',
    'whole resource group',
  ],
  ['a principal of any kind', KEY_VAULT, "    principalType: 'ServicePrincipal'\n", '', 'what the principal is'],
  [
    'a name for two roles',
    KEY_VAULT,
    'principalId, roles.keyVaultSecretsUser.id',
    'principalId',
    'does not tell its role',
  ],
  [
    'a role of another service',
    'modules/cosmos-access.bicep',
    '{roles.cosmosDataContributor.id}',
    '{roles.keyVaultSecretsUser.id}',
    'of another service',
  ],
  [
    'an id declared twice',
    'roles.json',
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
    'declared twice',
  ],
])('%s is found', (_, path, from, to, expected) => {
  const problems = roleProblems(changed(project, path, from, to));

  expect(problems.join('\n')).toContain(expected);
});

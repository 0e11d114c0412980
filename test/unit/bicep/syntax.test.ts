import { syntaxProblems } from './check-syntax';
import { changed, readProject } from './project';
import { loadGrammar } from './syntax';

beforeAll(loadGrammar);

const project = readProject();

test('every file can be parsed, and is laid out as Bicep wants it', () => {
  expect([...project.keys()]).toEqual(expect.arrayContaining(['main.bicep', 'modules/function-app.bicep']));
  expect(syntaxProblems(project)).toEqual([]);
});

test.each([
  ['a brace too few', 'modules/identity.bicep', '  tags: tags\n}', '  tags: tags\n', 'cannot be parsed'],
  ['a keyword misspelt', 'modules/identity.bicep', 'output id', 'outputs id', 'cannot be parsed'],
  ['two members in a line', 'modules/identity.bicep', 'name: name\n  ', 'name: name ', 'two members in a line'],
  ['a comma at a line end', 'modules/identity.bicep', 'name: name\n', 'name: name,\n', 'comma at a line end'],
  ['a value in the next line', 'modules/identity.bicep', 'name: name', 'name:\n    name', 'goes on in a line'],
  [
    'a choice over two lines',
    'modules/storage-account.bicep',
    "privateNetwork ? 'Deny'",
    "privateNetwork\n ? 'Deny'",
    'goes on in a line',
  ],
  [
    'two statements in a line',
    'modules/identity.bicep',
    'output clientId',
    "output x string = 'x' output clientId",
    'two statements in a line',
  ],
  ['an unknown escape', 'modules/identity.bicep', 'It has no secret', 'It has no \\secret', 'an escape that Bicep'],
  [
    'a module of a registry',
    'main.bicep',
    "'modules/identity.bicep'",
    "'br/public:avm/res/managed-identity:0.4.1'",
    'takes a module from a registry',
  ],
])('%s is found', (_, path, from, to, expected) => {
  const problems = syntaxProblems(changed(project, path, from, to));

  expect(problems.join('\n')).toContain(expected);
});

import { conditionalOutputs, defaultProblems, moduleProblems, parameterFileProblems } from './check-modules';
import { bicepFiles, changed, readProject } from './project';
import { loadGrammar } from './syntax';

beforeAll(loadGrammar);

const project = readProject();

test('every module is given what it takes, and asked for what it has', () => {
  expect(moduleProblems(project)).toEqual([]);
  expect(bicepFiles(project).flatMap(conditionalOutputs)).toEqual([]);
});

test('parameter files and defaults fit the parameters', () => {
  const files = [...project.keys()].filter((path) => path.endsWith('.parameters.json'));

  expect(files).toEqual(['dev.parameters.json', 'main.parameters.json', 'prd.parameters.json']);
  expect(parameterFileProblems(project)).toEqual([]);
  expect(defaultProblems(project)).toEqual([]);
});

test.each([
  [
    'a parameter that is missing',
    'main.bicep',
    '    alertEmail: alertEmail\n',
    '',
    'monitoring is not given alertEmail',
  ],
  ['a parameter that is unknown', 'main.bicep', 'alertEmail: alertEmail', 'email: alertEmail', 'does not take email'],
  ['a new parameter', 'modules/identity.bicep', 'param tags object', 'param tags object\nparam x int', 'not given x'],
  ['a parameter of another type', 'main.bicep', 'tags: allTags', 'tags: location', 'takes object, and is given string'],
  ['a number for a text', 'main.bicep', 'name: names.identity', 'name: 7', 'takes string, and is given int'],
  [
    'a text for a list',
    'modules/host-storage.bicep',
    '[\n      packageContainer\n    ]',
    'packageContainer',
    'takes array',
  ],
  ['an output of another type', 'modules/network.bicep', 'output id string', 'output id object', 'and is given object'],
  [
    'an output that is not there',
    'main.bicep',
    'identity.outputs.id',
    'identity.outputs.resourceId',
    'no output resourceId',
  ],
  [
    'an output renamed',
    'modules/network.bicep',
    'output outboundAddress',
    'output address',
    'no output outboundAddress',
  ],
  [
    'a parameter without a word',
    'modules/identity.bicep',
    "@description('Where it is.')\n",
    '',
    'does not say what location',
  ],
  [
    'a secret in the open',
    'main.bicep',
    'taskHubName: taskHubName',
    'taskHubName: youtubeApiKey',
    'is given youtubeApiKey',
  ],
  [
    'two modules of a name',
    'main.bicep',
    "name: 'monitoring'",
    "name: 'identity'",
    'two modules with the name identity',
  ],
])('%s is found', (_, path, from, to, expected) => {
  const problems = moduleProblems(changed(project, path, from, to));

  expect(problems.join('\n')).toContain(expected);
});

test('an output of a module that may not be there is found', () => {
  const files = bicepFiles(changed(project, 'main.bicep', 'network!.outputs.id', 'network.outputs.id'));

  expect(files.flatMap(conditionalOutputs).join('\n')).toContain('network.outputs.id');
});

test.each([
  ['a name that is none', '"logRetentionDays"', '"retentionDays"', 'retentionDays is no parameter'],
  ['a text for a switch', '"value": false', '"value": "false"', 'privateNetwork is no bool'],
  ['a number out of its limits', '"value": 30', '"value": 29', 'logRetentionDays is below 30'],
  ['a choice that is none', '"mode": "create"', '"mode": "make"', 'database.mode may not be "make"'],
  ['a member that is missing', '"mode": "create",', '', 'database needs mode'],
  ['a setting that is none', '"TENANT_ID"', '"TENANT_IDS"', 'batchSettings has no TENANT_IDS'],
  ['a setting that is no text', '"TENANT_ID": "*"', '"TENANT_ID": 1', 'batchSettings.TENANT_ID is no string'],
  ['a required one that is missing', '"environmentName"', '"environment"', 'environmentName is missing'],
  ['a secret', '"logRetentionDays"', '"youtubeApiKey"', 'youtubeApiKey is a secret'],
])('%s in a parameter file is found', (_, from, to, expected) => {
  const problems = parameterFileProblems(changed(project, 'dev.parameters.json', from, to));

  expect(problems.join('\n')).toContain(expected);
});

test.each([
  ['instanceMemoryMB int = 2048', 'instanceMemoryMB int = 1024', 'instanceMemoryMB may not be 1024'],
  ["durableBackend string = 'azureStorage'", "durableBackend string = 'netherite'", 'durableBackend may not be'],
  ['maximumInstanceCount int = 40', 'maximumInstanceCount int = 10', 'maximumInstanceCount is below 40'],
])('a default out of its limits is found: %s', (from, to, expected) => {
  const problems = defaultProblems(changed(project, 'main.bicep', from, to));

  expect(problems.join('\n')).toContain(expected);
});

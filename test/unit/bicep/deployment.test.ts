import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readJson, readText } from '../docs/documents';
import { azureCommands, commandProblems, commandsIn, type KnownCommand, WORKFLOWS } from './azure-commands';
import { property, resources } from './check-resources';
import { bicepFile, json, readProject } from './project';
import { loadGrammar } from './syntax';

beforeAll(loadGrammar);

const project = readProject();
const known = readJson<Record<string, KnownCommand>>('test/unit/bicep/azure-commands.json');
const { scripts } = readJson<{ scripts: Record<string, string> }>('package.json');

test("the commands of Azure's tools are known ones with flags that they have", () => {
  const commands = azureCommands();

  expect(commands.length).toBeGreaterThan(20);
  expect(commands.flatMap((command) => commandProblems(command, known))).toEqual([]);
  const idle = Object.keys(known).filter((name) => !commands.some(({ text }) => `${text} `.startsWith(`${name} `)));
  expect(idle).toEqual([]);
});

test.each([
  ['az group create --nam x', 'az group create has no --nam'],
  ['az group make --name x', 'nobody has looked up "az group make'],
  ['X=$(az group show --name "$G" --id x)', 'az group show has no --id'],
  ['az keyvault show --name "$(az group show --nam x)" --query id', 'az group show has no --nam'],
])('a command that is none is found: %s', (line, expected) => {
  const problems = commandsIn('here', line).flatMap((command) => commandProblems(command, known));

  expect(problems.join('\n')).toContain(expected);
});

test('the files, parameters and outputs that commands name are there', () => {
  const text = azureCommands()
    .map((command) => command.text)
    .join('\n');
  const main = bicepFile(project, 'main.bicep');
  const files = [...text.matchAll(/\bbicep\/[\w./-]+/g)].map(([path]) => path);
  const parameters = [...text.matchAll(/--parameters (?!"?bicep\/)(.+?)(?= --|$)/gm)].flatMap(([, given = '']) =>
    [...given.matchAll(/(?:^|\s)(\w+)=/g)].map(([, name]) => name),
  );
  const outputs = [...text.matchAll(/properties\.outputs\.(\w+)\.value/g)].map(([, name]) => name);

  expect(files.filter((path) => !path.endsWith('/') && !existsSync(join(ROOT, path)))).toEqual([]);
  expect(parameters.filter((name) => !main.parameters.some((each) => each.name === name))).toEqual([]);
  expect(outputs.filter((name) => !main.outputs.some((each) => each.name === name))).toEqual([]);
  expect([files, parameters, outputs].every(({ length }) => length > 2)).toBe(true);
});

test('azure.yaml names the template, and the service by the tag of the app', () => {
  const text = readText('azure.yaml');
  const [app] = resources(project).filter(({ type }) => type === 'Microsoft.Web/sites');
  const value = (key: string) => new RegExp(`^ *${key}: (.+)$`, 'm').exec(text)?.[1];

  expect(text).not.toContain('\t');
  expect(existsSync(join(ROOT, value('path') ?? '', `${value('module')}.bicep`))).toBe(true);
  expect(project.has(`${value('module')}.parameters.json`)).toBe(true);
  const service = /^services:\n {2}(\w+):$/m.exec(text)?.[1];
  expect(app && property(app.resource, 'tags')).toContain(`'azd-service-name': '${service}'`);
  expect(readText('bicep/main.bicep')).toContain("'azd-env-name': environmentName");
});

test.each(WORKFLOWS)('%s signs in without a secret, and runs what is there', (path) => {
  const text = readText(path);
  const actions = [...text.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
  const runs = [...text.matchAll(/run: (?:\|\n((?: {10}.*\n)+)|(.+))/g)].map(([, block, line]) => block ?? line ?? '');
  const npm = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);

  expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/.test(action))).toEqual([]);
  expect(text).toContain('id-token: write');
  expect(text).not.toMatch(/\$\{\{\s*secrets\./);
  // An expression within a script would be part of it.
  expect(runs.filter((run) => /\$\{\{/.test(run))).toEqual([]);
  expect(runs.length).toBeGreaterThan(1);
  expect(npm.filter((name) => !(name in scripts))).toEqual([]);
});

test('the security page has every role', () => {
  const roles = Object.values(json<Record<string, { name: string }>>(project, 'roles.json'));
  const page = readText('docs/security.md');

  const missing = roles.filter(({ name }) => !page.includes(`| ${name} |`));

  expect(missing).toEqual([]);
});

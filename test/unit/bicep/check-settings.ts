import { settingsTable } from '../../../shared/settings';
import { type BicepFile, given, typeMembers, type Variable } from './declarations';
import { bicepFile, bicepFiles, json, type Project, pathFrom } from './project';
import { child, literal, members, type Node, parts } from './syntax';

interface RuntimeSetting {
  readonly reader: string;
  readonly source: string;
}

/** The names of all app settings that the function app may get, from the tree: objects, choices, unions, variables, parameters. */
export function appSettings(project: Project): Set<string> {
  const found = bicepFiles(project).flatMap((file) =>
    file.resources
      .filter((resource) => resource.from.startsWith('Microsoft.Web/sites/config@'))
      .filter((resource) => literal(given(resource, 'name')) === 'appsettings')
      .flatMap((resource) => keysOf(project, file, given(resource, 'properties'))),
  );
  return new Set(found);
}

/** The keys that an expression's object may have. @throws Error for an expression that this cannot read */
function keysOf(project: Project, file: BicepFile, value: Node | undefined): string[] {
  switch (value?.type) {
    case 'object':
      return [...members(value).keys()];
    case 'ternary_expression':
      return parts(value)
        .slice(1)
        .flatMap((each) => keysOf(project, file, each));
    case 'call_expression':
      if (child(value, 'function')?.text !== 'union') break;
      return parts(child(value, 'arguments') ?? value).flatMap((each) => keysOf(project, file, each));
    case 'identifier':
      return keysOfName(project, file, value.text);
    default:
  }
  throw new Error(`The app settings cannot be read from ${value?.text}.`);
}

function keysOfName(project: Project, file: BicepFile, name: string): string[] {
  const variable = file.variables.find((each) => each.name === name);
  if (variable !== undefined) return keysOf(project, file, variable.value);
  const parameter = file.parameters.find((each) => each.name === name);
  const imported = importOf(project, file, parameter?.type.text ?? name);
  if (imported?.declaration.node.type === 'type_declaration') return [...typeMembers(imported.declaration).keys()];
  if (imported !== undefined) return keysOf(project, imported.file, imported.declaration.value);
  if (parameter === undefined) throw new Error(`Nothing says what ${name} is.`);
  return callers(project, file).flatMap(({ caller, params }) => keysOf(project, caller, members(params).get(name)));
}

function importOf(
  project: Project,
  file: BicepFile,
  alias: string,
): { file: BicepFile; declaration: Variable } | undefined {
  const entry = file.imports.find((each) => each.alias === alias);
  if (entry === undefined) return undefined;
  const from = bicepFile(project, pathFrom(file, entry.from));
  const declaration = [...from.variables, ...from.types].find(({ name }) => name === entry.name);
  return declaration && { file: from, declaration };
}

function callers(project: Project, file: BicepFile): { caller: BicepFile; params: Node }[] {
  return bicepFiles(project).flatMap((caller) =>
    caller.modules
      .filter((module) => pathFrom(caller, module.from) === file.path)
      .flatMap((module) => {
        const params = given(module, 'params');
        return params === undefined ? [] : [{ caller, params }];
      }),
  );
}

/** The app reads its settings by settingsTable, and its secrets from the key vault; the runtime reads what runtime-settings.json lists. */
export function settingsProblems(project: Project): string[] {
  const runtime = json<Record<string, RuntimeSetting>>(project, 'runtime-settings.json');
  const set = appSettings(project);
  const plain = settingsTable.filter(({ secret, cloud }) => !secret && cloud !== 'aws').map(({ name }): string => name);
  const secrets = settingsTable.filter(({ secret }) => secret).map(({ name }): string => name);
  const read = new Set([...plain, ...Object.keys(runtime)]);
  const missing = [...read].filter((name) => !set.has(name)).map((name) => `${name} is read, and not set`);
  const idle = [...set].filter((name) => !read.has(name) && !secrets.includes(name));
  const open = secrets.filter((name) => set.has(name)).map((name) => `${name} is a secret, and set in the open`);
  const bare = Object.entries(runtime).filter(
    ([, { reader, source }]) => reader === '' || !source.startsWith('https://'),
  );
  return [
    ...missing,
    ...idle.map((name) => `${name} is set, and nothing reads it`),
    ...open,
    ...bare.map(([name]) => `${name} is listed without its reader or source`),
    ...defaultsProblems(project),
  ];
}

/** The settings that a deployment chooses, with their defaults, as the file of their type has them. */
export function chosenDefaults(project: Project): Map<string, string> {
  const file = bicepFile(project, 'types/batch-settings.bicep');
  const value = file.variables.find(({ name }) => name === 'batchSettingDefaults')?.value;
  const entries = value === undefined ? [] : [...members(value)];
  return new Map(entries.map(([name, node]) => [name, literal(node) ?? '']));
}

function defaultsProblems(project: Project): string[] {
  const file = bicepFile(project, 'types/batch-settings.bicep');
  const [type] = file.types;
  const declared = type === undefined ? [] : [...typeMembers(type).keys()];
  const defaults = chosenDefaults(project);
  const unlike = [...defaults].filter(
    ([name, value]) => (settingsTable.find((row) => row.name === name)?.default ?? '') !== value,
  );
  const lacking = declared.filter((name) => !defaults.has(name));
  return [
    ...unlike.map(([name, value]) => `${name} has another default than the app: "${value}"`),
    ...lacking.map((name) => `${name} can be chosen, and has no default`),
  ];
}

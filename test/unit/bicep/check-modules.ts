import { outputsUsed } from './check-symbols';
import { valueProblems } from './check-types';
import { type BicepFile, given, isSecure, type Parameter, type Unit } from './declarations';
import { bicepFile, bicepFiles, json, type Project, pathFrom } from './project';
import { literal, members, type Node, nodesOfType, parts, tokens, where } from './syntax';

/** Modules that are not given what they take, and outputs that they do not have. */
export function moduleProblems(project: Project): string[] {
  return bicepFiles(project).flatMap((file) => [
    ...file.modules.flatMap((module) => callProblems(project, file, module)),
    ...outputProblems(project, file),
    ...file.parameters
      .filter(({ decorators }) => !decorators.some(({ name }) => name === 'description'))
      .map(({ name }) => `${file.path} does not say what ${name} is`),
    ...twice(file.modules.map((module) => literal(given(module, 'name')) ?? module.name)).map(
      (name) => `${file.path} has two modules with the name ${name}`,
    ),
  ]);
}

function twice(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

function callProblems(project: Project, file: BicepFile, module: Unit): string[] {
  const target = bicepFile(project, pathFrom(file, module.from));
  const at = `${where(file.path, module.node)} ${module.name}`;
  const params = given(module, 'params');
  const gives = params === undefined ? new Map<string, Node>() : members(params);
  const takes = new Map(target.parameters.map((parameter) => [parameter.name, parameter]));
  const unknown = [...gives.keys()].filter((name) => !takes.has(name)).map((name) => `${at} does not take ${name}`);
  const missing = target.parameters
    .filter((parameter) => parameter.default === undefined && !gives.has(parameter.name))
    .map(({ name }) => `${at} is not given ${name}`);
  const wrong = [...gives].flatMap(([name, value]) => {
    const parameter = takes.get(name);
    return parameter === undefined ? [] : argumentProblems(project, file, parameter, value, `${at}.${name}`);
  });
  return [...unknown, ...missing, ...wrong];
}

function argumentProblems(project: Project, file: BicepFile, parameter: Parameter, value: Node, at: string): string[] {
  const names = new Set(tokens(value).map(({ text }) => text));
  const secrets = file.parameters.filter((each) => isSecure(each) && names.has(each.name));
  const open = isSecure(parameter) ? [] : secrets.map(({ name }) => `${at} is not secure, and is given ${name}`);
  const wanted = shape(parameter.type.text);
  const found = typeOf(project, file, value);
  const differs = found !== undefined && found !== wanted && !(wanted === 'object' && found.endsWith('Options'));
  return differs ? [...open, `${at} takes ${wanted}, and is given ${found}`] : open;
}

/** What kind of value a type's text stands for; a name that is declared stands for itself. */
function shape(type: string): string {
  return type.endsWith('[]') ? 'array' : type;
}

/** The type of an expression, where it is plain to see. */
function typeOf(project: Project, file: BicepFile, value: Node): string | undefined {
  const plain: Record<string, string> = {
    string: 'string',
    number: 'int',
    boolean: 'bool',
    object: 'object',
    array: 'array',
  };
  if (value.type in plain) return plain[value.type];
  if (value.type === 'unary_expression') return value.text.startsWith('!') ? 'bool' : 'int';
  if (value.type === 'ternary_expression') {
    const [, first, second] = parts(value).map((each) => typeOf(project, file, each));
    return first === second ? first : undefined;
  }
  if (value.type === 'identifier') {
    const parameter = file.parameters.find(({ name }) => name === value.text);
    return parameter && shape(parameter.type.text);
  }
  const output = /^(\w+)!?\.outputs\.(\w+)$/.exec(value.text);
  const module = file.modules.find(({ name }) => name === output?.[1]);
  if (module === undefined) return undefined;
  const target = bicepFile(project, pathFrom(file, module.from));
  const type = target.outputs.find(({ name }) => name === output?.[2])?.type.text;
  return type && shape(type);
}

function outputProblems(project: Project, file: BicepFile): string[] {
  return outputsUsed(file).flatMap(({ module: name, output, node }) => {
    const module = file.modules.find((each) => each.name === name);
    if (module === undefined) return [`${where(file.path, node)}: ${name} is no module, and has no outputs`];
    const target = bicepFile(project, pathFrom(file, module.from));
    if (target.outputs.some((each) => each.name === output)) return [];
    return [`${where(file.path, node)}: ${name} has no output ${output}`];
  });
}

/** A module that is there on a condition is asked for outputs with `!`, in a choice or where the same condition holds. */
export function conditionalOutputs(file: BicepFile): string[] {
  const conditional = file.modules.filter(({ condition }) => condition !== undefined).map(({ name }) => name);
  return nodesOfType(file.root, 'member_expression')
    .filter(({ text }) => conditional.some((name) => text.startsWith(`${name}.outputs.`)))
    .map((node) => `${where(file.path, node)} asks ${node.text} for what may not be there`);
}

interface ParameterFile {
  readonly parameters: Readonly<Record<string, { readonly value: unknown }>>;
}

/** Parameter files that do not fit main.bicep. */
export function parameterFileProblems(project: Project): string[] {
  const main = bicepFile(project, 'main.bicep');
  const paths = [...project.keys()].filter((path) => path.endsWith('.parameters.json'));
  return paths.flatMap((path) => {
    const { parameters } = json<ParameterFile>(project, path);
    const unknown = Object.keys(parameters).filter((name) => !main.parameters.some((each) => each.name === name));
    const wrong = main.parameters.flatMap((parameter) => {
      const entry = parameters[parameter.name];
      if (entry === undefined) return parameter.default === undefined ? [`${parameter.name} is missing`] : [];
      if (isSecure(parameter)) return [`${parameter.name} is a secret, and stands in a file`];
      return valueProblems(project, main, parameter, entry.value);
    });
    return [...unknown.map((name) => `${name} is no parameter`), ...wrong].map((problem) => `${path}: ${problem}`);
  });
}

/** The defaults of parameters, as far as they are written out, against the types and limits of the same parameters. */
export function defaultProblems(project: Project): string[] {
  return bicepFiles(project).flatMap((file) =>
    file.parameters.flatMap((parameter) => {
      const value = parameter.default && written(parameter.default);
      if (value === undefined) return [];
      return valueProblems(project, file, parameter, value).map((problem) => `${file.path}: ${problem}`);
    }),
  );
}

function written(node: Node): unknown {
  if (node.type === 'string') return literal(node);
  if (node.type === 'number' || node.type === 'boolean') return JSON.parse(node.text);
  if (node.type === 'array') return parts(node).map(written);
  if (node.type === 'object')
    return Object.fromEntries([...members(node)].map(([name, value]) => [name, written(value)]));
  return undefined;
}

import { type BicepFile, typeMembers } from './declarations';
import { FUNCTIONS, NAMESPACES } from './language';
import { bicepFile, bicepFiles, json, type Project, pathFrom } from './project';
import { child, literal, members, type Node, nodesOfType, parts, tokens, where } from './syntax';

/** Names that nothing declares, that nothing uses, or that are declared twice; functions and members that there are not. */
export function symbolProblems(project: Project): string[] {
  return bicepFiles(project).flatMap((file) => [
    ...declarationProblems(project, file),
    ...useProblems(project, file),
    ...callProblems(file),
    ...memberProblems(project, file),
  ]);
}

function declared(file: BicepFile): string[] {
  const named = [file.parameters, file.variables, file.types, file.functions, file.resources, file.modules].flat();
  return [...named.map(({ name }) => name), ...file.imports.map(({ alias }) => alias)];
}

function exported(file: BicepFile): Set<string> {
  const all = [file.variables, file.types, file.functions].flat();
  return new Set(
    all.filter(({ decorators }) => decorators.some(({ name }) => name === 'export')).map(({ name }) => name),
  );
}

function declarationProblems(project: Project, file: BicepFile): string[] {
  const names = declared(file);
  const outputs = file.outputs.map(({ name }) => name);
  const twice = [names, outputs].flatMap((all) => all.filter((name, index) => all.indexOf(name) !== index));
  const used = new Set(uses(file).map(({ text }) => text));
  const public_ = exported(file);
  // A resource or module is there for itself; everything else is there to be used.
  const forUse = [
    ...[file.parameters, file.variables, file.types, file.functions].flat().filter(({ name }) => !public_.has(name)),
    ...file.resources.filter(({ existing }) => existing),
  ].map(({ name }) => name);
  const idle = [...forUse, ...file.imports.map(({ alias }) => alias)].filter((name) => !used.has(name));
  const missing = file.imports.filter(
    ({ from, name }) => !exported(bicepFile(project, pathFrom(file, from))).has(name),
  );
  return [
    ...twice.map((name) => `${file.path} declares ${name} twice`),
    ...idle.map((name) => `${file.path} does not use ${name}`),
    ...missing.map(({ name, from }) => `${file.path} imports ${name}, which ${from} does not export`),
  ];
}

/** The identifiers that mean something declared: no keys, properties, functions or names being declared. */
function uses(file: BicepFile): Node[] {
  const found: Node[] = [];
  const visit = (node: Node, above: Node | undefined) => {
    if (node.type === 'import_functionality') return;
    const isName = above !== undefined && DECLARING.has(above.type) && parts(above)[0] === node;
    if (node.type === 'identifier' && !isName) found.push(node);
    for (const each of node.children) visit(each, node);
  };
  visit(file.root, undefined);
  return found;
}

const DECLARING = new Set([
  'parameter_declaration',
  'variable_declaration',
  'type_declaration',
  'output_declaration',
  'resource_declaration',
  'module_declaration',
  'metadata_declaration',
  'user_defined_function',
  'parameter',
  'object_property',
]);

function useProblems(project: Project, file: BicepFile): string[] {
  const known = new Set([...declared(file), ...NAMESPACES]);
  const problems: string[] = [];
  for (const statement of parts(file.root)) {
    const local = new Set([...known, ...localNames(statement)]);
    const single = { ...file, root: statement };
    for (const node of uses(single)) {
      if (local.has(node.text) || FUNCTIONS.has(node.text) || DECORATORS.has(node.text)) continue;
      problems.push(`${where(file.path, node)} uses ${node.text}, which nothing declares`);
    }
  }
  return problems.concat(missingFiles(project, file));
}

/** The variables of loops, lambdas and functions. Their scope is taken as the whole statement. */
function localNames(statement: Node): string[] {
  const loops = nodesOfType(statement, 'loop_variable', 'loop_enumerator').map(({ text }) => text);
  const single = nodesOfType(statement, 'for_statement').flatMap((loop) => child(loop, 'initializer')?.text ?? []);
  const lambdas = nodesOfType(statement, 'lambda_expression').flatMap((node) => parts(node)[0]?.text ?? []);
  const parameters = nodesOfType(statement, 'parameter').flatMap((node) => parts(node)[0]?.text ?? []);
  return [...loops, ...single, ...lambdas, ...parameters];
}

const DECORATORS = new Set(
  'allowed batchSize description export maxLength maxValue minLength minValue sealed secure'.split(' '),
);

function missingFiles(project: Project, file: BicepFile): string[] {
  const loaded = nodesOfType(file.root, 'call_expression')
    .filter((call) => child(call, 'function')?.text.startsWith('load'))
    .map((call) => literal(nodesOfType(call, 'string')[0]) ?? '');
  const named = [...loaded, ...file.imports.map(({ from }) => from), ...file.modules.map(({ from }) => from)];
  return named
    .filter((path) => !project.has(pathFrom(file, path)))
    .map((path) => `${file.path} names ${path}, which is not there`);
}

/** A function that is called is Bicep's or the file's, and gets as many arguments as it takes. */
function callProblems(file: BicepFile): string[] {
  const own = new Set([...file.functions.map(({ name }) => name), ...file.imports.map(({ alias }) => alias)]);
  return nodesOfType(file.root, 'call_expression').flatMap((call) => {
    const name = child(call, 'function')?.text ?? '';
    if (own.has(name) || DECORATORS.has(name)) return [];
    const arity = FUNCTIONS.get(name);
    if (arity === undefined) return [`${where(file.path, call)} calls ${name}, which is no function`];
    const count = parts(child(call, 'arguments') ?? call).length;
    const [least, most] = arity;
    return count >= least && count <= most ? [] : [`${where(file.path, call)} gives ${name} ${count} arguments`];
  });
}

/** `a.b` and `a.?b`: where a is an object whose members are known, b is one of them. Read by tokens, as far as the first dots go. */
function memberProblems(project: Project, file: BicepFile): string[] {
  const all = tokens(file.root);
  return all.flatMap((token, index) => {
    if (token.type !== 'identifier' || ['.', '.?'].includes(all[index - 1]?.type ?? '')) return [];
    const path: Node[] = [];
    for (let next = index + 1; ; next += 2) {
      if (all[next]?.type === '!') next++;
      const property = all[next + 1];
      if (!['.', '.?'].includes(all[next]?.type ?? '') || property?.type !== 'property_identifier') break;
      path.push(property);
    }
    let known = membersOf(project, file, token.text);
    for (const property of path) {
      if (known === undefined) return [];
      if (!(property.text in known)) return [`${where(file.path, token)}: ${token.text} has no ${property.text}`];
      const value = known[property.text];
      known = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
    }
    return [];
  });
}

function membersOf(project: Project, file: BicepFile, name: string): Record<string, unknown> | undefined {
  const variable = file.variables.find((each) => each.name === name);
  if (variable?.value.type === 'object')
    return Object.fromEntries([...members(variable.value).keys()].map((key) => [key, 0]));
  const loaded = variable && /^loadJsonContent\('([^']+)'\)$/.exec(variable.value.text)?.[1];
  if (loaded) return json(project, pathFrom(file, loaded));
  const type = file.parameters.find((each) => each.name === name)?.type.text;
  const imported = file.imports.find(({ alias }) => alias === (type ?? name));
  if (imported === undefined) return undefined;
  const from = bicepFile(project, pathFrom(file, imported.from));
  const declaration = [...from.types, ...from.variables].find((each) => each.name === imported.name);
  if (declaration === undefined) return undefined;
  return Object.fromEntries([...typeMembers(declaration).keys()].map((key) => [key, 0]));
}

/** The outputs of modules that a file names, as tokens: `module.outputs.name`. */
export function outputsUsed(file: BicepFile): { module: string; output: string; node: Node }[] {
  const all = tokens(file.root);
  return all.flatMap((token, index) => {
    if (token.type !== 'property_identifier' || token.text !== 'outputs') return [];
    const before = all.slice(0, index).findLast(({ type }) => type !== '!' && type !== '.' && type !== '.?');
    const output = all[index + 2]?.text ?? '';
    return before === undefined ? [] : [{ module: before.text, output, node: token }];
  });
}

import { child, literal, members, type Node, nodesOfType, parse, parts } from './syntax';

export interface Decorator {
  readonly name: string;
  readonly arguments: readonly Node[];
}

export interface Declaration {
  readonly name: string;
  readonly node: Node;
  readonly decorators: readonly Decorator[];
}

export interface Parameter extends Declaration {
  readonly type: Node;
  readonly default: Node | undefined;
}

export interface Variable extends Declaration {
  readonly value: Node;
}

export interface Output extends Declaration {
  readonly type: Node;
  readonly value: Node;
}

/** A resource or module: what it is made from, its body, and what surrounds the body. */
export interface Unit extends Declaration {
  /** `Microsoft.X/y@version`, or a module's path. */
  readonly from: string;
  readonly existing: boolean;
  readonly body: Node;
  readonly condition: Node | undefined;
  readonly loop: Node | undefined;
}

export interface Import {
  readonly name: string;
  readonly alias: string;
  readonly from: string;
  readonly node: Node;
}

export interface BicepFile {
  /** From the folder of main.bicep. */
  readonly path: string;
  readonly root: Node;
  readonly scope: string | undefined;
  readonly imports: readonly Import[];
  readonly parameters: readonly Parameter[];
  readonly variables: readonly Variable[];
  readonly types: readonly Variable[];
  readonly functions: readonly Declaration[];
  readonly resources: readonly Unit[];
  readonly modules: readonly Unit[];
  readonly outputs: readonly Output[];
}

/** What a file declares. It takes a tree without errors; in one with errors, declarations are missing. */
export function declarationsOf(path: string, text: string): BicepFile {
  const root = parse(text);
  const file = {
    path,
    root,
    scope: undefined as string | undefined,
    imports: [] as Import[],
    parameters: [] as Parameter[],
    variables: [] as Variable[],
    types: [] as Variable[],
    functions: [] as Declaration[],
    resources: [] as Unit[],
    modules: [] as Unit[],
    outputs: [] as Output[],
  };
  let decorators: Decorator[] = [];
  for (const node of parts(root)) {
    if (node.type === 'decorators') {
      decorators = parts(node).map(decoratorOf);
      continue;
    }
    const [first, second, third] = parts(node);
    const base = { name: first?.text ?? '', node, decorators };
    decorators = [];
    if (node.type === 'target_scope_assignment') file.scope = literal(first);
    if (node.type === 'import_functionality') file.imports.push(...importsOf(node));
    if (node.type === 'parameter_declaration' && second)
      file.parameters.push({ ...base, type: second, default: third });
    if (node.type === 'variable_declaration' && second) file.variables.push({ ...base, value: second });
    if (node.type === 'type_declaration' && second) file.types.push({ ...base, value: second });
    if (node.type === 'user_defined_function') file.functions.push(base);
    if (node.type === 'output_declaration' && second && third) {
      file.outputs.push({ ...base, type: second, value: third });
    }
    if (node.type === 'resource_declaration') file.resources.push(unitOf(base));
    if (node.type === 'module_declaration') file.modules.push(unitOf(base));
  }
  return file;
}

function decoratorOf(node: Node): Decorator {
  const name = nodesOfType(node, 'identifier')[0]?.text ?? '';
  const given = nodesOfType(node, 'arguments')[0];
  return { name, arguments: given ? parts(given) : [] };
}

/** `{ a as b, c }`: the words are siblings, and tell apart by the `as` before the second of a pair. */
function importsOf(node: Node): Import[] {
  const from = literal(parts(node).find(({ type }) => type === 'string')) ?? '';
  const listed = /\{([^}]*)\}/.exec(node.text)?.[1] ?? '';
  return listed
    .split(',')
    .map((each) => each.trim().split(/\s+as\s+/))
    .map(([name = '', alias = name]) => ({ name, alias, from, node }));
}

function unitOf(base: Declaration): Unit {
  const { node } = base;
  const [, from, outer] = parts(node);
  const loop = outer?.type === 'for_statement' ? outer : undefined;
  const inner = loop ? child(loop, 'body') : outer;
  const conditional = inner?.type === 'if_statement' ? parts(inner) : undefined;
  const body = conditional ? conditional[1] : inner;
  if (!body) throw new Error(`${base.name} has no body.`);
  return {
    ...base,
    from: literal(from) ?? '',
    existing: node.children.some(({ type }) => type === 'existing'),
    body,
    condition: conditional?.[0],
    loop,
  };
}

/** A type's members by their names: of its object, where it is one. */
export function typeMembers(type: Variable): Map<string, Node> {
  return type.value.type === 'object' ? members(type.value) : new Map();
}

/** What a module or resource is given under a name of its body. */
export function given(unit: Unit, name: string): Node | undefined {
  return members(unit.body).get(name);
}

export function isSecure({ decorators }: Declaration): boolean {
  return decorators.some(({ name }) => name === 'secure');
}

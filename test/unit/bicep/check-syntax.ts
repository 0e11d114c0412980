import type { Project } from './project';
import { everyNode, type Node, nodesOfType, parse, parts, where } from './syntax';

/** What the grammar refuses, what it takes and Bicep does not, and what this project keeps away from. */
export function syntaxProblems(project: Project): string[] {
  return [...project].filter(([path]) => path.endsWith('.bicep')).flatMap(([path, text]) => problemsOf(path, text));
}

function problemsOf(path: string, text: string): string[] {
  const root = parse(text);
  const broken = everyNode(root)
    .filter(({ broken }) => broken)
    .map((node) => `${where(path, node)} cannot be parsed`);
  if (broken.length > 0) return broken;
  const layout = everyNode(root).flatMap((node) => layoutProblems(node).map((text) => `${where(path, node)} ${text}`));
  return [...layout, ...escapeProblems(path, root), ...avoided(path, text)];
}

/** Line ends mean something to Bicep, and nothing to the grammar. */
function layoutProblems(node: Node): string[] {
  switch (node.type) {
    case 'object':
    case 'array':
      return separatorProblems(node);
    case 'object_property':
    case 'parameter_declaration':
    case 'variable_declaration':
    case 'output_declaration':
    case 'resource_declaration':
    case 'module_declaration':
    case 'user_defined_function':
    case 'if_statement':
    case 'binary_expression':
    case 'ternary_expression':
    case 'lambda_expression':
    case 'member_expression':
      return continuesOnItsLine(node) ? [] : ['goes on in a line where Bicep expects a new statement'];
    case 'infrastructure':
    case 'decorators':
      return ownLines(parts(node)) ? [] : ['holds two statements in a line'];
    default:
      return [];
  }
}

function separatorProblems(node: Node): string[] {
  const found: string[] = [];
  const between = node.children.slice(1, -1);
  for (const [index, member] of between.entries()) {
    const next = between[index + 1];
    if (next === undefined || member.type === 'decorators') continue;
    const sameLine = member.endRow === next.row;
    if (next.type === ',' && between[index + 2] === undefined) found.push('ends with a comma');
    else if (next.type === ',' || member.type === ',') {
      if (!sameLine) found.push('has a comma at a line end');
    } else if (sameLine) found.push('has two members in a line without a comma');
  }
  const [first, last] = [between[0], between.at(-1)];
  const open = node.row;
  if (first && last && first.row === open && last.endRow !== node.endRow) {
    found.push('begins in one line and ends in another');
  }
  return found;
}

/** Each part begins where the one before it ended. */
function continuesOnItsLine(node: Node): boolean {
  return node.children.every((child, index) => {
    const before = node.children[index - 1];
    return before === undefined || before.endRow === child.row;
  });
}

function ownLines(statements: readonly Node[]): boolean {
  return statements.every((statement, index) => {
    const before = statements[index - 1];
    return before === undefined || before.endRow < statement.row;
  });
}

/** Source: learn.microsoft.com/azure/azure-resource-manager/bicep/data-types#strings. */
function escapeProblems(path: string, root: Node): string[] {
  return nodesOfType(root, 'string')
    .filter((node) => /\\(?![\\'nrt$]|u\{[0-9a-fA-F]+\})/.test(node.text))
    .map((node) => `${where(path, node)} holds an escape that Bicep does not know`);
}

function avoided(path: string, text: string): string[] {
  const found: string[] = [];
  if (/\.\.\./.test(text)) found.push(`${path} holds a spread`);
  if (/\bresource(Input|Output)</.test(text)) found.push(`${path} takes a type from a resource`);
  if (/^module \w+ '(br|ts|oci)[:/]/m.test(text)) found.push(`${path} takes a module from a registry`);
  return found;
}

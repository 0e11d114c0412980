import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Node as GrammarNode, Language, Parser } from 'web-tree-sitter';
import { ROOT } from '../docs/documents';

/** A node of a syntax tree, without its comments. */
export interface Node {
  readonly type: string;
  readonly text: string;
  /** The first line and the last, from 0. */
  readonly row: number;
  readonly endRow: number;
  /** Not punctuation. */
  readonly named: boolean;
  readonly broken: boolean;
  /** What it is to the node above it. */
  readonly field: string | null;
  readonly children: readonly Node[];
}

let parser: Parser | undefined;
/** Trees by their text: a test that changes one file does not parse the others again. */
const trees = new Map<string, Node>();

/** To be awaited before anything is parsed. */
export async function loadGrammar(): Promise<void> {
  await Parser.init();
  const grammar = readFileSync(join(ROOT, 'node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm'));
  parser = new Parser();
  parser.setLanguage(await Language.load(new Uint8Array(grammar)));
}

export function parse(text: string): Node {
  const known = trees.get(text);
  if (known !== undefined) return known;
  const tree = parser?.parse(text);
  if (!tree) throw new Error('The grammar is not loaded.');
  const root = copyOf(tree.rootNode, null);
  tree.delete();
  trees.set(text, root);
  return root;
}

/** Looking into the grammar's own tree is a call into WebAssembly each time. */
function copyOf(node: GrammarNode, field: string | null): Node {
  const children = node.children.flatMap((child, index) =>
    child === null || child.type === 'comment' ? [] : [copyOf(child, node.fieldNameForChild(index))],
  );
  const { type, text, isNamed: named, startPosition, endPosition } = node;
  const broken = node.isError || node.isMissing;
  return { type, text, row: startPosition.row, endRow: endPosition.row, named, broken, field, children };
}

/** A node's children without punctuation. */
export function parts(node: Node): Node[] {
  return node.children.filter(({ named }) => named);
}

export function child(node: Node, field: string): Node | undefined {
  return node.children.find((each) => each.field === field);
}

const below = new WeakMap<Node, readonly Node[]>();

/** The node and all below it, in the order of the text. */
export function everyNode(node: Node): readonly Node[] {
  const known = below.get(node);
  if (known !== undefined) return known;
  const all = [node, ...node.children.flatMap(everyNode)];
  below.set(node, all);
  return all;
}

export function nodesOfType(node: Node, ...types: readonly string[]): Node[] {
  return everyNode(node).filter(({ type }) => types.includes(type));
}

/** The tokens, in the order of the text: what precedence the grammar gives an operator does not matter here. */
export function tokens(node: Node): Node[] {
  return everyNode(node).filter((each) => each.children.length === 0);
}

/** The text of a string without interpolation, as it is written between the quotes; undefined for any other node. */
export function literal(node: Node | undefined): string | undefined {
  if (node?.type !== 'string') return undefined;
  if (parts(node).some(({ type }) => type === 'interpolation')) return undefined;
  return node.text.slice(1, -1);
}

export function where(path: string, node: Node): string {
  return `${path}:${node.row + 1}`;
}

/** An object's members by their names; those with a computed name are left out. */
export function members(node: Node): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const property of parts(node).filter(({ type }) => type === 'object_property')) {
    const [key, value] = parts(property);
    const name = key?.type === 'string' ? literal(key) : key?.text;
    if (name !== undefined && value !== undefined) found.set(name, value);
  }
  return found;
}

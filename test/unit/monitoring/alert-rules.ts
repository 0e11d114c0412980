import { resources } from '../bicep/check-resources';
import { type BicepFile, given } from '../bicep/declarations';
import { bicepFile, type Project, pathFrom } from '../bicep/project';
import { child, members, type Node, parts } from '../bicep/syntax';

export const ALERTS = 'modules/alerts.bicep';

/** A rule as the module makes it, its expressions worked out. */
export interface AlertRule {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly severity: number;
  readonly evaluationFrequency: string;
  readonly windowSize: string;
  readonly dimensions: readonly string[];
  readonly query: string;
}

type Value = string | number | readonly Value[] | { readonly [name: string]: Value };

/** The rules of the module, for a deployment that gives it these parameters beside the defaults. */
export function alertRules(project: Project, given: Readonly<Record<string, string | number>>): AlertRule[] {
  const file = bicepFile(project, ALERTS);
  const scope = new Map<string, Value>(Object.entries(given));
  for (const { name, default: value } of file.parameters)
    if (!scope.has(name) && value !== undefined) scope.set(name, worth(value, { project, file, scope }));
  for (const { name, value } of file.variables) scope.set(name, worth(value, { project, file, scope }));
  return scope.get('rules') as unknown as AlertRule[];
}

/** The body of the resource that every rule becomes, as text without spaces. */
export function ruleBody(project: Project): string {
  const [rule] = resources(project).filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules');
  const properties = rule && given(rule.resource, 'properties');
  return properties?.text.replace(/\/\/.*/g, '').replace(/\s+/g, ' ') ?? '';
}

interface Place {
  readonly project: Project;
  readonly file: BicepFile;
  readonly scope: ReadonlyMap<string, Value>;
}

/** @throws Error for an expression of a kind that the module does not need */
function worth(node: Node, place: Place): Value {
  switch (node.type) {
    case 'string':
      return node.text
        .slice(1, -1)
        .split(/(\$\{(?:[^{}]|\{[^{}]*\})*\})/)
        .map((part, index) => (index % 2 === 0 ? unescaped(part) : String(interpolated(node, part, place))))
        .join('');
    case 'number':
      return Number(node.text);
    case 'array':
      return parts(node).map((each) => worth(each, place));
    case 'object':
      return Object.fromEntries([...members(node)].map(([name, value]) => [name, worth(value, place)]));
    case 'identifier': {
      const value = place.scope.get(node.text);
      if (value !== undefined) return value;
      break;
    }
    case 'call_expression':
      return called(node, place);
    default:
  }
  throw new Error(`This cannot be worked out here: ${node.text}`);
}

function interpolated(node: Node, part: string, place: Place): Value {
  const found = parts(node).find(({ type, text }) => type === 'interpolation' && text === part);
  const [inner] = found === undefined ? [] : parts(found);
  if (inner === undefined) throw new Error(`This cannot be worked out here: ${part}`);
  return worth(inner, place);
}

function called(node: Node, place: Place): Value {
  const name = child(node, 'function')?.text;
  const values = parts(child(node, 'arguments') ?? node).map((each) => worth(each, place));
  const [first = '', second = '', third = ''] = values.map(String);
  if (name === 'replace') {
    // A replacement that finds nothing would leave the deployment's setting out without a word.
    if (!first.includes(second)) throw new Error(`The query does not say "${second}".`);
    return first.replaceAll(second, () => third);
  }
  if (name === 'loadTextContent') {
    const text = place.project.get(pathFrom(place.file, first));
    if (text !== undefined) return text;
  }
  throw new Error(`This cannot be worked out here: ${node.text}`);
}

/** Source: learn.microsoft.com/azure/azure-resource-manager/bicep/data-types#strings. */
function unescaped(text: string): string {
  return text.replace(/\\([\\'nrt$])/g, (_all, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter);
}

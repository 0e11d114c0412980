import { child, literal, type Node, parts } from './syntax';

type Value = string | number;
type Scope = ReadonlyMap<string, Value>;

/** The functions of Bicep that names are made with. Source: learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string. */
const CALLS: Readonly<Record<string, (...values: Value[]) => Value>> = {
  length: (text) => String(text).length,
  replace: (text, from, to) => String(text).replaceAll(String(from), String(to)),
  take: (text, count) => String(text).slice(0, Math.max(0, Number(count))),
  toLower: (text) => String(text).toLowerCase(),
};

/** The value of an expression of strings and numbers. @throws Error for anything that is not of the few kinds that are read here */
export function evaluate(node: Node, scope: Scope): Value {
  switch (node.type) {
    case 'string':
      return (
        literal(node) ??
        parts(node)
          .map((part) => interpolated(part, scope))
          .join('')
      );
    case 'number':
      return Number(node.text);
    case 'identifier': {
      const value = scope.get(node.text);
      if (value !== undefined) return value;
      break;
    }
    case 'binary_expression': {
      const [left, right] = parts(node).map((part) => Number(evaluate(part, scope)));
      if (child(node, 'operator')?.text === '-') return (left ?? 0) - (right ?? 0);
      break;
    }
    case 'call_expression': {
      const call = CALLS[child(node, 'function')?.text ?? ''];
      if (call !== undefined)
        return call(...parts(child(node, 'arguments') ?? node).map((part) => evaluate(part, scope)));
      break;
    }
    default:
  }
  throw new Error(`This cannot be worked out here: ${node.text}`);
}

function interpolated(part: Node, scope: Scope): string {
  const [inner] = parts(part);
  return part.type === 'interpolation' && inner !== undefined ? String(evaluate(inner, scope)) : part.text;
}

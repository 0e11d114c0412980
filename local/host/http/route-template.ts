import { HostError } from '../errors';

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      readonly isOptional: boolean;
      readonly accepts?: (value: string) => boolean;
    }
  | { readonly kind: 'rest'; readonly name: string };

const guid = /^\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$/i;

/** The inline constraints of ASP.NET routes that take no argument, and those that take one. */
const constraints: Readonly<Record<string, (value: string) => boolean>> = {
  int: (value) => /^[+-]?\d+$/.test(value) && Math.abs(Number(value)) <= 2 ** 31,
  long: (value) => /^[+-]?\d+$/.test(value),
  decimal: (value) => value !== '' && Number.isFinite(Number(value)),
  double: (value) => value !== '' && Number.isFinite(Number(value)),
  float: (value) => value !== '' && Number.isFinite(Number(value)),
  bool: (value) => /^(true|false)$/i.test(value),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  guid: (value) => guid.test(value),
  alpha: (value) => /^[a-z]*$/i.test(value),
  required: (value) => value !== '',
};
const constraintsWithArgument: Readonly<Record<string, (argument: number) => (value: string) => boolean>> = {
  min: (least) => (value) => constraints.long?.(value) === true && Number(value) >= least,
  max: (most) => (value) => constraints.long?.(value) === true && Number(value) <= most,
  minlength: (least) => (value) => value.length >= least,
  maxlength: (most) => (value) => value.length <= most,
  length: (length) => (value) => value.length === length,
};

/** A route template of an HTTP trigger, such as `runs/{id:int?}`, without the prefix. */
export class RouteTemplate {
  readonly #segments: readonly Segment[];

  /** @throws HostError `host_app_invalid` for a template or constraint the local host does not know */
  constructor(template: string) {
    const parts = template.split('/').filter((part) => part !== '');
    this.#segments = parts.map((part) => parseSegment(part, template));
  }

  /** The parameters in a path's segments (already decoded), or undefined where the path does not match. */
  match(path: readonly string[]): Record<string, string> | undefined {
    const parameters: Record<string, string> = {};
    for (const [index, segment] of this.#segments.entries()) {
      if (segment.kind === 'rest') {
        const rest = path.slice(index).join('/');
        return rest === '' ? parameters : { ...parameters, [segment.name]: rest };
      }
      const value = path[index];
      if (value === undefined) {
        if (segment.kind === 'parameter' && segment.isOptional) {
          continue;
        }
        return undefined;
      }
      if (
        segment.kind === 'literal'
          ? segment.text.toLowerCase() !== value.toLowerCase()
          : segment.accepts?.(value) === false
      ) {
        return undefined;
      }
      if (segment.kind === 'parameter') {
        parameters[segment.name] = value;
      }
    }
    return path.length <= this.#segments.length ? parameters : undefined;
  }

  /** Orders templates so that the more particular one is tried first: text, then constrained, then any, then the rest. */
  static compare(a: RouteTemplate, b: RouteTemplate): number {
    const length = Math.max(a.#segments.length, b.#segments.length);
    for (let index = 0; index < length; index++) {
      const difference = rank(a.#segments[index]) - rank(b.#segments[index]);
      if (difference !== 0) {
        return difference;
      }
    }
    return 0;
  }
}

function rank(segment: Segment | undefined): number {
  switch (segment?.kind) {
    case undefined:
      return 0;
    case 'literal':
      return 1;
    case 'parameter':
      return segment.accepts === undefined ? 3 : 2;
    case 'rest':
      return 4;
  }
}

function parseSegment(part: string, template: string): Segment {
  if (!/[{}]/.test(part)) {
    return { kind: 'literal', text: part };
  }
  const match = /^\{(\*{0,2})(\w+)((?::[^:?{}]+)*)(\??)\}$/.exec(part);
  if (match === null) {
    throw new HostError(
      'host_app_invalid',
      `The route "${template}" has the segment "${part}": the local host knows {name}, {name:constraint}, {name?} and {*rest}.`,
    );
  }
  const [, stars, name = '', constraintText = '', optional] = match;
  if (stars !== '') {
    return { kind: 'rest', name };
  }
  const accepting = constraintText
    .split(':')
    .filter((text) => text !== '')
    .map((text) => constraint(text, template));
  return {
    kind: 'parameter',
    name,
    isOptional: optional === '?',
    ...(accepting.length > 0 && { accepts: (value: string) => accepting.every((accepts) => accepts(value)) }),
  };
}

function constraint(text: string, template: string): (value: string) => boolean {
  const match = /^(\w+)(?:\((\d+)\))?$/.exec(text);
  const [, name = '', argument] = match ?? [];
  const found =
    argument === undefined
      ? constraints[name.toLowerCase()]
      : constraintsWithArgument[name.toLowerCase()]?.(Number(argument));
  if (found === undefined) {
    throw new HostError(
      'host_app_invalid',
      `The route "${template}" has the constraint "${text}", which the local host does not know.`,
    );
  }
  return found;
}

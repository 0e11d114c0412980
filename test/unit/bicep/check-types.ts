import type { BicepFile, Declaration, Parameter } from './declarations';
import { bicepFile, type Project, pathFrom } from './project';
import { literal, members, type Node, parts } from './syntax';

/** What is wrong with a JSON value as the value of a parameter. */
export function valueProblems(project: Project, file: BicepFile, parameter: Parameter, value: unknown): string[] {
  const { name, type } = parameter;
  return [...typeProblems(project, file, type, value, name), ...limitProblems(parameter, value, name)];
}

function typeProblems(project: Project, file: BicepFile, type: Node, value: unknown, name: string): string[] {
  const [inner] = parts(type);
  switch (type.type) {
    case 'type':
    case 'parenthesized_type':
      return inner === undefined ? [] : typeProblems(project, file, inner, value, name);
    case 'nullable_type':
      return value === null || inner === undefined ? [] : typeProblems(project, file, inner, value, name);
    case 'union_type':
      return parts(type).some((each) => sameLiteral(each, value))
        ? []
        : [`${name} may not be ${JSON.stringify(value)}`];
    case 'array_type':
      if (!Array.isArray(value) || inner === undefined) return [`${name} is no array`];
      return value.flatMap((each, index) => typeProblems(project, file, inner, each, `${name}[${index}]`));
    case 'object':
      return objectProblems(project, file, type, value, name);
    case 'primitive_type':
      return isOfPrimitive(type.text, value) ? [] : [`${name} is no ${type.text}`];
    case 'identifier':
      return aliasProblems(project, file, type.text, value, name);
    default:
      return [`${name} has a type that is not known here: ${type.text}`];
  }
}

function sameLiteral(type: Node, value: unknown): boolean {
  const [inner] = parts(type);
  if (type.type === 'type' && inner) return sameLiteral(inner, value);
  return type.type === 'string' ? literal(type) === value : type.text === String(value) && typeof value !== 'string';
}

function isOfPrimitive(type: string, value: unknown): boolean {
  if (type === 'int') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === (type === 'bool' ? 'boolean' : type);
}

function objectProblems(project: Project, file: BicepFile, type: Node, value: unknown, name: string): string[] {
  if (!isOfPrimitive('object', value)) return [`${name} is no object`];
  const declared = members(type);
  const given = new Map(Object.entries(value as object));
  const unknown = [...given.keys()].filter((key) => !declared.has(key)).map((key) => `${name} has no ${key}`);
  const wrong = [...declared].flatMap(([key, each]) => {
    if (given.has(key)) return typeProblems(project, file, each, given.get(key), `${name}.${key}`);
    return each.type === 'nullable_type' ? [] : [`${name} needs ${key}`];
  });
  return [...unknown, ...wrong];
}

function aliasProblems(project: Project, file: BicepFile, alias: string, value: unknown, name: string): string[] {
  const here = file.types.find((type) => type.name === alias);
  if (here !== undefined) return typeProblems(project, file, here.value, value, name);
  const imported = file.imports.find((each) => each.alias === alias);
  if (imported === undefined) return [`${name} has the type ${alias}, which is not declared`];
  const from = bicepFile(project, pathFrom(file, imported.from));
  const type = from.types.find((each) => each.name === imported.name);
  return type === undefined ? [`${name} has no type`] : typeProblems(project, from, type.value, value, name);
}

/** The limits that decorators set. */
function limitProblems(declaration: Declaration, value: unknown, name: string): string[] {
  const size = typeof value === 'string' || Array.isArray(value) ? value.length : Number(value);
  return declaration.decorators.flatMap((decorator) => {
    const [argument] = decorator.arguments;
    if (argument === undefined) return [];
    const limit = Number(argument.text);
    switch (decorator.name) {
      case 'allowed':
        return parts(argument).some((each) => sameLiteral(each, value)) ? [] : [`${name} may not be ${String(value)}`];
      case 'minLength':
      case 'minValue':
        return size >= limit ? [] : [`${name} is below ${limit}`];
      case 'maxLength':
      case 'maxValue':
        return size <= limit ? [] : [`${name} is above ${limit}`];
      default:
        return [];
    }
  });
}

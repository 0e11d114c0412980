import type { QuarantineReason } from './quarantine-reason';

const MAX_INTEGER = 2 ** 31 - 1;

/** Thrown inside the contract only: the verdict on a body, on its way out of the checks. */
export class Rejection extends Error {
  constructor(
    readonly reason: QuarantineReason,
    readonly detail: string,
    cause?: unknown,
  ) {
    super(detail, cause === undefined ? undefined : { cause });
  }
}

/** Whether a field is missing: null counts as absent. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** A value's type in JSON's words, with an article: for details that a person reads. */
export function jsonTypeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'a boolean';
    default:
      return 'an object';
  }
}

/** A string that must be there, and unless told otherwise must not be empty. */
export function textOf(value: unknown, field: string, empty?: 'may be empty'): string {
  if (isAbsent(value)) throw new Rejection('missing_field', `${field} is missing`);
  if (typeof value !== 'string') throw wrongType(field, value, 'a string');
  if (value === '' && empty === undefined) throw new Rejection('missing_field', `${field} is empty`);
  return value;
}

/** An optional object; null counts as absent. */
export function objectOf(value: unknown, field: string): Readonly<Record<string, unknown>> | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(field, value, 'an object');
  return value as Record<string, unknown>;
}

/** An optional array; null counts as absent. */
export function listOf(value: unknown, field: string): readonly unknown[] | undefined {
  if (isAbsent(value)) return undefined;
  if (!Array.isArray(value)) throw wrongType(field, value, 'an array');
  return value;
}

/** The length of an optional array, 0 where it is absent. */
export function countOf(value: unknown, field: string): number {
  return listOf(value, field)?.length ?? 0;
}

/** An optional number that a double holds; JSON such as 1e999 does not fit one. */
export function numberOf(value: unknown, field: string): number | null {
  if (isAbsent(value)) return null;
  if (typeof value !== 'number') throw wrongType(field, value, 'a number');
  if (!Number.isFinite(value)) throw new Rejection('out_of_range', `${field} is larger than a double holds`);
  return value;
}

/**
 * An optional integer within ±(2^31 − 1). The bound is far above anything a writer means, and it keeps every total of a day's
 * messages an integer that JavaScript, JSON and INT64 hold exactly.
 */
export function integerOf(value: unknown, field: string): number | null {
  const number = numberOf(value, field);
  if (number === null) return null;
  if (!Number.isInteger(number) || Math.abs(number) > MAX_INTEGER) {
    throw new Rejection('out_of_range', `${field} is no integer within ±(2^31 − 1)`);
  }
  return number;
}

function wrongType(field: string, value: unknown, expected: string): Rejection {
  return new Rejection('wrong_type', `${field} is ${jsonTypeOf(value)}, expected ${expected}`);
}

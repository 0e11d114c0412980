import { types } from 'node:util';
import { MASK, Secret } from '../secret';
import { maskCredentials } from './credential-patterns';
import { isError } from './is-error';
import { isSecretName } from './secret-names';

/** A shorter secret occurs in ordinary words and numbers; it is masked where it is a whole value, not inside of text. */
const SHORTEST_IN_TEXT = 6;

/** How far down a value is copied. */
const DEEPEST = 8;

/**
 * Takes secrets out of what is about to be seen: the registered ones wherever they occur (as they are, URL-encoded, in
 * base64 or escaped in JSON), values that are named like a secret, and what looks like a credential in any text.
 *
 * A registered connection string also registers the keys in it.
 */
export class Masker {
  readonly #whole = new Set<string>();
  #forms: readonly string[] = [];

  constructor(secrets: Iterable<Secret | string> = []) {
    for (const secret of secrets) this.register(secret);
  }

  register(secret: Secret | string): void {
    const value = (typeof secret === 'string' ? secret : secret.reveal()).trim();
    if (value === '') return;
    const parts = [value, ...keysOf(value)];
    for (const part of parts) this.#whole.add(part);
    const forms = new Set([
      ...this.#forms,
      ...parts.filter((part) => part.length >= SHORTEST_IN_TEXT).flatMap(formsOf),
    ]);
    // The longest first: where one secret begins another, the rest of the longer one must not stay behind.
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
  }

  /** The text with `***` in place of each secret. */
  maskText(text: string): string {
    if (this.#whole.has(text.trim())) return MASK;
    // Again at the end: a credential's mask can bring together what is a secret.
    return this.#maskRegistered(maskCredentials(this.#maskRegistered(text)));
  }

  /**
   * A copy of any value as plain data with its secrets masked, as deep as a log line needs. An error is copied with its
   * name, message, stack, causes and own properties; bytes only by their number.
   *
   * @param name the name under which the value stands, where it has one
   */
  maskValue(value: unknown, name = ''): unknown {
    return this.#copy(value, name, []);
  }

  #maskRegistered(text: string): string {
    let masked = text;
    let before: string;
    // A mask can bring together what is a secret again. Each one is shorter than what it replaces, so this ends.
    do {
      before = masked;
      for (const form of this.#forms) masked = masked.replaceAll(form, MASK);
    } while (masked !== before);
    return masked;
  }

  #copy(value: unknown, name: string, above: readonly object[]): unknown {
    if (value === null || value === undefined || value === '' || typeof value === 'boolean') return value;
    if (value instanceof Secret) return MASK;
    if (typeof value !== 'object') return this.#copyScalar(value, name);
    if (isSecretName(name)) return MASK;
    if (above.includes(value)) return '[circular]';
    if (above.length >= DEEPEST) return '[deeper]';
    return this.#copyObject(value, [...above, value]);
  }

  #copyScalar(value: unknown, name: string): unknown {
    const text = String(value);
    const masked = isSecretName(name, text) ? MASK : this.maskText(text);
    return typeof value === 'number' && masked === text ? value : masked;
  }

  #copyObject(value: object, above: readonly object[]): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, '', above));
    if (value instanceof Set) return [...value].map((item) => this.#copy(item, '', above));
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof URL) return this.maskText(value.href);
    const entries =
      value instanceof Map ? [...value].map(([key, item]) => [String(key), item] as const) : Object.entries(value);
    const all = isError(value) ? [...errorEntries(value), ...entries] : entries;
    return Object.fromEntries(all.map(([name, item]) => [this.maskText(name), this.#copy(item, name, above)]));
  }
}

const patternsOnly = new Masker();

/** {@link Masker.maskText} by what looks like a credential alone, where no secret is known. */
export function maskText(text: string): string {
  return patternsOnly.maskText(text);
}

/** {@link Masker.maskValue} by names and by what looks like a credential alone, where no secret is known. */
export function maskValue(value: unknown): unknown {
  return patternsOnly.maskValue(value);
}

/** What an error holds besides its enumerable properties. */
function errorEntries(error: Error): [string, unknown][] {
  const errors = error instanceof AggregateError ? [['errors', error.errors] as [string, unknown]] : [];
  const cause = error.cause === undefined ? [] : [['cause', error.cause] as [string, unknown]];
  return [['name', error.name], ['message', error.message], ['stack', error.stack], ...cause, ...errors];
}

/** The secret parts of a connection string; none of any other value. */
function keysOf(value: string): string[] {
  const parts =
    /(?:^|;)\s*(?:AccountKey|SharedAccessKey|SharedAccessSignature|InstrumentationKey|Password|Pwd)\s*=([^;]+)/gi;
  const keys = [...value.matchAll(parts)].map((match) => (match[1] ?? '').trim());
  const signatures = keys.map((key) => /(?:^|[?&])sig=([^&]+)/i.exec(key)?.[1] ?? '');
  return [...keys, ...signatures].filter((key) => key !== '');
}

/** The ways in which a secret is written down. */
function formsOf(secret: string): string[] {
  // A lone surrogate cannot be URL-encoded; no encoder writes it otherwise than as U+FFFD.
  const percent = encodeURIComponent(secret.toWellFormed());
  const base64 = Buffer.from(secret).toString('base64');
  const forms = [
    secret,
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
    new URLSearchParams([['', secret]]).toString().slice(1),
    decoded(secret),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    JSON.stringify(secret).slice(1, -1),
  ];
  return forms.filter((form) => form.length >= SHORTEST_IN_TEXT);
}

/** A signature is registered as it stands in a URL; clients also print it decoded. */
function decoded(secret: string): string {
  try {
    return decodeURIComponent(secret);
  } catch (error) {
    if (error instanceof URIError) return secret;
    throw error;
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ServerRequest } from './server-request';

/** The parts of a request's headers that SharedKey signs, in its order (learn.microsoft.com, "Authorize with Shared Key"). */
const SIGNED_HEADERS = [
  ...['content-encoding', 'content-language', 'content-length', 'content-md5', 'content-type', 'date'],
  ...['if-modified-since', 'if-match', 'if-none-match', 'if-unmodified-since', 'range'],
];

/** What is signed of a service SAS from version 2020-12-06 on, behind permissions, start, end and resource ("Create a service SAS"). */
const SIGNED_PARAMETERS = ['si', 'sip', 'spr', 'sv', 'sr', 'snapshot', 'ses', 'rscc', 'rscd', 'rsce', 'rscl', 'rsct'];

const PERMISSION: Readonly<Record<string, string>> = { GET: 'r', HEAD: 'r', PUT: 'w', DELETE: 'd' };

/** Checks who asks: by the account's key for each request, or by a signature that was made once. */
export class Authorization {
  readonly #account: string;
  readonly #key: Buffer;
  /** Signatures that were found to be right, with the instant that they end at. */
  readonly #known = new Map<
    string,
    { readonly endsAt: number; readonly permissions: string; readonly container: string }
  >();

  constructor(account: string, key: string) {
    this.#account = account;
    this.#key = Buffer.from(key, 'base64');
  }

  /** Whether the request may be answered. */
  allows(request: ServerRequest, path: string, query: string, container: string): boolean {
    const signature = query.indexOf('sv=');
    if (signature !== -1) return this.#allowsSignature(request, query.slice(signature), query, container);
    return this.#allowsKey(request, path, query);
  }

  #allowsSignature({ method }: ServerRequest, text: string, query: string, container: string): boolean {
    let known = this.#known.get(text);
    if (known === undefined) {
      known = this.#checked(new URLSearchParams(text), container);
      if (known === undefined) return false;
      this.#known.set(text, known);
    }
    const needed = query.includes('comp=list') ? 'l' : (PERMISSION[method] ?? '?');
    return known.container === container && known.permissions.includes(needed) && Date.now() < known.endsAt;
  }

  #checked(parameters: URLSearchParams, container: string) {
    const value = (name: string) => parameters.get(name) ?? '';
    const resource = `/blob/${this.#account}/${container}`;
    const rest = SIGNED_PARAMETERS.map(value);
    const signed = [value('sp'), value('st'), value('se'), resource, ...rest].join('\n');
    if (value('sr') !== 'c' || !this.#isSigned(signed, value('sig'))) return undefined;
    return { endsAt: Date.parse(value('se')), permissions: value('sp'), container };
  }

  #allowsKey(request: ServerRequest, path: string, query: string): boolean {
    const headers = request.headers();
    const given = /^SharedKey ([^:]+):(.+)$/.exec(headers.get('authorization') ?? '');
    if (given?.[1] !== this.#account) return false;
    const signedHeaders = SIGNED_HEADERS.map((name) => {
      const value = headers.get(name) ?? '';
      return name === 'content-length' && value === '0' ? '' : value;
    });
    const own = [...headers].filter(([name]) => name.startsWith('x-ms-')).sort(([a], [b]) => (a < b ? -1 : 1));
    const parameters = [...new URLSearchParams(query)].sort(([a], [b]) => (a < b ? -1 : 1));
    const resource = [
      `/${this.#account}${path}`,
      ...parameters.map(([name, value]) => `${name.toLowerCase()}:${value}`),
    ];
    const signed = [
      request.method,
      ...signedHeaders,
      ...own.map(([name, value]) => `${name}:${value}`),
      resource.join('\n'),
    ];
    return this.#isSigned(signed.join('\n'), given[2] ?? '');
  }

  #isSigned(text: string, signature: string): boolean {
    const expected = createHmac('sha256', this.#key).update(text, 'utf8').digest();
    const given = Buffer.from(signature, 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

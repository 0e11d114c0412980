import { hash } from 'node:crypto';
import { Authorization } from './authorization';
import type { BlobStore } from './blob-store';
import type { ServerRequest } from './http-connection';
import { listXml } from './list-xml';

const WHEN = 'Mon, 11 Aug 2025 03:00:00 GMT';
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  206: 'Partial Content',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  416: 'Range Not Satisfiable',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

/** Answers requests of the Blob REST API for one account's one container. */
export class BlobRequests {
  readonly #authorization: Authorization;
  #answered = 0;

  constructor(
    private readonly account: string,
    key: string,
    private readonly container: string,
    private readonly store: BlobStore,
  ) {
    this.#authorization = new Authorization(account, key);
  }

  answer(request: ServerRequest): Buffer {
    this.#answered += 1;
    const [path = '', query = ''] = request.target.split('?', 2);
    const [, account, container = '', ...segments] = path.split('/');
    if (account !== this.account || !this.#authorization.allows(request, path, query, container)) {
      return this.#refusal(403, 'AuthenticationFailed', request);
    }
    if (container !== this.container) return this.#refusal(404, 'ContainerNotFound', request);
    if (query.includes('comp=list')) return this.#list(new URLSearchParams(query));
    const key = segments.map((segment) => (segment.includes('%') ? decodeURIComponent(segment) : segment)).join('/');
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return this.#get(request, key);
      case 'PUT':
        return this.#put(request, key);
      case 'DELETE':
        return this.store.delete(key) ? this.#head(202, {}) : this.#refusal(404, 'BlobNotFound', request);
      default:
        return this.#refusal(501, 'NotImplemented', request);
    }
  }

  refuse(status: number, code: string, request: ServerRequest): Buffer {
    return this.#refusal(status, code, request);
  }

  #get(request: ServerRequest, key: string): Buffer {
    const blob = this.store.find(key);
    if (blob === undefined) return this.#refusal(404, 'BlobNotFound', request);
    const wanted = request.headers.get('if-match');
    if (wanted !== undefined && wanted !== '*' && wanted !== `"${blob.etag}"`) {
      return this.#refusal(412, 'ConditionNotMet', request);
    }
    const range = /bytes=(\d+)-(\d*)/.exec(request.headers.get('x-ms-range') ?? request.headers.get('range') ?? '');
    const from = Number(range?.[1] ?? 0);
    const to = range?.[2] ? Math.min(Number(range[2]) + 1, blob.bytes.length) : blob.bytes.length;
    if (range !== null && from >= blob.bytes.length) return this.#refusal(416, 'InvalidRange', request);
    const bytes = range === null ? blob.bytes : blob.bytes.subarray(from, to);
    const head = this.#head(range === null ? 200 : 206, {
      'Content-Length': String(bytes.length),
      'Content-Type': 'application/json',
      ...(range === null ? {} : { 'Content-Range': `bytes ${from}-${to - 1}/${blob.bytes.length}` }),
      ...(range === null ? { 'Content-MD5': hash('md5', bytes, 'base64') } : {}),
      'Last-Modified': WHEN,
      'Accept-Ranges': 'bytes',
      ETag: `"${blob.etag}"`,
      'x-ms-creation-time': WHEN,
      'x-ms-lease-status': 'unlocked',
      'x-ms-lease-state': 'available',
      'x-ms-blob-type': 'BlockBlob',
      'x-ms-server-encrypted': 'true',
    });
    return request.method === 'HEAD' ? head : Buffer.concat([head, bytes]);
  }

  #put(request: ServerRequest, key: string): Buffer {
    const there = this.store.find(key);
    const match = request.headers.get('if-match');
    if (request.headers.get('if-none-match') === '*' && there !== undefined) {
      return this.#refusal(409, 'BlobAlreadyExists', request);
    }
    if (match !== undefined && match !== `"${there?.etag}"`) return this.#refusal(412, 'ConditionNotMet', request);
    const etag = this.store.put(key, request.body);
    return this.#head(201, { 'Content-Length': '0', ETag: `"${etag}"`, 'Last-Modified': WHEN });
  }

  #list(query: URLSearchParams): Buffer {
    const value = (name: string) => query.get(name) ?? '';
    const page = this.store.list(
      value('prefix'),
      value('delimiter'),
      value('marker'),
      Number(value('maxresults') || 5000),
    );
    const body = Buffer.from(listXml(value('prefix'), page.blobs, page.prefixes, page.nextMarker));
    return Buffer.concat([
      this.#head(200, { 'Content-Length': String(body.length), 'Content-Type': 'application/xml' }),
      body,
    ]);
  }

  #refusal(status: number, code: string, { method }: ServerRequest): Buffer {
    const body = Buffer.from(
      `\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
    );
    const head = this.#head(status, {
      'Content-Length': String(body.length),
      'Content-Type': 'application/xml',
      'x-ms-error-code': code,
    });
    return method === 'HEAD' ? head : Buffer.concat([head, body]);
  }

  #head(status: number, headers: Readonly<Record<string, string>>): Buffer {
    let head = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Other'}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    const id = this.#answered.toString(16).padStart(12, '0');
    head += `Server: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0\r\nx-ms-request-id: 00000000-0000-0000-0000-${id}\r\n`;
    head += `x-ms-version: 2026-04-06\r\nDate: ${WHEN}\r\n\r\n`;
    return Buffer.from(head, 'latin1');
  }
}

import { hash } from 'node:crypto';
import { Answers, BLOB_FIELDS } from './answers';
import { Authorization } from './authorization';
import type { BlobStore } from './blob-store';
import { listXml } from './list-xml';
import { RequestCounter } from './request-counts';
import type { ServerRequest } from './server-request';

/** The largest page of a listing. */
const MAX_RESULTS = 5000;

/** Answers requests of the Blob REST API for one account's one container. */
export class BlobRequests {
  readonly counter = new RequestCounter();
  readonly #authorization: Authorization;
  readonly #answers = new Answers();

  constructor(
    private readonly account: string,
    key: string,
    private readonly container: string,
    private readonly store: BlobStore,
  ) {
    this.#authorization = new Authorization(account, key);
  }

  answer(request: ServerRequest): Buffer {
    const { method, target } = request;
    const queryStart = target.indexOf('?');
    const path = queryStart === -1 ? target : target.slice(0, queryStart);
    const query = queryStart === -1 ? '' : target.slice(queryStart + 1);
    const [account, container, key] = partsOf(path);
    if (account !== this.account || !this.#authorization.allows(request, path, query, container)) {
      this.counter.count('refused');
      return this.#answers.refusal(403, 'AuthenticationFailed', method);
    }
    if (container !== this.container) return this.#refused(404, 'ContainerNotFound', request);
    switch (method) {
      case 'GET':
        return query.includes('comp=list') ? this.#list(query) : this.#get(request, key);
      case 'HEAD':
        return this.#get(request, key);
      case 'PUT':
        return this.#write(request, key, query);
      case 'DELETE':
        this.counter.count('delete');
        return this.store.delete(key) ? this.#answers.empty(202) : this.#answers.refusal(404, 'BlobNotFound', method);
      default:
        return this.#refused(501, 'NotImplemented', request);
    }
  }

  /** An answer that has nothing to do with what was asked for. */
  fault(status: number, code: string, { method }: ServerRequest): Buffer {
    this.counter.count('fault');
    return this.#answers.refusal(status, code, method);
  }

  #refused(status: number, code: string, { method }: ServerRequest): Buffer {
    this.counter.count('other');
    return this.#answers.refusal(status, code, method);
  }

  #get(request: ServerRequest, key: string): Buffer {
    const { method } = request;
    this.counter.count(method === 'HEAD' ? 'head' : 'get');
    const blob = this.store.find(key);
    if (blob === undefined) return this.#answers.refusal(404, 'BlobNotFound', method);
    const { etag, bytes } = blob;
    const wanted = request.header('if-match');
    if (wanted !== undefined && wanted !== '*' && wanted !== `"${etag}"`) {
      return this.#answers.refusal(412, 'ConditionNotMet', method);
    }
    const fields = `ETag: "${etag}"\r\n${BLOB_FIELDS}`;
    if (method === 'HEAD') return Buffer.from(this.#answers.head(200, fields, bytes.length), 'latin1');
    const range = request.header('x-ms-range') ?? request.header('range');
    if (range === undefined) {
      return this.#answers.withBody(200, `Content-MD5: ${hash('md5', bytes, 'base64')}\r\n${fields}`, bytes);
    }
    const [, first = '0', last = ''] = /bytes=(\d+)-(\d*)/.exec(range) ?? [];
    const from = Number(first);
    if (from >= bytes.length) return this.#answers.refusal(416, 'InvalidRange', method);
    const part = bytes.subarray(from, last === '' ? undefined : Number(last) + 1);
    const place = `Content-Range: bytes ${from}-${from + part.length - 1}/${bytes.length}\r\n`;
    return this.#answers.withBody(206, place + fields, part);
  }

  #write(request: ServerRequest, key: string, query: string): Buffer {
    if (query.includes('comp=blocklist')) return this.#commit(request, key);
    if (query.includes('comp=block')) return this.#putBlock(request, key, query);
    this.counter.count('put');
    const refusal = this.#unmetCondition(request, key);
    return refusal ?? this.#answers.written(this.store.put(key, request.body));
  }

  #putBlock({ body, method }: ServerRequest, key: string, query: string): Buffer {
    this.counter.count('putBlock');
    const id = new URLSearchParams(query).get('blockid') ?? '';
    if (id === '') return this.#answers.refusal(400, 'InvalidQueryParameterValue', method);
    this.store.putBlock(key, id, body);
    return this.#answers.empty(201);
  }

  #commit(request: ServerRequest, key: string): Buffer {
    this.counter.count('putBlockList');
    const refusal = this.#unmetCondition(request, key);
    if (refusal !== undefined) return refusal;
    const ids = [...request.body.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id = '']) => id);
    const etag = this.store.commit(key, ids);
    return etag === undefined
      ? this.#answers.refusal(400, 'InvalidBlockList', request.method)
      : this.#answers.written(etag);
  }

  #unmetCondition(request: ServerRequest, key: string): Buffer | undefined {
    const there = this.store.find(key);
    const match = request.header('if-match');
    if (request.header('if-none-match') === '*' && there !== undefined) {
      return this.#answers.refusal(409, 'BlobAlreadyExists', request.method);
    }
    if (match === undefined || (there !== undefined && (match === '*' || match === `"${there.etag}"`)))
      return undefined;
    return this.#answers.refusal(412, 'ConditionNotMet', request.method);
  }

  #list(query: string): Buffer {
    this.counter.count('list');
    const parameters = new URLSearchParams(query);
    const value = (name: string) => parameters.get(name) ?? '';
    const asked = Number(value('maxresults') || MAX_RESULTS);
    const page = this.store.list({
      prefix: value('prefix'),
      delimiter: value('delimiter'),
      marker: value('marker'),
      startFrom: value('startFrom'),
      maxResults: Math.min(asked, MAX_RESULTS),
    });
    return this.#answers.xml(200, '', listXml(value('prefix'), page.blobs, page.prefixes, page.nextMarker));
  }
}

/** Account, container and key of a path. */
function partsOf(path: string): [string, string, string] {
  const container = path.indexOf('/', 1) + 1;
  const end = container === 0 ? -1 : path.indexOf('/', container);
  const account = path.slice(1, container === 0 ? undefined : container - 1);
  if (end === -1) return [account, container === 0 ? '' : path.slice(container), ''];
  const key = path.slice(end + 1);
  return [account, path.slice(container, end), key.includes('%') ? decodeURIComponent(key) : key];
}

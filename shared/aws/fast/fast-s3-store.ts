import { quoted, unquoted } from '../../http/etags';
import type { HttpAnswer } from '../../http/http-pool';
import { checkFolderPrefix, checkKey, checkPrefix, checkRange } from '../../ports/object-key-rules';
import type {
  ListOptions,
  ObjectBody,
  ObjectEntry,
  ObjectPage,
  ObjectStore,
  PrefixPage,
  ReadOptions,
  StoredObject,
  WriteOptions,
} from '../../ports/object-store';
import { type StorageCall, storageTimeout, truncatedBody } from '../../storage-call';
import { withTryTimeout } from '../../try-timeout';
import { isClockSkew, isCredentialRefusal } from '../aws-errors';
import { toS3Error } from '../s3-errors';
import { notBefore, startAfter } from '../s3-listing';
import { answerError, credentialsEnded, errorCodeOf, requestError } from './answer-error';
import { checkBody } from './body-check';
import { type ListRequest, listQuery } from './bucket-address';
import { type ListAnswer, readListAnswer } from './list-answer';
import type { SignedRequests } from './signed-requests';

export interface FastS3StoreOptions {
  /** Opens the way to the bucket, once; undefined where only the SDK knows how to sign for it. */
  readonly open: () => Promise<SignedRequests | undefined>;
  readonly tryTimeoutMs: number;
  readonly listPageSize: number;
  /** The same bucket through the SDK. */
  readonly sdk: ObjectStore;
}

/**
 * A bucket of S3 for reading very many small objects: lists and reads at a fraction of the SDK's cost, through pooled connections, signed with a
 * key that is made once a day. Everything else goes through the SDK.
 *
 * Every list and read is one HTTP request, tried once, as it is in {@link S3ObjectStore}, whose errors these are too; further ones are made where
 * a range begins behind the end, or where a body is doubted.
 */
export class FastS3Store implements ObjectStore {
  readonly name: string;
  readonly #options: FastS3StoreOptions;
  #requests: SignedRequests | undefined;
  #checksEtags = true;

  constructor(options: FastS3StoreOptions) {
    this.name = options.sdk.name;
    this.#options = options;
  }

  async list(prefix: string, continuation?: string, options: ListOptions = {}): Promise<ObjectPage> {
    checkPrefix(prefix);
    const call = this.#call(`Listing ${JSON.stringify(prefix)}`, false);
    const requests = this.#requests ?? (await this.#open(call));
    if (requests === undefined) return this.#options.sdk.list(prefix, continuation, options);
    const { from } = options;
    const page = await this.#page(requests, call, { prefix, continuation, startAfter: startAfter(from) });
    return { entries: notBefore(page.entries, from), ...next(page) };
  }

  async listPrefixes(prefix: string, continuation?: string): Promise<PrefixPage> {
    checkFolderPrefix(prefix);
    const call = this.#call(`Listing the folders of ${JSON.stringify(prefix)}`, false);
    const requests = this.#requests ?? (await this.#open(call));
    if (requests === undefined) return this.#options.sdk.listPrefixes(prefix, continuation);
    const page = await this.#page(requests, call, { prefix, delimiter: '/', continuation });
    return { prefixes: page.prefixes, ...next(page) };
  }

  async read(key: string, options: ReadOptions = {}): Promise<StoredObject> {
    checkKey(key);
    const { ifMatch, range } = options;
    const { sdk } = this.#options;
    if (range !== undefined) checkRange(key, range);
    if (range?.length === 0) return sdk.read(key, options);
    const call = () => this.#call(`Reading ${JSON.stringify(key)}`, true);
    const requests = this.#requests ?? (await this.#open(call()));
    if (requests === undefined) return sdk.read(key, options);

    const headers: Record<string, string> = {};
    if (ifMatch !== undefined) headers['if-match'] = quoted(ifMatch);
    if (range !== undefined) headers.range = `bytes=${range.offset}-${range.offset + range.length - 1}`;
    const answer = await this.#get(requests, call, requests.address.object(key), '', headers);

    // As the SDK's reader has it: HTTP has no range that begins at the end or later, and no ETag in the answer that says so.
    if (answer.status === 416 && range !== undefined)
      return sdk.read(key, { ...options, range: { offset: 0, length: 0 } });
    if (answer.status !== (range === undefined ? 200 : 206)) throw answerError(answer, call());
    if (answer.headers.get('content-length') !== String(answer.body.length)) throw truncatedBody(call());
    const object = { body: answer.body, etag: unquoted(answer.headers.get('etag')) };
    return range === undefined ? this.#checked(key, object, answer, call) : object;
  }

  head(key: string): Promise<ObjectEntry | undefined> {
    return this.#options.sdk.head(key);
  }

  write(key: string, body: ObjectBody, options: WriteOptions): Promise<{ readonly etag: string }> {
    return this.#options.sdk.write(key, body, options);
  }

  delete(key: string): Promise<void> {
    return this.#options.sdk.delete(key);
  }

  /**
   * Doubted bytes are read again through the SDK. Where they come the same, the ETags of this store are no checksums, and no longer taken for such.
   */
  #checked(
    key: string,
    object: StoredObject,
    answer: HttpAnswer,
    call: () => StorageCall,
  ): StoredObject | Promise<StoredObject> {
    const check = checkBody(answer);
    if (check === 'intact' || (check === 'doubted' && !this.#checksEtags)) return object;
    if (check === 'damaged') throw damaged(call());
    return this.#options.sdk.read(key, { ifMatch: object.etag }).then((again) => {
      if (Buffer.compare(again.body, object.body) !== 0) throw damaged(call());
      this.#checksEtags = false;
      return object;
    });
  }

  async #page(requests: SignedRequests, call: StorageCall, request: Omit<ListRequest, 'maxKeys'>): Promise<ListAnswer> {
    const query = listQuery({ ...request, maxKeys: this.#options.listPageSize });
    const answer = await this.#get(requests, () => call, requests.address.list, query, {});
    if (answer.status !== 200) throw answerError(answer, call);
    try {
      return readListAnswer(answer.body);
    } catch (error) {
      throw truncatedBody(call, error);
    }
  }

  /** Sends one request. @param call what it is for, which only an error needs */
  async #get(
    requests: SignedRequests,
    call: () => StorageCall,
    path: string,
    query: string,
    headers: Record<string, string>,
  ): Promise<HttpAnswer> {
    const current = requests.credentials.current();
    const held = current instanceof Promise ? await this.#waitedFor(() => current, call()) : current;
    let answer: HttpAnswer;
    try {
      answer = await requests.get(path, query, headers, held.identity);
    } catch (error) {
      throw requestError(error, call(), this.#options.tryTimeoutMs);
    }
    if (answer.status < 300) {
      held.accepted = true;
    } else if (answer.status === 400 || answer.status === 403) {
      const code = errorCodeOf(answer);
      if (isClockSkew(code)) requests.setClock(answer.headers.get('date') ?? '');
      else if (isCredentialRefusal(code) && requests.credentials.refused(held)) throw credentialsEnded(answer, call());
    }
    return answer;
  }

  async #open(call: StorageCall): Promise<SignedRequests | undefined> {
    this.#requests = await this.#waitedFor(this.#options.open, call);
    return this.#requests;
  }

  /** What has to be got first takes no longer than a request may. */
  async #waitedFor<T>(got: () => Promise<T>, call: StorageCall): Promise<T> {
    const { tryTimeoutMs } = this.#options;
    try {
      return await withTryTimeout(tryTimeoutMs, () => storageTimeout(call, tryTimeoutMs), got);
    } catch (error) {
      throw toS3Error(error, call);
    }
  }

  #call(action: string, ofObject: boolean): StorageCall {
    return { action, store: this.name, ofObject };
  }
}

function next({ continuation }: ListAnswer): { next?: string } {
  return continuation === undefined ? {} : { next: continuation };
}

function damaged(call: StorageCall): Error {
  return truncatedBody({ ...call, action: `${call.action} gave other bytes than their checksum says, and` });
}

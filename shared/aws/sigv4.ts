import { createHmac, hash } from 'node:crypto';

/** What requests are signed with. A secret: no part of it but the id may reach a log. */
export interface SigningIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** A GET to sign. `path` and `query` are as they are sent: percent-encoded, the parameters in the order of their names. */
export interface RequestToSign {
  readonly path: string;
  readonly query: string;
  /** Further headers that are signed, their names in lower case; S3 wants this of all that begin with `x-amz-`. Must not change. */
  readonly headers: Readonly<Record<string, string>>;
}

/** SHA-256 of nothing: the body of a GET. */
const EMPTY_BODY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

interface SigningKey {
  readonly identity: SigningIdentity;
  readonly date: string;
  readonly key: Buffer;
}

/** What the requests of one second have in common, but for their path and query. */
interface SecondOfRequests {
  readonly second: number;
  readonly identity: SigningIdentity;
  readonly given: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The canonical request from its headers on. */
  readonly canonicalEnd: string;
  /** The text to sign up to the request's hash. */
  readonly toSignBegin: string;
  /** The authorization up to the signature. */
  readonly authorizationBegin: string;
  readonly key: Buffer;
}

export interface SignerOptions {
  readonly host: string;
  readonly region: string;
  readonly service: string;
}

/**
 * Signs GET requests to one host (Signature Version 4; AWS general reference, "Create a signed AWS API request", and Amazon S3 API reference,
 * "Authenticating Requests: Using the Authorization Header"). The key of a day is made once, and what the requests of a second have in common
 * once a second, so that a signature takes one hash and one HMAC.
 */
export class RequestSigner {
  readonly #options: SignerOptions;
  #signingKey: SigningKey | undefined;
  #shared: SecondOfRequests | undefined;

  constructor(options: SignerOptions) {
    this.#options = options;
  }

  /**
   * @param timeMs when it is signed, by the service's clock; epoch ms
   * @returns the headers to send, those of the request among them, but for `host`
   */
  sign({ path, query, headers }: RequestToSign, identity: SigningIdentity, timeMs: number): Record<string, string> {
    const shared = this.#sharedOf(headers, identity, Math.floor(timeMs / 1000));
    const canonical = hash('sha256', `GET\n${path}\n${query}\n${shared.canonicalEnd}`, 'hex');
    const signature = createHmac('sha256', shared.key)
      .update(shared.toSignBegin + canonical)
      .digest('hex');
    return { ...shared.headers, authorization: shared.authorizationBegin + signature };
  }

  #sharedOf(given: Readonly<Record<string, string>>, identity: SigningIdentity, second: number): SecondOfRequests {
    const held = this.#shared;
    if (held?.second === second && held.identity === identity && held.given === given) return held;

    const { host, region, service } = this.#options;
    const time = `${new Date(second * 1000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
    const date = time.slice(0, 8);
    const headers: Record<string, string> = { ...given, 'x-amz-content-sha256': EMPTY_BODY, 'x-amz-date': time };
    if (identity.sessionToken !== undefined) headers['x-amz-security-token'] = identity.sessionToken;
    const signed = Object.entries({ ...headers, host }).sort(([a], [b]) => (a < b ? -1 : 1));
    const names = signed.map(([name]) => name).join(';');
    const scope = `${date}/${region}/${service}/aws4_request`;
    this.#shared = {
      second,
      identity,
      given,
      headers,
      canonicalEnd: `${signed.map(([name, value]) => `${name}:${value}\n`).join('')}\n${names}\n${EMPTY_BODY}`,
      toSignBegin: `AWS4-HMAC-SHA256\n${time}\n${scope}\n`,
      authorizationBegin: `AWS4-HMAC-SHA256 Credential=${identity.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=`,
      key: this.#keyOf(identity, date),
    };
    return this.#shared;
  }

  #keyOf(identity: SigningIdentity, date: string): Buffer {
    const held = this.#signingKey;
    if (held !== undefined && held.identity === identity && held.date === date) return held.key;
    const { region, service } = this.#options;
    const key = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${identity.secretAccessKey}`, date));
    this.#signingKey = { identity, date, key };
    return key;
  }
}

/** Percent-encodes as signatures want it: all but letters, digits and `-._~`. */
export function uriEncoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

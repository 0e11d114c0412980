import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { BlobRequests } from '../../../bench/blob-server/blob-requests';
import { BlobStore } from '../../../bench/blob-server/blob-store';
import { type CorpusMessage, type CorpusShape, corpusMessages } from '../../../bench/blob-server/corpus';
import { ServerRequest } from '../../../bench/blob-server/server-request';
import { type ListAnswer, readListAnswer } from '../../../shared/azure/fast/list-answer';

const ACCOUNT = 'benchaccount';
const CONTAINER = 'messages';
const KEY = Buffer.alloc(64, 7).toString('base64');
const HOUR_MS = 3_600_000;

export interface ReadAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface Asked {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** What lets in, in place of a signature for everything. */
  readonly signature?: string;
}

/** The blob server without its connections. */
export class BlobServerWorld {
  readonly messages: readonly CorpusMessage[];
  readonly requests: BlobRequests;

  constructor(shape: Partial<CorpusShape> = {}) {
    const whole = { tenant: 'acme', date: '2025-08-11', rooms: 6, messagesPerRoom: 5, bodyBytes: 600, ...shape };
    this.messages = [...corpusMessages(whole)].sort((a, b) => (a.key < b.key ? -1 : 1));
    this.requests = new BlobRequests(ACCOUNT, KEY, CONTAINER, new BlobStore(whole));
  }

  /** @param path of a blob; empty for the container */
  ask(method: string, path: string, asked: Asked = {}): ReadAnswer {
    return readAnswer(this.requests.answer(requestFor(method, path, asked)));
  }

  list(parameters: Readonly<Record<string, string>>): ListAnswer {
    const query = `restype=container&comp=list&${new URLSearchParams(parameters)}`;
    const { status, body } = this.ask('GET', '', { query });
    if (status !== 200) throw new Error(`The listing was answered with ${status}.`);
    return readListAnswer(body);
  }
}

export function requestFor(method: string, path: string, asked: Asked = {}): ServerRequest {
  const { query, headers = {}, signature = signatureFor({}), body = '' } = asked;
  const parameters = [query, signature].filter((each) => each !== undefined && each !== '').join('&');
  const target = `/${ACCOUNT}/${CONTAINER}${path === '' ? '' : `/${path}`}${parameters === '' ? '' : `?${parameters}`}`;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return new ServerRequest([`${method} ${target} HTTP/1.1`, ...lines].join('\r\n'), Buffer.from(body));
}

export interface SignatureOptions {
  readonly permissions?: string;
  readonly container?: string;
  readonly key?: string;
  readonly endsInMs?: number;
}

/** A shared access signature as the SDK makes it. */
export function signatureFor(options: SignatureOptions): string {
  const { permissions = 'rwdl', container = CONTAINER, key = KEY, endsInMs = HOUR_MS } = options;
  return generateBlobSASQueryParameters(
    {
      containerName: container,
      permissions: ContainerSASPermissions.parse(permissions),
      expiresOn: new Date(Date.now() + endsInMs),
    },
    new StorageSharedKeyCredential(ACCOUNT, key),
  ).toString();
}

export function readAnswer(bytes: Buffer): ReadAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
  });
  return { status: Number(first.split(' ')[1]), headers: new Map(headers), body: bytes.subarray(end + 4) };
}

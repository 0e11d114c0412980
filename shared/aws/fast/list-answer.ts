import { type ElementHandler, readElements, XmlError } from '../../http/xml-elements';
import type { ObjectEntry } from '../../ports/object-store';
import { decodedName, unquoted } from '../s3-listing';

/** What an answer of ListObjectsV2 says. */
export interface ListAnswer {
  readonly entries: readonly ObjectEntry[];
  readonly prefixes: readonly string[];
  /** Undefined on the last page. */
  readonly continuation: string | undefined;
}

/** An element that something is taken from, or that holds such ones. */
interface Place {
  readonly below?: Readonly<Record<string, Place>>;
  readonly take?: 'key' | 'etag' | 'size' | 'object' | 'prefix' | 'isTruncated' | 'continuation';
}

/** Where in the answer what stands (Amazon S3 API reference, "ListObjectsV2"). Other elements of the same names are something else. */
const DOCUMENT: Place = {
  below: {
    ListBucketResult: {
      below: {
        Contents: { take: 'object', below: { Key: { take: 'key' }, ETag: { take: 'etag' }, Size: { take: 'size' } } },
        CommonPrefixes: { below: { Prefix: { take: 'prefix' } } },
        IsTruncated: { take: 'isTruncated' },
        NextContinuationToken: { take: 'continuation' },
      },
    },
  },
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads an answer of ListObjectsV2 with `encoding-type=url`.
 *
 * @throws Error where it is no whole listing, or not one of S3
 */
export function readListAnswer(body: Uint8Array): ListAnswer {
  const listing = new Listing();
  readElements(utf8.decode(body), listing);
  return listing.finish();
}

class Listing implements ElementHandler {
  readonly #entries: ObjectEntry[] = [];
  readonly #prefixes: string[] = [];
  /** The places of the elements that are open; undefined for those that nothing is taken from. */
  readonly #open: (Place | undefined)[] = [DOCUMENT];
  #key: string | undefined;
  #etag: string | undefined;
  #size: number | undefined;
  #isTruncated: string | undefined;
  #continuation: string | undefined;

  opened(name: string): void {
    this.#open.push(this.#open[this.#open.length - 1]?.below?.[name]);
  }

  closed(text: () => string): void {
    switch (this.#open.pop()?.take) {
      case 'key':
        this.#key = decodedName(text());
        break;
      case 'etag':
        this.#etag = unquoted(text());
        break;
      case 'size':
        this.#size = Number(text());
        break;
      case 'object':
        this.#add();
        break;
      case 'prefix':
        this.#prefixes.push(ofItsOwn(decodedName(text())));
        break;
      case 'isTruncated':
        this.#isTruncated = text();
        break;
      case 'continuation':
        this.#continuation = text();
    }
  }

  finish(): ListAnswer {
    const [isTruncated, continuation] = [this.#isTruncated, this.#continuation];
    if (isTruncated === undefined) throw new XmlError('the answer is no listing: it does not say whether it is whole');
    if (isTruncated === 'true' && !continuation) throw new XmlError('the listing goes on, and does not say where');
    return {
      entries: this.#entries,
      prefixes: this.#prefixes,
      continuation: isTruncated === 'true' ? continuation : undefined,
    };
  }

  #add(): void {
    const [key, etag, size] = [this.#key, this.#etag, this.#size];
    if (key === undefined || etag === undefined || size === undefined || !Number.isSafeInteger(size)) {
      throw new XmlError('an object of the listing has no key, ETag or size');
    }
    this.#entries.push({ key: ofItsOwn(key), etag: ofItsOwn(etag), size });
    this.#key = undefined;
    this.#etag = undefined;
    this.#size = undefined;
  }
}

/** A copy of a part of the document, which else would keep the whole document in memory for as long as the part is there. */
function ofItsOwn(part: string): string {
  return Buffer.from(part).toString();
}

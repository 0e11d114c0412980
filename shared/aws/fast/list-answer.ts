import { type ListingForm, ObjectListing } from '../../http/object-listing';
import { XmlError } from '../../http/xml-elements';
import type { ObjectEntry } from '../../ports/object-store';
import { decodedName } from '../s3-listing';

/** What an answer of ListObjectsV2 says. */
export interface ListAnswer {
  readonly entries: readonly ObjectEntry[];
  readonly prefixes: readonly string[];
  /** Undefined on the last page. */
  readonly continuation: string | undefined;
}

/** Amazon S3 API reference, "ListObjectsV2". */
const FORM: ListingForm<'isTruncated' | 'continuation'> = {
  document: {
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
  },
  nameOf: decodedName,
  incomplete: 'an object of the listing has no key, ETag or size',
};

/**
 * Reads an answer of ListObjectsV2 with `encoding-type=url`.
 *
 * @throws Error where it is no whole listing, or not one of S3
 */
export function readListAnswer(body: Uint8Array): ListAnswer {
  const { entries, prefixes, said } = new ObjectListing(FORM).read(body);
  const [isTruncated, continuation] = [said.get('isTruncated'), said.get('continuation')];
  if (isTruncated === undefined) throw new XmlError('the answer is no listing: it does not say whether it is whole');
  if (isTruncated === 'true' && !continuation) throw new XmlError('the listing goes on, and does not say where');
  return { entries, prefixes, continuation: isTruncated === 'true' ? continuation : undefined };
}

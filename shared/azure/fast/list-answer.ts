import { type ListingForm, ObjectListing } from '../../http/object-listing';
import { XmlError } from '../../http/xml-elements';
import type { ObjectEntry } from '../../ports/object-store';

/** What an answer of List Blobs says. */
export interface ListAnswer {
  readonly entries: readonly ObjectEntry[];
  readonly prefixes: readonly string[];
  /** Empty on the last page. */
  readonly nextMarker: string;
}

/** learn.microsoft.com, "List Blobs". */
const FORM: ListingForm<'marker'> = {
  document: {
    below: {
      EnumerationResults: {
        below: {
          Blobs: {
            below: {
              Blob: {
                take: 'object',
                below: {
                  Name: { take: 'key' },
                  Properties: { below: { Etag: { take: 'etag' }, 'Content-Length': { take: 'size' } } },
                },
              },
              BlobPrefix: { below: { Name: { take: 'prefix' } } },
            },
          },
          NextMarker: { take: 'marker' },
        },
      },
    },
  },
  nameOf,
  incomplete: 'a blob of the listing has no name, ETag or length',
};

/** Where a listing's blobs stand. */
const BLOBS = FORM.document.below?.EnumerationResults?.below?.Blobs;

/** Elements that hold no others, and are neither ETag nor length. @param group the number of the group that holds their name */
const OTHERS = (group: number) => `(?:<(?!Etag|Content-Length)([\\w-]+)(?: ?/>|>[^<]*</\\${group}>))*`;

/**
 * A blob as the service writes it, and nothing that would have to be resolved: its name, then its ETag and length among {@link OTHERS}.
 * It is found in one go, in a quarter of the time that reading its forty tags takes.
 */
const PLAIN_BLOB = new RegExp(
  `<Blob><Name>([^<&\\r]*)</Name><Properties>${OTHERS(2)}<Etag>([^<&\\r]*)</Etag><Content-Length>(\\d{1,15})</Content-Length>` +
    `${OTHERS(5)}</Properties>(?:<OrMetadata />)?</Blob>`,
  'y',
);

/**
 * Reads an answer of List Blobs.
 *
 * @throws Error where it is no whole listing, or not one of Blob Storage
 */
export function readListAnswer(body: Uint8Array): ListAnswer {
  const { entries, prefixes, said } = new BlobListing(FORM).read(body);
  const nextMarker = said.get('marker');
  if (nextMarker === undefined) throw new XmlError('the answer is no listing: it has no NextMarker');
  return { entries, prefixes, nextMarker };
}

class BlobListing extends ObjectListing<'marker'> {
  taken(xml: string, at: number): number {
    if (this.within !== BLOBS) return at;
    PLAIN_BLOB.lastIndex = at;
    const match = PLAIN_BLOB.exec(xml);
    if (match === null) return at;
    const [, key, , etag, size] = match;
    this.add(key, etag, Number(size));
    return PLAIN_BLOB.lastIndex;
  }
}

/** Names that XML cannot hold come percent-encoded, and say so (from version 2021-02-12 on). */
function nameOf(text: string, attributes: string): string {
  return /\bEncoded\s*=\s*["']true["']/.test(attributes) ? decodeURIComponent(text) : text;
}

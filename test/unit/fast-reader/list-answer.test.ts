import { parseXML } from '@azure/core-xml';
import fc from 'fast-check';
import { readListAnswer } from '../../../shared/azure/fast/list-answer';

/** Characters that XML 1.0 can hold, awkward ones often. */
const character = fc.oneof(
  fc.constantFrom('<', '>', '&', '"', "'", ' ', '%', ';', '#', '/', 'é', '日', '😀', ']', '\t', '\u00a0', '\ufeff'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter((text) => !HIDDEN.test(text)),
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const HIDDEN = /[\u0000-\u001f\u007f\ufffe\uffff]/;
const name = fc.string({ unit: character, minLength: 1, maxLength: 30 });

const blob = fc.record({
  key: name,
  etag: fc.stringMatching(/^0x[0-9A-F]{15}$/),
  size: fc.nat(),
  howToEscape: fc.constantFrom('named', 'decimal', 'hexadecimal', 'section', 'everything'),
  hasMetadata: fc.boolean(),
});
type Blob = typeof blob extends fc.Arbitrary<infer Value> ? Value : never;

const listing = fc.record({
  blobs: fc.array(blob, { maxLength: 8 }),
  prefixes: fc.array(name, { maxLength: 3 }),
  marker: fc.oneof(fc.constant(''), name),
  isIndented: fc.boolean(),
});
type Listing = typeof listing extends fc.Arbitrary<infer Value> ? Value : never;

const NAMED: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};

function escaped(text: string, how: Blob['howToEscape'] = 'named'): string {
  if (how === 'section' && !text.includes(']')) return `<![CDATA[${text}]]>`;
  return Array.from(text, (each) => {
    const point = each.codePointAt(0) ?? 0;
    if (how === 'everything') return `&#x${point.toString(16)};`;
    if (!(each in NAMED)) return each;
    if (how === 'decimal') return `&#${point};`;
    return how === 'hexadecimal' ? `&#x${point.toString(16).toUpperCase()};` : (NAMED[each] ?? each);
  }).join('');
}

function documentOf({ blobs, prefixes, marker, isIndented }: Listing): string {
  const items = blobs.map(
    ({ key, etag, size, howToEscape, hasMetadata }) =>
      `<Blob><Name>${escaped(key, howToEscape)}</Name><Deleted>false</Deleted><Properties><Creation-Time>Mon</Creation-Time>` +
      `<Etag>${etag}</Etag><Content-Length>${size}</Content-Length><Content-Encoding /><Content-MD5/></Properties>` +
      (hasMetadata ? '<Metadata><Name>other</Name><Etag>other</Etag></Metadata>' : '<OrMetadata />') +
      '</Blob>',
  );
  const folders = prefixes.map((each) => `<BlobPrefix><Name>${escaped(each)}</Name></BlobPrefix>`);
  const between = isIndented ? '\r\n  ' : '';
  return [
    '\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://a/?x=1&amp;y=>" ContainerName=\'c\'>',
    '<Prefix>some/</Prefix><MaxResults>7</MaxResults><!-- <Blob> --><Blobs>',
    ...items,
    ...folders,
    `</Blobs>${marker === '' ? '<NextMarker />' : `<NextMarker>${escaped(marker)}</NextMarker>`}`,
    '</EnumerationResults>',
  ].join(between);
}

const read = (document: string) => readListAnswer(Buffer.from(document));

/** A listing of one name, as it is written in the answer. */
function oneName(element: string): string {
  return documentOf({ blobs: [], prefixes: [], marker: '', isIndented: false }).replace(
    '<Blobs>',
    `<Blobs><Blob>${element}<Properties><Etag>e</Etag><Content-Length>1</Content-Length></Properties></Blob>`,
  );
}

describe('an answer of List Blobs', () => {
  test('gives every name, ETag, length, folder and the marker, however they are escaped', () => {
    fc.assert(
      fc.property(listing, (made) => {
        expect(read(documentOf(made))).toEqual({
          entries: made.blobs.map(({ key, etag, size }) => ({ key, etag, size })),
          prefixes: made.prefixes,
          nextMarker: made.marker,
        });
      }),
    );
  });

  test('is read as the parser of the SDK reads it', async () => {
    await fc.assert(
      fc.asyncProperty(listing, async (made) => {
        const blobs = made.blobs.map((each) => ({ ...each, howToEscape: 'named' as const }));
        const document = documentOf({ ...made, blobs });

        const theirs = await parseXML(document.replace('\ufeff', ''), { includeRoot: false, xmlCharKey: '_' });

        const named = [theirs.Blobs?.Blob ?? []].flat().map((each: { Name: string }) => String(each.Name));
        expect(read(document).entries.map(({ key }) => key)).toEqual(named);
      }),
    );
  });

  test('is read the same blob by blob as element by element, whatever its blobs hold', () => {
    const element = fc.constantFrom(
      ...['<Etag>"0x1"</Etag>', '<Etag>a&amp;b</Etag>', '<Etag/>', '<Content-Length>12</Content-Length>'],
      ...['<Content-Length>x</Content-Length>', '<Creation-Time>Mon</Creation-Time>', '<Content-MD5/>', '<A>&b;</A>'],
      ...[
        '<Content-Encoding />',
        '<Content-Length-2>1</Content-Length-2>',
        '<A><Etag>2</Etag></A>',
        '<A>b</B>',
        '<A b="/>"/>',
      ],
      ...[
        '<A>b',
        '</A>',
        '<!-- </Blob> -->',
        '<A><![CDATA[</A>]]></A>',
        'text',
        '\r\n',
        '<Name>other</Name>',
        '</Properties>',
      ],
    );
    const likeOne = fc.record({
      key: fc.oneof(
        name.map((each) => escaped(each)),
        fc.constantFrom('a\rb', 'a<A/>b', '<![CDATA[<]]>'),
      ),
      before: fc.array(element, { maxLength: 3 }),
      between: fc.array(element, { maxLength: 1 }),
      after: fc.array(element, { maxLength: 3 }),
      end: fc.constantFrom('', '<OrMetadata />', '<Metadata><Name>m</Name></Metadata>', '<OrMetadata>'),
    });
    const outcome = (document: string) => {
      try {
        return read(document);
      } catch (error) {
        return (error as Error).name;
      }
    };
    fc.assert(
      fc.property(fc.array(likeOne, { maxLength: 4 }), (blobs) => {
        const written = (open: string) =>
          blobs.map(
            ({ key, before, between, after, end }) =>
              `${open}<Name>${key}</Name><Properties>${before.join('')}<Etag>0x1</Etag>${between.join('')}<Content-Length>5` +
              `</Content-Length>${after.join('')}</Properties>${end}</Blob>`,
          );
        const listed = (open: string) =>
          `<EnumerationResults><Blobs>${written(open).join('')}</Blobs><NextMarker/></EnumerationResults>`;

        expect(outcome(listed('<Blob>'))).toEqual(outcome(listed('<Blob >')));
      }),
      { numRuns: 3000 },
    );
  });

  test('is refused where it ends early, wherever that is', () => {
    fc.assert(
      fc.property(listing, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (made, share) => {
        const bytes = Buffer.from(documentOf(made));
        const part = bytes.subarray(0, Math.floor(bytes.length * share));

        expect(() => readListAnswer(part)).toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['nothing', ''],
    ['something that is not XML', 'busy, come back later'],
    ['a page of some gateway', '<html><body>Sign in</body></html>'],
    ['another document', '<?xml version="1.0"?><Error><Code>x</Code></Error>'],
    ['a listing without its marker', '<EnumerationResults><Blobs /></EnumerationResults>'],
    ['elements that cross', '<EnumerationResults><Blobs><NextMarker /></EnumerationResults></Blobs>'],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><EnumerationResults><NextMarker/></EnumerationResults>'],
    ['an entity that XML does not know', oneName('<Name>&nbsp;</Name>')],
    ['half an entity', oneName('<Name>a&amp</Name>')],
    ['an entity beyond Unicode', oneName('<Name>&#x110000;</Name>')],
    ['a blob without a name', oneName('')],
    ['a name that says to be encoded, and is not', oneName('<Name Encoded="true">%E0%A4%A</Name>')],
  ])('is refused where it is %s', (_, document) => {
    expect(() => read(document)).toThrow();
  });

  test('is refused where its bytes are not UTF-8', () => {
    const document = Buffer.from(oneName('<Name>x?</Name>'));
    document[document.indexOf('?</Name>')] = 0xff;

    expect(() => readListAnswer(document)).toThrow();
  });

  test('resolves names that come encoded because XML cannot hold them, and no others', () => {
    const encoded = read(oneName('<Name Encoded="true">a%EF%BF%BFb%2Fc%25</Name>')).entries;
    const plain = read(oneName('<Name Encoded="false">a%2Fb</Name>')).entries;

    expect(encoded.map(({ key }) => key)).toEqual(['a\uffffb/c%']);
    expect(plain.map(({ key }) => key)).toEqual(['a%2Fb']);
  });

  test('takes line ends as XML does', () => {
    const { entries } = read(oneName('<Name>a\r\nb\rc&#13;d</Name>'));

    expect(entries.map(({ key }) => key)).toEqual(['a\nb\nc\rd']);
  });
});

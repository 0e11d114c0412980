import fc from 'fast-check';
import { readListAnswer } from '../../../shared/aws/fast/list-answer';
import { decodedName, notBefore, startAfter } from '../../../shared/aws/s3-listing';
import { compareKeys } from '../../../shared/messages/key-order';

/** Characters that stand beside each other in the order of keys, and those that a form or XML could get wrong. */
const character = fc.oneof(
  fc.constantFrom(...'-./0~!" %+&<>\'é日\uffee😀\u007f\u0001'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter((text) => text.isWellFormed()),
);
const key = fc.string({ unit: character, minLength: 1, maxLength: 8 });

describe('beginning at a key', () => {
  test('leaves out nothing that is not before it', () => {
    fc.assert(
      fc.property(key, fc.array(key), (from, others) => {
        const keys = [...new Set([...others, from, `${from}/x`])].sort(compareKeys);
        const after = startAfter(from);

        // What S3 lists.
        const listed = keys.filter((each) => after === undefined || compareKeys(each, after) > 0);
        const entries = notBefore(
          listed.map((each) => ({ key: each, etag: 'e', size: 1 })),
          from,
        );

        expect(entries.map((entry) => entry.key)).toEqual(keys.filter((each) => compareKeys(each, from) >= 0));
      }),
    );
  });

  test.each([
    ['a/2025/08/11/', 'a/2025/08/11.~'],
    ['a!', 'a ~'],
    ['é', undefined],
    ['a日', 'a'],
    ['a😀', 'a'],
    ['', undefined],
    [undefined, undefined],
  ])('%j is reached from %j', (from, after) => {
    expect(startAfter(from)).toBe(after);
  });

  test('without one, nothing is left out', () => {
    const entries = [{ key: 'a', etag: 'e', size: 1 }];

    expect(notBefore(entries, undefined)).toBe(entries);
    expect(notBefore(entries, 'b')).toEqual([]);
  });
});

test('names come back from how forms write them', () => {
  fc.assert(
    fc.property(key, (name) => {
      const asForms = encodeURIComponent(name).replaceAll('%20', '+').replaceAll('%2F', '/');

      expect(decodedName(asForms)).toBe(name);
      expect(decodedName(encodeURIComponent(name))).toBe(name);
    }),
  );
});

describe('an answer of ListObjectsV2', () => {
  const HEAD =
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">';
  const entry = fc.record({ key, etag: fc.stringMatching(/^[0-9a-f]{32}(-\d{1,3})?$/), size: fc.nat() });

  test('gives its objects, its folders and where it goes on', () => {
    const token = fc.option(fc.base64String({ minLength: 4 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(entry), fc.array(key), token, (entries, prefixes, continuation) => {
        const contents = entries.map(
          (each) =>
            `<Contents><Key>${encodeURIComponent(each.key)}</Key><LastModified>2025-08-11T01:02:03.000Z</LastModified>` +
            `<ETag>&quot;${each.etag}&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm><Size>${each.size}</Size>` +
            '<Owner><ID>1</ID><Key>other</Key></Owner><StorageClass>STANDARD</StorageClass></Contents>',
        );
        const folders = prefixes.map(
          (each) => `<CommonPrefixes><Prefix>${encodeURIComponent(each)}</Prefix></CommonPrefixes>`,
        );
        const goesOn =
          continuation === undefined
            ? '<IsTruncated>false</IsTruncated>'
            : `<IsTruncated>true</IsTruncated><NextContinuationToken>${continuation}</NextContinuationToken>`;
        const xml = `${HEAD}<Name>b</Name><Prefix>p</Prefix><KeyCount>1</KeyCount>${goesOn}${contents.join('')}${folders.join('\n')}</ListBucketResult>`;

        expect(readListAnswer(Buffer.from(xml))).toEqual({ entries, prefixes, continuation });
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['a page of a gateway', '<html><body>Sign in</body></html>'],
    ['half a listing', `${HEAD}<IsTruncated>false</IsTruncated><Contents><Key>a</Ke`],
    ['a listing that does not say whether it is whole', `${HEAD}<Contents><Key>a</Key></Contents></ListBucketResult>`],
    ['one that goes on, and does not say where', `${HEAD}<IsTruncated>true</IsTruncated></ListBucketResult>`],
    [
      'an object without a size',
      `${HEAD}<IsTruncated>false</IsTruncated><Contents><Key>a</Key><ETag>"e"</ETag></Contents></ListBucketResult>`,
    ],
    [
      'a name that is not encoded as it says',
      `${HEAD}<IsTruncated>false</IsTruncated><Contents><Key>%zz</Key><ETag>"e"</ETag><Size>1</Size></Contents></ListBucketResult>`,
    ],
  ])('%s is none', (_, xml) => {
    expect(() => readListAnswer(Buffer.from(xml))).toThrow();
  });
});

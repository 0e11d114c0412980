import { Readable } from 'node:stream';
import fc from 'fast-check';
import { bodyParts } from '../../../shared/aws/body-parts';
import { StorageError } from '../../../shared/errors';
import type { ObjectBody } from '../../../shared/ports/object-store';

async function partsOf(body: ObjectBody, partBytes: number): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of bodyParts(body, partBytes, () => {})) parts.push(part);
  return parts;
}

const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 12 });

test('parts are the body, all of one size but for the last, however it comes', async () => {
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 1, max: 30 }), fc.boolean(), async (pieces, partBytes, isOpened) => {
      const whole = Buffer.concat(pieces);
      const open = () => Readable.from(pieces, { objectMode: false });

      const parts = await partsOf(isOpened ? { size: whole.length, open } : whole, partBytes);

      expect(Buffer.compare(Buffer.concat(parts), whole)).toBe(0);
      expect(parts).toHaveLength(Math.max(1, Math.ceil(whole.length / partBytes)));
      for (const part of parts.slice(0, -1)) expect(part.byteLength).toBe(partBytes);
    }),
  );
});

test('a body of another size than it said gives no last part', async () => {
  const other = fc.integer({ min: -20, max: 20 }).filter((difference) => difference !== 0);
  await fc.assert(
    fc.asyncProperty(chunks, other, fc.integer({ min: 1, max: 30 }), async (pieces, difference, partBytes) => {
      const actual = Buffer.concat(pieces).length;
      const size = Math.max(0, actual + difference);
      fc.pre(size !== actual);
      const given: Uint8Array[] = [];

      const failure = await (async () => {
        const body = { size, open: () => Readable.from(pieces, { objectMode: false }) };
        for await (const part of bodyParts(body, partBytes, () => {})) given.push(part);
      })().catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(StorageError);
      expect(failure).toMatchObject({ code: 'storage_request_invalid', kind: 'permanent' });
      expect(given.length).toBeLessThan(Math.max(1, Math.ceil(size / partBytes)));
    }),
  );
});

test('a source that is not read to its end is closed', async () => {
  const source = Readable.from([Buffer.alloc(10), Buffer.alloc(10)], { objectMode: false });

  const failure = await partsOf({ size: 5, open: () => source }, 100).catch((error: unknown) => error);

  expect(failure).toMatchObject({ code: 'storage_request_invalid' });
  expect(source.destroyed).toBe(true);
});

test('a source that gives text is refused', async () => {
  const open = () => Readable.from(['text']);

  await expect(partsOf({ size: 4, open }, 100)).rejects.toMatchObject({ code: 'storage_request_invalid' });
});

import fc from 'fast-check';
import { StorageError } from '../../../shared/errors';
import { wholeBody } from '../../../shared/http/whole-body';

const call = { action: 'Reading "a"', store: 'a store', ofObject: true };
const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 6 });
const sizeOf = (parts: readonly Uint8Array[]) => parts.reduce((size, { byteLength }) => size + byteLength, 0);

async function failure(reading: Promise<unknown>): Promise<StorageError> {
  const error = await reading.catch((thrown: unknown) => thrown);
  if (!(error instanceof StorageError)) throw new Error('It did not fail as a store does.');
  return error;
}

test('is every byte in its order, and tells of each chunk', async () => {
  await fc.assert(
    fc.asyncProperty(chunks, async (parts) => {
      const moved = jest.fn();

      const body = await wholeBody(parts, sizeOf(parts), { moved, call });

      expect(Buffer.compare(body, Buffer.concat(parts))).toBe(0);
      expect(moved).toHaveBeenCalledTimes(parts.length);
    }),
  );
});

test('a single chunk is not copied', async () => {
  const chunk = Buffer.from('whole');

  expect(await wholeBody([chunk], 5, { moved: () => undefined, call })).toBe(chunk);
});

test('a body of another length, or of no known one, is not whole', async () => {
  await fc.assert(
    fc.asyncProperty(chunks, fc.option(fc.nat(200), { nil: undefined }), async (parts, length) => {
      fc.pre(length !== sizeOf(parts));

      const error = await failure(wholeBody(parts, length, { moved: () => undefined, call }));

      expect(error).toMatchObject({ code: 'storage_connection_lost', kind: 'transient' });
    }),
  );
});

test.each([
  ['ends with an error', new Error('socket hang up')],
  ['comes as text', undefined],
])('a stream that %s is not whole, and its error says of what', async (_, broken) => {
  async function* stream() {
    yield Buffer.from('x');
    if (broken !== undefined) throw broken;
    yield 'text';
  }

  const error = await failure(wholeBody(stream(), 5, { moved: () => undefined, call }));

  expect(error).toMatchObject({ code: 'storage_connection_lost', kind: 'transient' });
  expect(error.message).toBe('Reading "a" in a store ended before the whole body had come.');
  expect(error.cause).toBeDefined();
});

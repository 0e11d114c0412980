import fc from 'fast-check';
import { pageToken, readPageToken } from '../../../local/youtube/page-token';

describe('a page token', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(30_000), fc.nat()), fc.boolean(), (position, backward) => {
        expect(readPageToken(pageToken({ position, backward }))).toEqual({ position, backward });
      }),
    );
  });

  it.each([
    ['CAUQAA', 5],
    ['CDIQAA', 50],
    ['CMIDEAA', 450],
  ])('has the form of the real one: %s', (token, position) => {
    expect(pageToken({ position, backward: false })).toBe(token);
  });

  it('is nothing else', () => {
    const almost = fc
      .tuple(fc.nat(30_000), fc.nat(5), fc.constantFrom('A', 'B', 'z', '-', '=', ' '))
      .map(([position, at, letter]) => {
        const token = pageToken({ position, backward: false });
        return `${token.slice(0, at)}${letter}${token.slice(at + 1)}`;
      });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), almost), (text) => {
        const read = readPageToken(text);

        expect(read === undefined || pageToken(read) === text).toBe(true);
      }),
    );
    expect(['', 'x', 'CDIQAA=', 'CDIQAB', 'CDIQ', 'next'].map(readPageToken)).toEqual(Array(6).fill(undefined));
  });
});

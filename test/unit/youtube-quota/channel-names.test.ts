import fc from 'fast-check';
import { channelNameText, parseChannelName, sameHandle } from '../../../shared/youtube/channel-names';

const ID = 'UC_x5XG1OV2P6uZZ5FSM9Ttw';

describe('a channel is named', () => {
  it.each([
    ['its id', ID, { id: ID }],
    ['its id with spaces around it', `  ${ID} `, { id: ID }],
    ['its handle', '@GoogleDevelopers', { handle: '@GoogleDevelopers' }],
    ['a handle with every mark there can be', '@a_b-c.d·e', { handle: '@a_b-c.d·e' }],
    ['a handle of 30 characters', `@${'a'.repeat(30)}`, { handle: `@${'a'.repeat(30)}` }],
    ['a handle of digits', '@123', { handle: '@123' }],
    ['a Japanese handle', '@白金ひかり', { handle: '@白金ひかり' }],
    ['a Japanese handle of one character', '@蛍', { handle: '@蛍' }],
    ['a Hindi handle, whose vowels are marks', '@हिन्दी', { handle: '@हिन्दी' }],
    ['an Arabic handle with digits at its end', '@قناة2024', { handle: '@قناة2024' }],
    ['a Korean handle in parts', '@한국어'.normalize('NFD'), { handle: '@한국어' }],
    ["its page's address by id", `https://www.youtube.com/channel/${ID}`, { id: ID }],
    ["its page's address by handle", 'https://www.youtube.com/@GoogleDevelopers', { handle: '@GoogleDevelopers' }],
    ['without www, of a tab, with parameters', 'https://youtube.com/@abc/videos?si=1#top', { handle: '@abc' }],
    ['the address on a telephone', `http://m.youtube.com/channel/${ID}/`, { id: ID }],
    ['an address as it is written', 'https://www.youtube.com/@白金ひかり', { handle: '@白金ひかり' }],
    ['an address as browsers copy it', `https://www.youtube.com/@${encodeURIComponent('白金')}`, { handle: '@白金' }],
  ])('by %s', (_name, text, expected) => {
    const name = parseChannelName(text);

    expect(name).toEqual(expected);
  });

  it.each([
    ['nothing', ''],
    ['a bare word', 'GoogleDevelopers'],
    ['an id that is too short', ID.slice(0, -1)],
    ['an id that is too long', `${ID}w`],
    ['an id with another beginning', `UU${ID.slice(2)}`],
    ['a lone @', '@'],
    ['a Latin handle of two characters', '@ab'],
    ['a handle of 31 characters', `@${'a'.repeat(31)}`],
    ['a handle with a space', '@my channel'],
    ['a handle with a sign', '@rock&roll'],
    ['a handle with an emoji', '@party🎉'],
    ['a handle with a line break', '@abc\ndef'],
    ['two handles', '@abc,@def'],
    ["a video's address", 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'],
    ['an address of the old kinds', 'https://www.youtube.com/c/GoogleDevelopers'],
    ['an address with a handle in the place of the id', 'https://www.youtube.com/channel/@abc'],
    ['an address with an id in the place of the handle', `https://www.youtube.com/${ID}`],
    ['the address of another site', `https://example.com/channel/${ID}`],
    ['a site that only begins as the right one', `https://www.youtube.com.example.com/channel/${ID}`],
    ['an address that is encoded wrongly', 'https://www.youtube.com/@%E3%81'],
    ['an address that is none', 'https://'],
  ])('not by %s', (_name, text) => {
    const name = parseChannelName(text);

    expect(name).toBeUndefined();
  });

  it('by nothing that is not read again as the same', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '@', 'UC', 'https://www.youtube.com/@'),
        (text, begin) => {
          const name = parseChannelName(begin + text);

          if (name !== undefined) expect(parseChannelName(channelNameText(name))).toEqual(name);
        },
      ),
    );
  });

  it('by any id, plain and in an address', () => {
    const characters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'];
    const tail = fc.array(fc.constantFrom(...characters), { minLength: 22, maxLength: 22 });
    fc.assert(
      fc.property(tail, (parts) => {
        const id = `UC${parts.join('')}`;

        const names = [parseChannelName(id), parseChannelName(`https://www.youtube.com/channel/${id}/streams`)];

        expect(names).toEqual([{ id }, { id }]);
      }),
    );
  });
});

describe('two handles are one', () => {
  it.each([
    ['@Abc', '@aBC', true],
    ['@été', '@ÉTÉ'.normalize('NFD'), true],
    ['@abc', '@abd', false],
  ])('%s and %s: %s', (a, b, expected) => {
    const same = sameHandle(a, b);

    expect(same).toBe(expected);
  });
});

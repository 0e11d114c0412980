import fc from 'fast-check';
import { YoutubeError } from '../../../shared/errors';
import type { ChannelResource, VideoResource } from '../../../shared/ports/youtube-api';
import { channelOf, videoOf } from '../../../shared/youtube/normal-form';

const CHANNEL = 'UCaaaaaaaaaaaaaaaaaaaaaa';

function video(differing: VideoResource): VideoResource {
  const { snippet, ...others } = differing;
  return { id: 'video000001', snippet: { channelId: CHANNEL, ...snippet }, ...others };
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof YoutubeError ? error.code : String(error);
  }
}

describe('a channel', () => {
  test('that tells everything', () => {
    const { channel, replacedCharacters, unreadable } = channelOf({
      id: CHANNEL,
      snippet: {
        title: '白銀ノエル',
        description: 'About\nit',
        customUrl: '@noel',
        thumbnails: { default: { url: 'small', width: 88 }, high: { url: 'large', width: 800 } },
      },
      statistics: { subscriberCount: '2010000', hiddenSubscriberCount: false, videoCount: '1308' },
    });

    expect(channel).toEqual({
      id: CHANNEL,
      title: '白銀ノエル',
      handle: '@noel',
      description: 'About\nit',
      subscriberCount: 2_010_000,
      iconUrl: 'large',
    });
    expect({ replacedCharacters, unreadable }).toEqual({ replacedCharacters: 0, unreadable: [] });
  });

  test.each<ChannelResource>([
    { id: CHANNEL },
    { id: CHANNEL, snippet: null, statistics: null },
    { id: CHANNEL, snippet: {}, statistics: {} },
    { id: CHANNEL, snippet: { title: null, customUrl: null, thumbnails: null }, statistics: { subscriberCount: null } },
  ])('that tells nothing has null in every place but its title', (resource) => {
    const { channel } = channelOf(resource);

    const nothing = { handle: null, description: null, subscriberCount: null, iconUrl: null };
    expect(channel).toEqual({ id: CHANNEL, title: '', ...nothing });
  });

  test('that hides its subscribers has no count, also where a number is there', () => {
    const { channel, unreadable } = channelOf({
      id: CHANNEL,
      statistics: { hiddenSubscriberCount: true, subscriberCount: '0' },
    });

    expect(channel.subscriberCount).toBeNull();
    expect(unreadable).toEqual([]);
  });

  test.each([
    ['@name', '@name'],
    ['name', '@name'],
    ['@@name', '@name'],
    [' @name ', '@name'],
    ['@日本', '@日本'],
    ['@', null],
    ['', null],
  ])('with the custom URL %j has the handle %j', (customUrl, handle) => {
    expect(channelOf({ id: CHANNEL, snippet: { customUrl } }).channel.handle).toBe(handle);
  });

  test.each([undefined, null, '', 'a/b', 'a\0b', '../x', 'é'])('with the id %j is no usable answer', (id) => {
    expect(codeOf(() => channelOf(id === undefined ? {} : { id }))).toBe('youtube_answer_invalid');
  });
});

describe('a video', () => {
  test('that tells everything', () => {
    const { video: normal, unreadable } = videoOf({
      id: 'f1iK4CnusP4',
      snippet: {
        title: '=SUM(A1)',
        description: '',
        channelId: CHANNEL,
        publishedAt: '2025-08-08T21:30:00+09:00',
        liveBroadcastContent: 'none',
        thumbnails: { medium: { url: 'medium', width: 320 }, maxres: { url: 'maxres', width: 1280 } },
      },
      contentDetails: { duration: 'P1DT2H3M4S' },
      statistics: { viewCount: '100', likeCount: '0', commentCount: '9007199254740991' },
      liveStreamingDetails: { actualStartTime: '2025-08-08T12:00:17Z', scheduledStartTime: '2025-08-08T12:00:00Z' },
    });

    expect(normal).toEqual({
      id: 'f1iK4CnusP4',
      channelId: CHANNEL,
      title: '=SUM(A1)',
      description: '',
      url: 'https://www.youtube.com/watch?v=f1iK4CnusP4',
      thumbnailUrl: 'maxres',
      durationSeconds: 93_784,
      publishedAt: '2025-08-08T12:30:00Z',
      broadcast: true,
      startedAt: '2025-08-08T12:00:17Z',
      viewCount: 100,
      likeCount: 0,
      commentCount: Number.MAX_SAFE_INTEGER,
    });
    expect(unreadable).toEqual([]);
  });

  test.each<VideoResource>([
    {},
    { contentDetails: null, statistics: null, liveStreamingDetails: null },
    { contentDetails: {}, statistics: {}, status: null },
    { contentDetails: { duration: null }, statistics: { viewCount: null, likeCount: null, commentCount: null } },
  ])('that tells nothing has null in every place but its title, and no 0', (told) => {
    const { video: normal, unreadable } = videoOf(video(told));

    expect(normal).toEqual({
      id: 'video000001',
      channelId: CHANNEL,
      title: '',
      description: null,
      url: 'https://www.youtube.com/watch?v=video000001',
      thumbnailUrl: null,
      durationSeconds: null,
      publishedAt: null,
      broadcast: false,
      startedAt: null,
      viewCount: null,
      likeCount: null,
      commentCount: null,
    });
    expect(unreadable).toEqual([]);
  });

  test.each([
    ['upcoming', { scheduledStartTime: '2025-11-24T03:00:00Z' }, '2025-11-24T03:00:00Z'],
    ['live', { actualStartTime: '2025-11-24T03:00:05Z', scheduledStartTime: 'x' }, '2025-11-24T03:00:05Z'],
    ['without a start', {}, null],
  ])('that is %s is a broadcast', (_what, liveStreamingDetails, startedAt) => {
    const { video: normal } = videoOf(video({ liveStreamingDetails, contentDetails: { duration: 'P0D' } }));

    expect(normal).toMatchObject({ broadcast: true, startedAt, durationSeconds: null });
  });

  test.each(['', '-1', '1.5', '1e3', ' 1', 'many', '9007199254740992', '9'.repeat(400), '١'])(
    'with the count %j has none',
    (viewCount) => {
      const { video: normal, unreadable } = videoOf(video({ statistics: { viewCount } }));

      expect(normal.viewCount).toBeNull();
      expect(unreadable).toEqual(viewCount === '' ? [] : ['viewCount']);
    },
  );

  test('has every count that a double holds', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (count) => {
        expect(videoOf(video({ statistics: { likeCount: String(count) } })).video.likeCount).toBe(count);
      }),
    );
  });

  test('names what could not be read', () => {
    const { video: normal, unreadable } = videoOf(
      video({
        snippet: { publishedAt: 'yesterday' },
        contentDetails: { duration: 'long' },
        liveStreamingDetails: { actualStartTime: '2025-13-01T00:00:00Z', scheduledStartTime: '2025-02-30T00:00:00Z' },
      }),
    );

    expect(normal).toMatchObject({ publishedAt: null, durationSeconds: null, startedAt: null });
    expect([...unreadable].sort()).toEqual(['durationSeconds', 'publishedAt', 'startedAt']);
  });

  test.each([
    ['2025-08-08T12:00:17.000Z', '2025-08-08T12:00:17Z'],
    ['2025-08-08T12:00:17.250Z', '2025-08-08T12:00:17.25Z'],
    ['2025-08-08T12:00:17.123456789Z', '2025-08-08T12:00:17.123456Z'],
    ['2025-01-01T00:00:00+09:00', '2024-12-31T15:00:00Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
    ['0000-12-31T23:59:59Z', null],
    ['9999-12-31T23:59:59-01:00', null],
    ['+012025-01-01T00:00:00Z', null],
    ['2025-08-08T12:00:17', null],
    ['2025-08-08', null],
    ['1754654417', null],
  ])('published at %s has %s', (publishedAt, expected) => {
    expect(videoOf(video({ snippet: { publishedAt } })).video.publishedAt).toBe(expected);
  });

  test('has any instant in UTC', () => {
    const range = { min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
        const wallClock = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const zone = `${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;

        const { publishedAt } = videoOf(video({ snippet: { publishedAt: `${wallClock}${zone}` } })).video;

        expect(publishedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
        expect(Date.parse(publishedAt ?? '')).toBe(date.getTime());
      }),
    );
  });

  test.each([
    ['the widest', { default: { url: 'a', width: 120 }, high: { url: 'b', width: 480 } }, 'b'],
    ['the best known size where none says its width', { default: { url: 'a' }, standard: { url: 'b' } }, 'b'],
    [
      'the best known size among the equally wide',
      { default: { url: 'a', width: 9 }, high: { url: 'b', width: 9 } },
      'b',
    ],
    ['a new size, where it is wider', { maxres: { url: 'a', width: 1280 }, ultra: { url: 'b', width: 3840 } }, 'b'],
    [
      'one with a URL',
      { maxres: { url: null, width: 1280 }, high: { url: '' }, medium: null, default: { url: 'b' } },
      'b',
    ],
    ['none where none has a URL', { maxres: {}, high: null }, null],
  ])('shows of its thumbnails %s', (_which, thumbnails, expected) => {
    expect(videoOf(video({ snippet: { thumbnails } })).video.thumbnailUrl).toBe(expected);
  });

  test('counts what no database holds in any of its texts', () => {
    const { video: normal, replacedCharacters } = videoOf(
      video({ snippet: { title: 'a\0', description: '\uD83D\0', thumbnails: { high: { url: 'x\uDE00' } } } }),
    );

    expect(normal).toMatchObject({ title: 'a\uFFFD', description: '\uFFFD\uFFFD', thumbnailUrl: 'x\uFFFD' });
    expect(replacedCharacters).toBe(4);
  });

  test.each<[string, VideoResource]>([
    ['without an id', { snippet: { channelId: CHANNEL } }],
    ['with an empty id', { id: '', snippet: { channelId: CHANNEL } }],
    ['with another one’s query in its id', { id: 'a&b=c', snippet: { channelId: CHANNEL } }],
    ['without its channel', { id: 'video000001', snippet: {} }],
    ['without a snippet', { id: 'video000001' }],
  ])('%s is no usable answer', (_what, resource) => {
    expect(codeOf(() => videoOf(resource))).toBe('youtube_answer_invalid');
  });

  test('is the same whenever it is read again', () => {
    const text = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
    fc.assert(
      fc.property(text, text, text, text, (title, duration, publishedAt, viewCount) => {
        const resource = video({
          snippet: { title: title ?? null, publishedAt: publishedAt ?? null },
          contentDetails: { duration: duration ?? null },
          statistics: { viewCount: viewCount ?? null },
        });

        expect(videoOf(resource)).toEqual(videoOf(JSON.parse(JSON.stringify(resource)) as VideoResource));
      }),
    );
  });
});

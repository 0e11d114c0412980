import { once } from 'node:events';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import type { FailureKind, YoutubeErrorCode } from '../../../shared/errors';
import { YoutubeError } from '../../../shared/errors';
import { createYoutubeApi } from '../../../shared/google/youtube-data-api';
import { errorDimensions } from '../../../shared/logging/error-dimensions';
import { createLog, type LogRecord } from '../../../shared/logging/log';
import type { YoutubeApi } from '../../../shared/ports/youtube-api';
import { Secret } from '../../../shared/secret';
import { selfSignedCertificate } from '../../support/self-signed-certificate';
import { apiError, json, masked, startYoutubeTestServer, type YoutubeTestServer } from './youtube-test-server';

const KEY = 'AIzaSyNotARealKey-0123456789_abcdefghij';
/** Short for a test that waits for it, long for a busy machine that answers. */
const TIMEOUT_MS = 1500;
const DEFAULT_MASK = 'kind,etag,pageInfo/totalResults';

const THUMBNAIL = { url: 'https://i.ytimg.com/vi/x/default.jpg', width: 120, height: 90 };
const THUMBNAILS = { default: THUMBNAIL, medium: THUMBNAIL, high: THUMBNAIL, standard: THUMBNAIL, maxres: THUMBNAIL };
const KEPT_THUMBNAIL = { url: THUMBNAIL.url, width: 120 };
const KEPT_THUMBNAILS = Object.fromEntries(Object.keys(THUMBNAILS).map((size) => [size, KEPT_THUMBNAIL]));

/** As the API has it without a mask. */
const CHANNEL = {
  kind: 'youtube#channel',
  etag: 'channel-etag',
  id: 'UCnamed',
  snippet: {
    title: 'Shirogane',
    description: 'Songs',
    customUrl: '@shirogane',
    publishedAt: '2020-01-01T00:00:00Z',
    thumbnails: THUMBNAILS,
    localized: { title: 'Shirogane', description: 'Songs' },
    country: 'JP',
  },
  contentDetails: { relatedPlaylists: { likes: '', uploads: 'UUnamed' } },
  statistics: { viewCount: '9', subscriberCount: '12', hiddenSubscriberCount: false, videoCount: '3' },
};

const VIDEO = {
  kind: 'youtube#video',
  etag: 'video-etag',
  id: 'video-00001',
  snippet: {
    publishedAt: '2025-08-08T12:00:17Z',
    channelId: 'UCnamed',
    title: 'A song',
    description: 'Sung',
    thumbnails: THUMBNAILS,
    channelTitle: 'Shirogane',
    tags: ['song'],
    categoryId: '10',
    liveBroadcastContent: 'none',
    localized: { title: 'A song', description: 'Sung' },
  },
  contentDetails: { duration: 'PT1H2M3S', dimension: '2d', definition: 'hd', caption: 'false' },
  status: { uploadStatus: 'processed', privacyStatus: 'public', license: 'youtube', embeddable: true },
  statistics: { viewCount: '100', likeCount: '10', favoriteCount: '0', commentCount: '1' },
  liveStreamingDetails: {
    actualStartTime: '2025-08-08T10:00:00Z',
    actualEndTime: '2025-08-08T11:00:00Z',
    scheduledStartTime: '2025-08-08T09:59:00Z',
  },
};

const channels = (items: unknown[] | undefined, more: object = {}) => ({
  kind: 'youtube#channelListResponse',
  etag: 'list-etag',
  pageInfo: { totalResults: items?.length ?? 0, resultsPerPage: 5 },
  ...(items === undefined ? {} : { items }),
  ...more,
});

const uploads = (videoIds: readonly string[], more: object = {}) => ({
  kind: 'youtube#playlistItemListResponse',
  etag: 'list-etag',
  items: videoIds.map((videoId) => ({ kind: 'youtube#playlistItem', id: 'UEx', contentDetails: { videoId } })),
  pageInfo: { totalResults: 1308, resultsPerPage: 50 },
  ...more,
});

const videos = (items: unknown[]) => ({
  kind: 'youtube#videoListResponse',
  etag: 'list-etag',
  pageInfo: { totalResults: items.length, resultsPerPage: items.length },
  items,
});

describe('the YouTube Data API', () => {
  let server: YoutubeTestServer;
  let api: YoutubeApi;

  beforeAll(async () => {
    server = await startYoutubeTestServer();
  });

  afterAll(() => server.stop());

  beforeEach(() => {
    server.requests.length = 0;
    api = createYoutubeApi({ apiKey: new Secret(KEY), rootUrl: server.rootUrl, timeoutMs: TIMEOUT_MS });
  });

  /** The only request that was made. */
  const request = () => {
    expect(server.requests).toHaveLength(1);
    const [only] = server.requests;
    if (only === undefined) throw new Error('No request was made.');
    return only;
  };

  describe('requests', () => {
    test('a channel is asked for by its id, with a mask', async () => {
      server.answer(json(channels([CHANNEL])));

      await api.channel({ id: 'UCnamed' });

      const { path, query } = request();
      expect(path).toBe('/youtube/v3/channels');
      expect(query).toEqual({
        id: 'UCnamed',
        part: 'snippet,contentDetails,statistics',
        fields: expect.stringContaining(`${DEFAULT_MASK},items(id,`),
      });
    });

    test.each(['@shirogane', 'shirogane', '@白銀ノエル', 'a&b=c #d/é'])(
      'a channel is asked for by its handle %s',
      async (handle) => {
        server.answer(json(channels([CHANNEL])));

        await api.channel({ handle });

        expect(request().query).toMatchObject({ forHandle: `@${handle.replace('@', '')}` });
        expect(request().query).not.toHaveProperty('id');
      },
    );

    test('a page of uploads is asked for by fifties', async () => {
      server.answer(json(uploads([])));

      await api.uploadsPage('UUnamed', 'CAUQAA');

      const { path, query } = request();
      expect(path).toBe('/youtube/v3/playlistItems');
      expect(query).toEqual({
        playlistId: 'UUnamed',
        pageToken: 'CAUQAA',
        part: 'contentDetails',
        maxResults: '50',
        fields: `${DEFAULT_MASK},nextPageToken,items/contentDetails/videoId`,
      });
    });

    test('fifty videos are one request', async () => {
      const ids = Array.from({ length: 50 }, (_, i) => `video-${String(i).padStart(5, '0')}`);
      server.answer(json(videos(ids.map((id) => ({ ...VIDEO, id })))));

      const found = await api.videos(ids);

      const { path, query } = request();
      expect(path).toBe('/youtube/v3/videos');
      expect(query).toEqual({
        id: ids.join(','),
        part: 'snippet,contentDetails,status,statistics,liveStreamingDetails',
        fields: expect.stringContaining(`${DEFAULT_MASK},items(id,`),
      });
      expect(found.map(({ id }) => id)).toEqual(ids);
    });

    test.each([0, 51])('%d videos are refused before anything is sent', async (count) => {
      const error = await failure(api.videos(Array.from({ length: count }, () => 'video-00001')));

      expect(error).toMatchObject({ code: 'youtube_request_invalid', kind: 'permanent' });
      expect(server.requests).toHaveLength(0);
    });

    test('the key is sent in its header and stands in no address', async () => {
      server.answer(json(channels([CHANNEL])));

      await api.channel({ id: 'UCnamed' });

      expect(request().headers['x-goog-api-key']).toBe(KEY);
      expect(request().url).not.toContain(KEY);
      expect(request().query).not.toHaveProperty('key');
    });

    test('the line end after a key is not sent', async () => {
      const ended = createYoutubeApi({ apiKey: new Secret(` ${KEY}\r\n`), rootUrl: server.rootUrl });
      server.answer(json(channels([CHANNEL])));

      await ended.channel({ id: 'UCnamed' });

      expect(request().headers['x-goog-api-key']).toBe(KEY);
    });

    test('an address may have a path', async () => {
      const proxied = createYoutubeApi({ apiKey: new Secret(KEY), rootUrl: `${server.rootUrl}/google/` });
      server.answer(json(channels([CHANNEL])));

      await proxied.channel({ id: 'UCnamed' });

      expect(request().path).toBe('/google/youtube/v3/channels');
      expect(proxied.name).toBe(`${server.rootUrl}/google`);
    });

    test('requests one after the other share a connection', async () => {
      server.answer(json(channels([CHANNEL])));
      await api.channel({ id: 'UCnamed' });
      const before = server.connections();

      for (let i = 0; i < 5; i++) await api.channel({ id: 'UCnamed' });

      expect(server.connections()).toBe(before);
    });
  });

  describe('answers', () => {
    test('a channel has what the port names and nothing else, whether its mask is heeded or not', async () => {
      const expected = {
        id: 'UCnamed',
        snippet: { title: 'Shirogane', description: 'Songs', customUrl: '@shirogane', thumbnails: KEPT_THUMBNAILS },
        contentDetails: { relatedPlaylists: { uploads: 'UUnamed' } },
        statistics: { subscriberCount: '12', hiddenSubscriberCount: false, videoCount: '3' },
      };

      const [whole, cut] = await wholeAndMasked(channels([CHANNEL]), () => api.channel({ id: 'UCnamed' }));

      expect(cut).toEqual({ unchanged: false, value: expected, etag: 'list-etag' });
      expect(without(whole, 'height')).toEqual(cut);
    });

    test('so has a video', async () => {
      const expected = {
        id: 'video-00001',
        snippet: {
          title: 'A song',
          description: 'Sung',
          channelId: 'UCnamed',
          publishedAt: '2025-08-08T12:00:17Z',
          liveBroadcastContent: 'none',
          thumbnails: KEPT_THUMBNAILS,
        },
        contentDetails: { duration: 'PT1H2M3S' },
        status: { uploadStatus: 'processed', privacyStatus: 'public' },
        statistics: { viewCount: '100', likeCount: '10', commentCount: '1' },
        liveStreamingDetails: { actualStartTime: '2025-08-08T10:00:00Z', scheduledStartTime: '2025-08-08T09:59:00Z' },
      };

      const [whole, cut] = await wholeAndMasked(videos([VIDEO]), () => api.videos(['video-00001']));

      expect(cut).toEqual([expected]);
      expect(without(whole, 'height')).toEqual(cut);
    });

    test('a page of uploads has its ids in order, the token of the next one and the total', async () => {
      const [whole, cut] = await wholeAndMasked(uploads(['b', 'a'], { nextPageToken: 'CDIQAA' }), () =>
        api.uploadsPage('UUnamed'),
      );

      expect(cut).toEqual({
        unchanged: false,
        value: { videoIds: ['b', 'a'], next: 'CDIQAA', total: 1308 },
        etag: 'list-etag',
      });
      expect(whole).toEqual(cut);
    });

    test('the last page has no token', async () => {
      server.answer(json(uploads(['a'])));

      const page = await api.uploadsPage('UUnamed', 'CDIQAA');

      expect(page).toEqual({ unchanged: false, value: { videoIds: ['a'], total: 1308 }, etag: 'list-etag' });
    });

    test('an empty list of uploads is one, also where it has no items at all', async () => {
      const { items: _, ...none } = uploads([], { pageInfo: { totalResults: 0 } });
      server.answer(json(none));

      expect(await api.uploadsPage('UUnamed')).toMatchObject({ value: { videoIds: [], total: 0 } });
    });

    test('videos of which none is there are an empty list', async () => {
      server.answer(json(videos([])));

      expect(await api.videos(['gone-000001'])).toEqual([]);
    });

    test('the etag of the header goes before that of the body', async () => {
      server.answer(json(channels([CHANNEL]), 200, { etag: '"in-header"' }));

      expect(await api.channel({ id: 'UCnamed' })).toMatchObject({ etag: '"in-header"' });
    });

    test.each([
      ['a channel', () => api.channel({ id: 'UCnamed' }, '"seen"')],
      ['a page of uploads', () => api.uploadsPage('UUnamed', 'CDIQAA', '"seen"')],
    ])('%s that has not changed says so', async (_, ask) => {
      server.answer((_request, response) => response.writeHead(304).end());

      const answer = await ask();

      expect(answer).toEqual({ unchanged: true });
      expect(request().headers['if-none-match']).toBe('"seen"');
    });

    test('no etag is sent where none is given', async () => {
      server.answer(json(uploads([])));

      await api.uploadsPage('UUnamed');

      expect(request().headers).not.toHaveProperty('if-none-match');
    });

    /** The results for the whole answer, and for what is left of it under the mask that was sent. */
    async function wholeAndMasked(body: unknown, ask: () => Promise<unknown>): Promise<[unknown, unknown]> {
      server.answer(json(body));
      const whole = await ask();
      server.answer((seen, response, socket) => {
        const cut = masked(body, seen.query.fields ?? '');
        json(cut)(seen, response, socket);
      });
      return [whole, await ask()];
    }
  });

  describe('failures', () => {
    const API_ERRORS: readonly (readonly [string, number, unknown, YoutubeErrorCode, FailureKind])[] = [
      ['a spent quota', 403, apiError(403, 'quotaExceeded'), 'youtube_quota_exceeded', 'quota'],
      ['a daily limit', 403, apiError(403, 'dailyLimitExceeded'), 'youtube_quota_exceeded', 'quota'],
      [
        'a daily limit of the gateway',
        429,
        apiError(
          429,
          'rateLimitExceeded',
          'RATE_LIMIT_EXCEEDED',
          "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service 'youtube.googleapis.com'.",
        ),
        'youtube_quota_exceeded',
        'quota',
      ],
      ['too many requests', 403, apiError(403, 'rateLimitExceeded'), 'youtube_rate_limited', 'transient'],
      ['too many of one user', 403, apiError(403, 'userRateLimitExceeded'), 'youtube_rate_limited', 'transient'],
      ['a bare 429', 429, {}, 'youtube_rate_limited', 'transient'],
      ['a wrong key, as it was told', 400, apiError(400, 'keyInvalid'), 'youtube_key_invalid', 'configuration'],
      ['a wrong key', 400, apiError(400, 'badRequest', 'API_KEY_INVALID'), 'youtube_key_invalid', 'configuration'],
      [
        'an API that is not enabled',
        403,
        apiError(403, 'accessNotConfigured', 'SERVICE_DISABLED'),
        'youtube_access_not_configured',
        'configuration',
      ],
      [
        'a key that is for other addresses',
        403,
        apiError(403, 'forbidden', 'API_KEY_IP_ADDRESS_BLOCKED'),
        'youtube_access_denied',
        'configuration',
      ],
      ['a private list', 403, apiError(403, 'playlistItemsNotAccessible'), 'youtube_access_denied', 'configuration'],
      ['a request without a key', 401, apiError(401, 'required'), 'youtube_access_denied', 'configuration'],
      ['a bad parameter', 400, apiError(400, 'invalidFilters'), 'youtube_request_invalid', 'permanent'],
      ['a failure of the API', 500, apiError(500, 'backendError'), 'youtube_unavailable', 'transient'],
      ['an outage', 503, apiError(503, 'backendError'), 'youtube_unavailable', 'transient'],
    ];

    test.each(API_ERRORS)('%s', async (_, status, body, code, kind) => {
      server.answer(json(body, status));
      const asked = [
        [() => api.channel({ handle: '@shirogane' }), '@shirogane'],
        [() => api.uploadsPage('UUnamed'), 'UUnamed'],
        [() => api.videos(['video-00001', 'video-00002']), 'video-00001'],
      ] as const;

      for (const [ask, named] of asked) {
        server.requests.length = 0;
        const error = await failure(ask());

        expect(error).toMatchObject({ code, kind });
        expect(error.message).toContain(named);
        expect(error.message).toContain(server.rootUrl);
        expect(error.message).toContain(String(status));
        expect(server.requests).toHaveLength(1);
      }
    });

    test.each([
      ['a list without items', channels(undefined)],
      ['an empty list', channels([])],
    ])('an unknown channel is answered with %s', async (_, body) => {
      server.answer(json(body));

      const error = await failure(api.channel({ handle: '@nobody' }));

      expect(error).toMatchObject({ code: 'youtube_channel_not_found', kind: 'configuration' });
      expect(error.message).toContain('@nobody');
      expect(error.message).toContain('YOUTUBE_CHANNEL_IDS');
    });

    test('or with 404', async () => {
      server.answer(json(apiError(404, 'channelNotFound'), 404));

      expect(await failure(api.channel({ id: 'UCgone' }))).toMatchObject({ code: 'youtube_channel_not_found' });
    });

    test('an unknown playlist', async () => {
      server.answer(json(apiError(404, 'playlistNotFound'), 404));

      const error = await failure(api.uploadsPage('UUgone'));

      expect(error).toMatchObject({ code: 'youtube_playlist_not_found', kind: 'permanent' });
      expect(error.message).toContain('UUgone');
    });

    test('a page token that is no longer good', async () => {
      server.answer(json(apiError(400, 'invalidPageToken'), 400));

      expect(await failure(api.uploadsPage('UUnamed', 'old'))).toMatchObject({
        code: 'youtube_page_token_invalid',
        kind: 'permanent',
      });
    });

    test.each([
      [503, { 'retry-after': '7' }, 7000],
      [429, { date: 'Tue, 12 Aug 2025 17:00:00 GMT', 'retry-after': 'Tue, 12 Aug 2025 17:00:11 GMT' }, 11_000],
      [503, {}, undefined],
    ] as const)('%d with %j is not to be tried again before that', async (status, headers, expected) => {
      server.answer(json({}, status, headers));

      const error = await failure(api.videos(['video-00001']));

      expect(error.kind).toBe('transient');
      expect(error.retryAfterMs).toBe(expected);
    });

    test.each<[string, YoutubeErrorCode, FailureKind, Parameters<YoutubeTestServer['answer']>[0]]>([
      [
        'the page of a proxy',
        'youtube_answer_invalid',
        'permanent',
        (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
      ],
      ['nothing', 'youtube_answer_invalid', 'permanent', (_, response) => response.writeHead(200).end()],
      ['204', 'youtube_answer_invalid', 'permanent', (_, response) => response.writeHead(204).end()],
      ['half of the JSON', 'youtube_answer_invalid', 'permanent', (_, response) => response.end('{"kind":"youtube#ch')],
      ['other JSON', 'youtube_answer_invalid', 'permanent', json({ items: [CHANNEL] })],
      ['a list', 'youtube_answer_invalid', 'permanent', json([])],
      ['null', 'youtube_answer_invalid', 'permanent', json(null)],
      [
        'no items where there are some',
        'youtube_answer_invalid',
        'permanent',
        json(channels(undefined, { pageInfo: { totalResults: 1 } })),
      ],
      ['an item that is none', 'youtube_answer_invalid', 'permanent', json(channels([7]))],
      ['a title that is none', 'youtube_answer_invalid', 'permanent', json(channels([{ snippet: { title: 7 } }]))],
      [
        '304 where nothing was known',
        'youtube_request_invalid',
        'configuration',
        (_, response) => response.writeHead(304).end(),
      ],
      [
        'a redirect, which would take the key along',
        'youtube_request_invalid',
        'configuration',
        (seen, response) => response.writeHead(302, { location: `http://${seen.headers.host}/elsewhere` }).end(),
      ],
      [
        'a 404 that is not of the API',
        'youtube_request_invalid',
        'configuration',
        (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>no such page</html>'),
      ],
      [
        'the 502 of a gateway',
        'youtube_unavailable',
        'transient',
        (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>'),
      ],
      [
        'a connection that ends before the answer',
        'youtube_connection_lost',
        'transient',
        (_, __, socket) => socket.destroy(),
      ],
      [
        'a connection that is reset',
        'youtube_connection_lost',
        'transient',
        (_, __, socket) => socket.resetAndDestroy(),
      ],
      [
        'a connection that ends within the answer',
        'youtube_connection_lost',
        'transient',
        (_, response, socket) => {
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
          response.write('{"kind":', () => socket.destroy());
        },
      ],
      [
        'an answer that is no HTTP',
        'youtube_connection_lost',
        'transient',
        (_, __, socket) => socket.end('220 mail.example ESMTP\r\n\r\n'),
      ],
      ['no answer in time', 'youtube_timeout', 'transient', () => undefined],
      [
        'half an answer in time',
        'youtube_timeout',
        'transient',
        (_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write('{"kind":');
        },
      ],
    ])('%s is %s, %s, and shows nothing of the key', async (_, code, kind, answer) => {
      server.answer(answer);

      const error = await failure(api.channel({ id: 'UCnamed' }));

      expect(error).toMatchObject({ code, kind });
      expect(error.message).toContain('Reading the channel UCnamed');
      expect(server.requests).toHaveLength(1);
      expectNoKey(error);
    });

    test('nobody who listens is a lost connection', async () => {
      const port = await freePort();
      const nobody = createYoutubeApi({ apiKey: new Secret(KEY), rootUrl: `http://127.0.0.1:${port}` });

      const error = await failure(nobody.channel({ id: 'UCnamed' }));

      expect(error).toMatchObject({ code: 'youtube_connection_lost', kind: 'transient' });
      expect(error.message).toContain('ECONNREFUSED');
      expectNoKey(error);
    });

    test('a certificate that is not trusted is a configuration', async () => {
      const secure = await startYoutubeTestServer(selfSignedCertificate());
      const distrusting = createYoutubeApi({ apiKey: new Secret(KEY), rootUrl: secure.rootUrl });

      const error = await failure(distrusting.channel({ id: 'UCnamed' }));
      await secure.stop();

      expect(error).toMatchObject({ code: 'youtube_connection_lost', kind: 'configuration' });
      expect(secure.requests).toHaveLength(0);
      expectNoKey(error);
    });

    test('TLS where there is none is a configuration', async () => {
      const rootUrl = server.rootUrl.replace('http:', 'https:');
      const mistaken = createYoutubeApi({ apiKey: new Secret(KEY), rootUrl });

      const error = await failure(mistaken.channel({ id: 'UCnamed' }));

      expect(error).toMatchObject({ code: 'youtube_connection_lost', kind: 'configuration' });
      expectNoKey(error);
    });

    test('an API or proxy that repeats the key is not repeated', async () => {
      const echoes = [
        json(apiError(400, 'badRequest', 'API_KEY_INVALID', `API key ${KEY} is not valid`), 400),
        json(apiError(403, KEY, KEY, `https://x/?key=${encodeURIComponent(KEY)}`), 403),
        json({ [KEY]: KEY, kind: KEY, items: [{ id: 7, [KEY]: KEY }] }),
        json(channels([{ snippet: { thumbnails: { [KEY]: 7 } } }])),
      ];

      for (const echo of echoes) {
        server.answer(echo);
        expectNoKey(await failure(api.channel({ id: 'UCnamed' })));
      }
    });
  });
});

describe('an API that cannot be opened', () => {
  test.each(['', '  \n', 'two words', 'line\nend', 'キー'])('the key %j is refused, unseen', (key) => {
    const open = () => createYoutubeApi({ apiKey: new Secret(key) });

    expect(open).toThrow(YoutubeError);
    expect(open).toThrow(expect.objectContaining({ code: 'youtube_key_invalid', kind: 'configuration' }));
    if (key.trim() !== '') expect(open).not.toThrow(key);
  });

  test.each(['youtube', 'ftp://youtube.googleapis.com', 'https://me:pass-word@proxy', 'https://proxy/?key=pass-word'])(
    'the address %s is refused',
    (rootUrl) => {
      const open = () => createYoutubeApi({ apiKey: new Secret(KEY), rootUrl });

      expect(open).toThrow(expect.objectContaining({ code: 'youtube_request_invalid', kind: 'configuration' }));
      expect(open).not.toThrow('pass-word');
    },
  );

  test("without an address it is Google's", () => {
    expect(createYoutubeApi({ apiKey: new Secret(KEY) }).name).toBe('https://youtube.googleapis.com');
  });
});

async function failure(call: Promise<unknown>): Promise<YoutubeError> {
  const [result] = await Promise.allSettled([call]);
  if (result.status === 'fulfilled') throw new Error(`Expected a failure, got ${inspect(result.value)}`);
  expect(result.reason).toBeInstanceOf(YoutubeError);
  return result.reason as YoutubeError;
}

/** Looks for the key in every way in which an error is shown, in a log that does not know the key too. */
function expectNoKey(error: Error): void {
  const lines: LogRecord[] = [];
  createLog({ level: 'debug', write: (line) => lines.push(line) }).error(error.message, errorDimensions(error));
  const shown = [
    error.message,
    error.stack,
    JSON.stringify(error),
    inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
    inspect(lines, { depth: Number.POSITIVE_INFINITY }),
  ].join('\n');
  for (const form of [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64')]) {
    expect(shown).not.toContain(form);
  }
}

/** A copy of plain data without the properties of that name. */
function without(value: unknown, name: string): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === name ? undefined : item)));
}

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  holder.close();
  await once(holder, 'close');
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  return address.port;
}

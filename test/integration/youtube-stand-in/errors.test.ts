import { Catalogue } from '../../../local/youtube/catalogue';
import { newChannel } from '../../../local/youtube/model';
import { numberedCatalogue } from '../../support/youtube-catalogues';
import { get, KEY, type Parameters, standIn, stopAll } from './world';

const { catalogue, channelId } = numberedCatalogue(60);
const playlistId = `UU${channelId.slice(2)}`;

const refusals: [
  what: string,
  method: string,
  parameters: Parameters,
  status: number,
  reason: string,
  place: string | null,
][] = [
  ['no key', 'videos', { part: 'id', id: 'x', key: '' }, 403, 'forbidden', null],
  ['a wrong key', 'videos', { part: 'id', id: 'x', key: 'wrong' }, 400, 'badRequest', null],
  ['no part', 'videos', { id: 'x' }, 400, 'required', 'part'],
  ['a part that there is not', 'videos', { part: 'snippet,statistic', id: 'x' }, 400, 'unknownPart', 'part'],
  ['no ids', 'videos', { part: 'id' }, 400, 'missingRequiredParameter', 'parameters.'],
  [
    '51 ids',
    'videos',
    { part: 'id', id: Array.from({ length: 51 }, (_, n) => `v${n}`).join() },
    400,
    'invalidFilters',
    'parameters.',
  ],
  [
    'two filters',
    'channels',
    { part: 'id', id: channelId, forHandle: 'x' },
    400,
    'incompatibleParameters',
    'parameters.',
  ],
  ['no filter', 'channels', { part: 'id' }, 400, 'missingRequiredParameter', 'parameters.'],
  ['no playlist', 'playlistItems', { part: 'id' }, 400, 'missingRequiredParameter', 'parameters.'],
  [
    'a playlist that there is not',
    'playlistItems',
    { part: 'id', playlistId: 'UUnobody' },
    404,
    'playlistNotFound',
    'playlistId',
  ],
  [
    'a token that is none',
    'playlistItems',
    { part: 'id', playlistId, pageToken: 'next' },
    400,
    'invalidPageToken',
    'pageToken',
  ],
  ['51 results', 'playlistItems', { part: 'id', playlistId, maxResults: '51' }, 400, 'invalidParameter', 'maxResults'],
  ['-1 results', 'playlistItems', { part: 'id', playlistId, maxResults: '-1' }, 400, 'invalidParameter', 'maxResults'],
  [
    'a field that there is not',
    'videos',
    { part: 'id', id: 'x', fields: 'items(titel)' },
    400,
    'invalidParameter',
    'fields',
  ],
  [
    'a mask that cannot be read',
    'videos',
    { part: 'id', id: 'x', fields: 'items(id' },
    400,
    'invalidParameter',
    'fields',
  ],
  ['a parameter that there is not', 'videos', { part: 'id', id: 'x', ids: 'y' }, 400, 'badRequest', null],
];

describe('errors of the stand-in YouTube API', () => {
  afterEach(stopAll);

  it.each(refusals)('are in the envelope of Google: %s', async (_what, method, parameters, status, reason, place) => {
    const api = await standIn(catalogue);

    const answer = await get(api, method, parameters);

    const message = expect.stringMatching(/./);
    const located =
      place === null ? {} : { location: place, locationType: expect.stringMatching(/^(parameter|other)$/) };
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      error: expect.objectContaining({
        code: status,
        message,
        errors: [{ message, domain: expect.stringMatching(/^(global|youtube\.\w+)$/), reason, ...located }],
      }),
    });
  });

  it('name the reason of a wrong key in their details', async () => {
    const api = await standIn(catalogue);

    const { body } = await get(api, 'videos', { part: 'id', id: 'x', key: 'wrong' });

    expect(body.error).toMatchObject({
      message: 'API key not valid. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
      details: [{ reason: 'API_KEY_INVALID', domain: 'googleapis.com' }, {}],
    });
  });

  it('are none for a key in a header', async () => {
    const api = await standIn(catalogue);
    const parameters = { part: 'id', id: channelId, key: [] };

    const [good, wrong] = [
      await get(api, 'channels', parameters, { 'X-Goog-Api-Key': KEY }),
      await get(api, 'channels', parameters, { 'X-Goog-Api-Key': 'wrong' }),
    ];

    expect([good.status, wrong.status]).toEqual([200, 400]);
    expect(api.quota.calls.map(({ key, query }) => [key, query.has('key')])).toEqual([
      [KEY, false],
      ['wrong', false],
    ]);
  });

  it('come for the uploads of a channel without public videos, mostly', async () => {
    const channels = (['missing', 'empty'] as const).map((uploadsWhenEmpty) =>
      newChannel({ id: `UC${uploadsWhenEmpty}`, handle: null, uploadsWhenEmpty }),
    );
    const api = await standIn(new Catalogue({ channels, videos: [] }));

    const [missing, empty] = [
      await get(api, 'playlistItems', { part: 'id', playlistId: 'UUmissing' }),
      await get(api, 'playlistItems', { part: 'id', playlistId: 'UUempty' }),
    ];

    expect(missing).toMatchObject({ status: 404, body: { error: { errors: [{ reason: 'playlistNotFound' }] } } });
    expect(empty).toMatchObject({ status: 200, body: { items: [], pageInfo: { totalResults: 0 } } });
  });

  it('are pages of HTML where there is no method', async () => {
    const api = await standIn(catalogue);

    const answers = await Promise.all([
      fetch(`${api.url}youtube/v3/comments?key=${KEY}`),
      fetch(api.url),
      fetch(`${api.url}youtube/v3/videos?part=id&id=x&key=${KEY}`, { method: 'POST' }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(await answers[0]?.text()).toContain('<!DOCTYPE html>');
    expect(api.quota.calls).toEqual([]);
  });
});

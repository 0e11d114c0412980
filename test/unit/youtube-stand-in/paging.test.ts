import fc from 'fast-check';
import type { Catalogue } from '../../../local/youtube/catalogue';
import { answerOf } from '../../../local/youtube/endpoints';
import { uploadsPlaylistId } from '../../../local/youtube/model';
import { numberedCatalogue, numberedVideo } from '../../support/youtube-catalogues';

interface Page {
  readonly items: readonly {
    readonly snippet: { readonly position: number; readonly resourceId: { videoId: string } };
  }[];
  readonly pageInfo: { readonly totalResults: number; readonly resultsPerPage: number };
  readonly nextPageToken?: string;
  readonly prevPageToken?: string;
}

function page(catalogue: Catalogue, channelId: string, maxResults: number, token = ''): Page {
  const playlistId = uploadsPlaylistId(channelId);
  const query = new URLSearchParams({ part: 'snippet', playlistId, maxResults: String(maxResults), pageToken: token });
  return answerOf('playlistItems', query, catalogue) as Page;
}

/** All pages, with something done before each but the first. */
function read(catalogue: Catalogue, channelId: string, size: number, before: () => void = () => {}): Page[] {
  const pages = [page(catalogue, channelId, size)];
  for (let token = pages[0]?.nextPageToken; token !== undefined; token = pages.at(-1)?.nextPageToken) {
    before();
    pages.push(page(catalogue, channelId, size, token));
  }
  return pages;
}

const idsOf = (pages: readonly Page[]) =>
  pages.flatMap(({ items }) => items.map(({ snippet }) => snippet.resourceId.videoId));

describe('the pages of an uploads list', () => {
  it('hold every public video once, in order, at any size of page', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 1, max: 50 }), (count, size) => {
        const { catalogue, channelId } = numberedCatalogue(count);

        const pages = read(catalogue, channelId, size);

        expect(idsOf(pages)).toEqual(catalogue.uploads(channelId).map(({ id }) => id));
        expect(pages).toHaveLength(Math.ceil(count / size));
        expect(pages.flatMap(({ items }) => items.map(({ snippet }) => snippet.position))).toEqual(
          Array.from({ length: count }, (_, index) => index),
        );
        for (const { pageInfo } of pages) expect(pageInfo).toEqual({ totalResults: count, resultsPerPage: size });
      }),
    );
  });

  it('lead back by their previous tokens', () => {
    const { catalogue, channelId } = numberedCatalogue(120);
    const pages = read(catalogue, channelId, 50);

    const back = page(catalogue, channelId, 50, pages[2]?.prevPageToken);

    expect(idsOf([back])).toEqual(idsOf(pages.slice(1, 2)));
    expect(page(catalogue, channelId, 50, back.prevPageToken).prevPageToken).toBeUndefined();
  });

  it('shift when the list grows while it is read: a video comes twice', () => {
    const { catalogue, channelId } = numberedCatalogue(100);
    let number = 0;

    const ids = idsOf(read(catalogue, channelId, 50, () => catalogue.publish(numberedVideo(--number))));

    // Each page begins with the last video of the page before, and a third page becomes necessary.
    expect(ids).toHaveLength(102);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([numberedVideo(50).id, numberedVideo(99).id]);
  });

  it('shift the other way when a video vanishes: another one is never seen', () => {
    const { catalogue, channelId } = numberedCatalogue(100);

    const ids = idsOf(read(catalogue, channelId, 50, () => catalogue.delete(numberedVideo(3).id)));

    expect(ids).toHaveLength(99);
    expect(ids).not.toContain(numberedVideo(51).id);
  });

  it('end where the list has shrunk below a token', () => {
    const { catalogue, channelId } = numberedCatalogue(60);
    const { nextPageToken } = page(catalogue, channelId, 50);
    for (let number = 1; number <= 30; number++) catalogue.makePrivate(numberedVideo(number).id);

    const last = page(catalogue, channelId, 50, nextPageToken);

    expect(last.items).toEqual([]);
    expect(last.nextPageToken).toBeUndefined();
  });

  it('end at 20,000 items', () => {
    const { catalogue, channelId } = numberedCatalogue(20_020);

    const pages = read(catalogue, channelId, 50);

    expect(pages).toHaveLength(400);
    expect(idsOf(pages).at(-1)).toBe(numberedVideo(20_000).id);
    expect(pages[0]?.pageInfo.totalResults).toBe(20_000);
  });
});

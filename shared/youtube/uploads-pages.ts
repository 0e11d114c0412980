import { z } from 'zod';
import { YoutubeError } from '../errors';
import type { Conditional, YoutubeApi } from '../ports/youtube-api';
import type { ListedPage } from './fetch-progress';
import type { SyncContext } from './sync-context';
import { uploadsPagesKey } from './sync-paths';
import type { PageSource } from './uploads-list';
import { readJson, writeJson } from './work-json';

const storedPages = z.object({
  version: z.literal(1),
  pages: z.array(
    z.object({
      token: z.string().nullable(),
      etag: z.string().nullable(),
      ids: z.array(z.string()),
      next: z.string().nullable(),
    }),
  ),
});

/** A page of the last whole reading. */
export type StoredPage = z.infer<typeof storedPages>['pages'][number];

/** The pages of the last whole reading; none where there was none, or where what it left cannot be read. */
export async function readUploadsPages(
  { output, tenant }: SyncContext,
  channelId: string,
): Promise<readonly StoredPage[]> {
  const stored = await readJson(output, uploadsPagesKey(tenant, channelId), storedPages);
  return stored?.value?.pages ?? [];
}

export async function writeUploadsPages(
  { output, tenant }: SyncContext,
  channelId: string,
  pages: readonly ListedPage[],
): Promise<void> {
  const stored = pages.map(({ token, etag, ids, next }) => ({ token, etag, ids, next }));
  await writeJson(output, uploadsPagesKey(tenant, channelId), { version: 1, pages: stored });
}

export interface UploadsPlaylist {
  readonly playlistId: string;
  readonly stored: readonly StoredPage[];
  /** Whether a playlist that the API does not find is one without items. */
  readonly mayBeMissing: boolean;
}

/** Pages from the API, each asked for with the etag that it had. */
export function uploadsPageSource(api: YoutubeApi, { playlistId, stored, mayBeMissing }: UploadsPlaylist): PageSource {
  const storedByToken = new Map(stored.map((page) => [page.token, page]));
  return async (token) => {
    const before = storedByToken.get(token);
    try {
      const answer = await api.uploadsPage(playlistId, token ?? undefined, before?.etag ?? undefined);
      // How long the list was when the page was stored says nothing about how long it is now.
      if (answer.unchanged && before !== undefined) return { ...before, total: null };
      const { videoIds, next, total } = answered(answer);
      const etag = answer.unchanged ? null : (answer.etag ?? null);
      return { token, etag, ids: [...videoIds], next: next ?? null, total: total ?? null };
    } catch (error) {
      if (token === null && mayBeMissing && isPlaylistNotFound(error)) return EMPTY_PAGE;
      throw error;
    }
  };
}

const EMPTY_PAGE: ListedPage = { token: null, etag: null, ids: [], next: null, total: 0 };

/** The value of an answer that cannot be `unchanged`, as no etag was sent. */
export function answered<Value>(answer: Conditional<Value>): Value {
  if (!answer.unchanged) return answer.value;
  throw new YoutubeError('The API answered that nothing has changed, but was not told what there was before.', {
    code: 'youtube_answer_invalid',
    kind: 'permanent',
  });
}

function isPlaylistNotFound(error: unknown): boolean {
  return error instanceof YoutubeError && error.code === 'youtube_playlist_not_found';
}

import type { Condition } from '../../../local/youtube/switches';
import type { DatabaseSettings } from '../../support/services';
import { numberedCatalogue } from '../../support/youtube-catalogues';
import { YoutubeWorld, type YoutubeWorldOptions } from '../../support/youtube-world';
import { shown } from '../postgres/model';
import { SyncedModel } from './catalogue-model';

/** The channel of {@link numberedCatalogue}. */
export const CHANNEL = `UC${'n'.repeat(22)}`;

/** Of a channel with 120 videos: the channel, three pages of the list, three requests for details. */
export const VIDEOS = 120;
export const UNITS = 7;

export async function oneChannel(
  database: DatabaseSettings,
  options: Partial<YoutubeWorldOptions> & { readonly videos?: number } = {},
): Promise<YoutubeWorld> {
  const { videos = VIDEOS, ...more } = options;
  return await YoutubeWorld.open({ database, catalogue: numberedCatalogue(videos).catalogue, ...more });
}

/** Expects that the database shows the catalogue as it is now, and nothing that ever was another. */
export async function expectCatalogue(world: YoutubeWorld, tenant = world.tenant, channels = [CHANNEL]): Promise<void> {
  const model = new SyncedModel();
  model.sync(world.catalogue, channels, world.date);
  expect(await shown(world.database, tenant)).toEqual(model.shown());
}

/** Calls about a channel: for itself, for its uploads list, and, by their ids, for its videos. */
export function callsAbout(channelId: string, isIts: (videoId: string) => boolean = () => false): Condition {
  return ({ query }) =>
    query.get('id') === channelId ||
    query.get('playlistId') === `UU${channelId.slice(2)}` ||
    (query.get('id') ?? '').split(',').some(isIts);
}

import { addDays } from '../calendar';
import { YoutubeError } from '../errors';
import { errorDimensions } from '../logging/error-dimensions';
import type { ChannelName } from '../ports/youtube-api';
import type { Channel } from './catalogue';
import { channelNameText, sameHandle } from './channel-names';
import type { ChannelPaper, FetchedChannel } from './fetched-channel';
import { MeteredReading } from './metered-reading';
import { channelOf } from './normal-form';
import type { SyncContext } from './sync-context';
import { answered } from './uploads-pages';
import { askFor } from './video-details';
import { writeVideoLot } from './video-lots';
import { writeJson } from './work-json';
import { singleVideoFolder, singleVideosFolder } from './work-paths';
import { removeObjectsBelow } from './work-sweep';

/**
 * Reads one video, and the channel that it belongs to: 2 units at the most. One that the API does not have any more, but the database has, is
 * gone.
 *
 * @param channelNames the tenant's channels, of which the video's must be one
 * @throws YoutubeError `youtube_video_not_found` where neither has it, `youtube_video_of_other_channel`, and what requests throw;
 *   StorageError, MetadataError, DatabaseError, SecretError, SettingsError
 */
export async function fetchVideo(
  context: SyncContext,
  videoId: string,
  channelNames: readonly ChannelName[],
): Promise<FetchedChannel> {
  const { output, tenant, run, log } = context;
  const folder = singleVideoFolder(tenant, run, videoId);
  const result = await MeteredReading.run(context, `video ${videoId}`, async (metered) => {
    const api = await metered.api(2);
    const answer = await askFor(api, [videoId], log);
    const [video] = answer.videos;
    const channelId = video?.channelId ?? (await channelThatHad(context, videoId));
    const normal = channelOf(answered(await api.channel({ id: channelId })));
    if (video !== undefined) checkChannel(tenant, videoId, normal.channel, channelNames);

    const lots = video === undefined ? [] : [`${folder}videos-00000.jsonl`];
    for (const lot of lots) await writeVideoLot(output, lot, answer.videos);
    const written: ChannelPaper = { channel: normal.channel, whole: false, lots, gone: answer.gone };
    const paper = `${folder}channel.json`;
    await writeJson(output, paper, written);
    const replacedCharacters = answer.replacedCharacters + normal.replacedCharacters;
    const notices = { atListLimit: false, rereads: 0, replacedCharacters, resumed: false };
    return { channelId: normal.channel.id, paper, videos: answer.videos.length, units: metered.spent, notices };
  });
  await removeOldVideos(context);
  return result;
}

/** The channel under which the database has a video. */
async function channelThatHad({ database, tenant }: SyncContext, videoId: string): Promise<string> {
  for (const { id } of await database.channels(tenant)) {
    if ((await database.knownVideos(tenant, id)).includes(videoId)) return id;
  }
  throw new YoutubeError(
    `There is no video ${videoId} for the public, and the tenant "${tenant}" has none of this id: check the id, and whether the video is private.`,
    { code: 'youtube_video_not_found', kind: 'permanent' },
  );
}

function checkChannel(tenant: string, videoId: string, channel: Channel, channelNames: readonly ChannelName[]): void {
  const isTenants = channelNames.some((name) =>
    'id' in name ? name.id === channel.id : channel.handle !== null && sameHandle(name.handle, channel.handle),
  );
  if (isTenants) return;
  const handle = channel.handle === null ? '' : ` (${channel.handle})`;
  const names = channelNames.map(channelNameText).join(', ');
  throw new YoutubeError(
    `The video ${videoId} belongs to the channel ${channel.id}${handle}, which is none of the tenant "${tenant}", whose channels are: ${names || 'none'}.`,
    { code: 'youtube_video_of_other_channel', kind: 'permanent' },
  );
}

/** Removes what runs have read that began before yesterday: nobody loads that any more. */
async function removeOldVideos({ output, tenant, date, log }: SyncContext): Promise<void> {
  const folder = singleVideosFolder(tenant);
  const yesterday = addDays(date, -1);
  const isOld = (key: string) => key.slice(folder.length) < yesterday;
  try {
    await removeObjectsBelow(output, folder, isOld, async () => true);
  } catch (error) {
    // The video is read all the same, and the next one's reading removes them.
    log.warn('Single videos that earlier runs have read could not be removed.', errorDimensions(error));
  }
}

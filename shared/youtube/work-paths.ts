import { youtubeRoot } from './sync-paths';

/** What the reading of a channel keeps: all of it can be removed but what its progress names. */
export function channelWorkFolder(tenant: string, channelId: string): string {
  return `${workRoot(tenant)}${channelId}/`;
}

/** The paper of a channel, beside the lots of whoever wrote it. */
export function channelPaperKey(tenant: string, channelId: string, reader: string): string {
  return `${channelWorkFolder(tenant, channelId)}${reader}/channel.json`;
}

/** A note for every handle that was looked up. */
export function handlesFolder(tenant: string): string {
  return `${workRoot(tenant)}handles/`;
}

/** Which channel a handle was found to name. */
export function handleKey(tenant: string, handle: string): string {
  return `${handlesFolder(tenant)}${encodeURIComponent(handle.normalize('NFC').toLowerCase())}.json`;
}

/** Single videos that were read, below a folder for each run. */
export function singleVideosFolder(tenant: string): string {
  return `${workRoot(tenant)}videos/`;
}

export function singleVideoFolder(tenant: string, run: string, videoId: string): string {
  return `${singleVideosFolder(tenant)}${run}/${videoId}/`;
}

/** What readings keep for the next ones. */
export function workRoot(tenant: string): string {
  return `${youtubeRoot(tenant)}_work/`;
}

import type { ChannelName } from '../ports/youtube-api';

/** What {@link parseChannelName} reads, for messages about what it does not. */
export const CHANNEL_NAME_FORMS =
  "a channel's id (UC and 22 more characters), its handle (@name), or its address (https://www.youtube.com/channel/UC… or /@name)";

const ID = /^UC[A-Za-z0-9_-]{22}$/;
/** Letters, with their marks, and digits of any script; and `_`, `-`, `.`, `·` (support.google.com/youtube/answer/11585688). */
const HANDLE = /^@[\p{L}\p{M}\p{Nd}_.·-]{1,30}$/u;
/** Only scripts whose letters hold more than a Latin one does have handles of fewer than three characters. */
const TOO_SHORT = /^@[\p{ASCII}·]{1,2}$/u;

const HOSTS = new Set(['youtube.com', 'www.youtube.com', 'm.youtube.com']);

/**
 * The channel that `text` names: by its id, its handle, or the address of its page or of one of the page's tabs. Undefined for anything
 * else: a word without its `@`, a name of the old kinds (`/c/…`, `/user/…`, which the API cannot look up by this), a video's address.
 */
export function parseChannelName(text: string): ChannelName | undefined {
  const trimmed = text.trim();
  return plainName(trimmed) ?? nameInAddress(trimmed);
}

/** The name as it is written in settings. */
export function channelNameText(name: ChannelName): string {
  return 'id' in name ? name.id : name.handle;
}

/** Whether two handles are one: letter case makes no difference to YouTube, nor do the two ways of writing an accent. */
export function sameHandle(a: string, b: string): boolean {
  return folded(a) === folded(b);
}

function folded(handle: string): string {
  return handle.normalize('NFC').toLowerCase();
}

function plainName(text: string): ChannelName | undefined {
  if (ID.test(text)) return { id: text };
  const handle = text.normalize('NFC');
  return HANDLE.test(handle) && !TOO_SHORT.test(handle) ? { handle } : undefined;
}

function nameInAddress(text: string): ChannelName | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!HOSTS.has(url.hostname)) return undefined;
  const [first = '', second = ''] = url.pathname.split('/').slice(1).map(decoded);
  const name = plainName(first === 'channel' ? second : first);
  // The id stands after /channel/ only, and there is no handle there.
  return name !== undefined && 'id' in name === (first === 'channel') ? name : undefined;
}

/** Addresses hold the handles of other scripts percent-encoded. What is encoded wrongly is no name. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}

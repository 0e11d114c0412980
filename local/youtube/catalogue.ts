import { InputError } from '../../shared/errors';
import { type CatalogueChannel, type CatalogueContent, type CatalogueVideo, uploadsPlaylistId } from './model';

/** The channels and videos that the stand-in answers from. Everything can be changed while it runs. */
export class Catalogue {
  readonly #channels = new Map<string, CatalogueChannel>();
  readonly #videos = new Map<string, CatalogueVideo>();
  /** Each channel's videos of any privacy, newest first; of equal age, the one that was added last. */
  readonly #newestFirst = new Map<string, CatalogueVideo[]>();
  readonly #uploads = new Map<string, readonly CatalogueVideo[]>();

  /** @throws InputError where ids are not unique, a video's channel is missing, or an instant cannot be read */
  constructor(content: CatalogueContent = { channels: [], videos: [] }) {
    for (const channel of content.channels) this.addChannel(channel);
    for (const video of content.videos) this.#list(video).push(this.#checked(video));
    for (const list of this.#newestFirst.values()) list.reverse().sort((a, b) => instant(b) - instant(a));
  }

  /** Everything, private and unlisted videos too, as data that a new catalogue can be made from. */
  content(): CatalogueContent {
    return { channels: [...this.#channels.values()], videos: [...this.#videos.values()] };
  }

  channels(): CatalogueChannel[] {
    return [...this.#channels.values()];
  }

  channel(id: string): CatalogueChannel | undefined {
    return this.#channels.get(id);
  }

  /** @param handle with or without its `@`, in any case */
  channelByHandle(handle: string): CatalogueChannel | undefined {
    const wanted = bare(handle);
    return this.channels().find((channel) => channel.handle !== null && bare(channel.handle) === wanted);
  }

  channelOfPlaylist(playlistId: string): CatalogueChannel | undefined {
    const channel = this.#channels.get(`UC${playlistId.slice(2)}`);
    return channel && uploadsPlaylistId(channel.id) === playlistId ? channel : undefined;
  }

  video(id: string): CatalogueVideo | undefined {
    return this.#videos.get(id);
  }

  /** The channel's public videos, newest first, also beyond what the API would list. */
  uploads(channelId: string): readonly CatalogueVideo[] {
    const known = this.#uploads.get(channelId);
    if (known !== undefined) return known;
    const uploads = (this.#newestFirst.get(channelId) ?? []).filter(({ privacy }) => privacy === 'public');
    this.#uploads.set(channelId, uploads);
    return uploads;
  }

  /** The ids of all premieres, as the table of premieres lists them by hand. */
  premiereIds(): string[] {
    return [...this.#videos.values()].filter(({ premiere }) => premiere).map(({ id }) => id);
  }

  addChannel(channel: CatalogueChannel): void {
    if (this.#channels.has(channel.id)) {
      throw new InputError({ channel: `expected an id that no other channel has, got ${channel.id}` });
    }
    this.#channels.set(channel.id, channel);
    this.#newestFirst.set(channel.id, []);
  }

  changeChannel(id: string, changes: Partial<Omit<CatalogueChannel, 'id'>>): void {
    const channel = this.#channels.get(id);
    if (channel === undefined) throw unknown('channel', id);
    this.#channels.set(id, { ...channel, ...changes });
  }

  /** Removes a channel with all of its videos. */
  removeChannel(id: string): void {
    for (const video of this.#newestFirst.get(id) ?? []) this.#videos.delete(video.id);
    this.#channels.delete(id);
    this.#newestFirst.delete(id);
    this.#uploads.delete(id);
  }

  /** Adds a video: at the head of its channel's uploads, if it is public and the newest. */
  publish(video: CatalogueVideo): void {
    this.#insert(this.#checked(video));
  }

  delete(videoId: string): void {
    this.#take(videoId);
    this.#videos.delete(videoId);
  }

  change(videoId: string, changes: Partial<Omit<CatalogueVideo, 'id' | 'channelId'>>): void {
    const video = { ...this.#known(videoId), ...changes };
    if (Number.isNaN(instant(video))) throw unreadable(video);
    this.#take(videoId);
    this.#videos.set(videoId, video);
    this.#insert(video);
  }

  makePrivate(videoId: string): void {
    this.change(videoId, { privacy: 'private' });
  }

  makePublic(videoId: string): void {
    this.change(videoId, { privacy: 'public' });
  }

  retitle(videoId: string, title: string): void {
    this.change(videoId, { title });
  }

  hideLikes(videoId: string): void {
    const { counts } = this.#known(videoId);
    this.change(videoId, { counts: counts && { ...counts, likes: null } });
  }

  #known(videoId: string): CatalogueVideo {
    const video = this.#videos.get(videoId);
    if (video === undefined) throw unknown('video', videoId);
    return video;
  }

  #checked(video: CatalogueVideo): CatalogueVideo {
    if (!this.#channels.has(video.channelId)) throw unknown('channel', video.channelId);
    if (Number.isNaN(instant(video))) throw unreadable(video);
    if (this.#videos.has(video.id)) {
      throw new InputError({ video: `expected an id that no other video has, got ${video.id}` });
    }
    this.#videos.set(video.id, video);
    return video;
  }

  #insert(video: CatalogueVideo): void {
    const list = this.#list(video);
    const older = list.findIndex((other) => instant(other) <= instant(video));
    list.splice(older < 0 ? list.length : older, 0, video);
    this.#uploads.delete(video.channelId);
  }

  #take(videoId: string): void {
    const video = this.#known(videoId);
    const list = this.#list(video);
    list.splice(list.indexOf(video), 1);
    this.#uploads.delete(video.channelId);
  }

  #list({ channelId }: CatalogueVideo): CatalogueVideo[] {
    const list = this.#newestFirst.get(channelId);
    if (list === undefined) throw unknown('channel', channelId);
    return list;
  }
}

function instant({ publishedAt }: CatalogueVideo): number {
  return Date.parse(publishedAt);
}

function bare(handle: string): string {
  return handle.replace(/^@/, '').toLowerCase();
}

function unknown(what: 'channel' | 'video', id: string): InputError {
  return new InputError({ [what]: `expected the id of a ${what} of the catalogue, got ${JSON.stringify(id)}` });
}

function unreadable({ id, publishedAt }: CatalogueVideo): InputError {
  return new InputError({
    publishedAt: `expected an ISO 8601 instant for video ${id}, got ${JSON.stringify(publishedAt)}`,
  });
}

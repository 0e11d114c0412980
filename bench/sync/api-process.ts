import { Catalogue } from '../../local/youtube/catalogue';
import { makeCatalogue } from '../../local/youtube/make-catalogue';
import { startYoutubeApi } from '../../local/youtube/youtube-api-server';
import { runChild } from '../harness/child';

export interface ApiInput {
  readonly apiKey: string;
  readonly videos: number;
  /** Of every video, in UTF-8. */
  readonly descriptionBytes: number;
}

export interface ApiAnswer {
  readonly url: string;
  readonly channelId: string;
}

/** A stand-in of the YouTube Data API with one channel, until it is ended. */
runChild<ApiInput>(async ({ apiKey, videos, descriptionBytes }, answer) => {
  const { channels, videos: made } = makeCatalogue({ seed: 'bench', channels: 1, videos, oddities: false }).content();
  const catalogue = new Catalogue({
    channels,
    videos: made.map((video) => ({ ...video, description: { seed: video.id, bytes: descriptionBytes } })),
  });
  const { url } = await startYoutubeApi({ catalogue, apiKeys: [apiKey] });
  answer({ url, channelId: channels[0]?.id ?? '' } satisfies ApiAnswer);
});

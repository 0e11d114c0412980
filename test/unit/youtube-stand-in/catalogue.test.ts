import fc from 'fast-check';
import { Catalogue } from '../../../local/youtube/catalogue';
import { newChannel, newVideo } from '../../../local/youtube/model';
import { InputError } from '../../../shared/errors';
import { catalogueContents, mutations, numberedCatalogue, numberedVideo } from '../../support/youtube-catalogues';

describe('a catalogue', () => {
  it('lists the public videos of a channel, the newest first, after any changes', () => {
    fc.assert(
      fc.property(catalogueContents(), fc.array(mutations, { maxLength: 12 }), (content, changes) => {
        const catalogue = new Catalogue(content);

        for (const change of changes) change.apply(catalogue);

        const { videos } = catalogue.content();
        for (const { id } of catalogue.channels()) {
          const uploads = catalogue.uploads(id);
          const ofChannel = videos.filter((video) => video.channelId === id && video.privacy === 'public');
          expect(new Set(uploads)).toEqual(new Set(ofChannel));
          expect(uploads).toHaveLength(ofChannel.length);
          const times = uploads.map(({ publishedAt }) => Date.parse(publishedAt));
          expect(times).toEqual(times.toSorted((a, b) => b - a));
        }
      }),
    );
  });

  it('is the same when it is made again from its content', () => {
    fc.assert(
      fc.property(catalogueContents(), (content) => {
        const catalogue = new Catalogue(content);

        const again = new Catalogue(catalogue.content());

        expect(again.content()).toEqual(content);
        for (const { id } of content.channels) expect(again.uploads(id)).toEqual(catalogue.uploads(id));
      }),
    );
  });

  it('puts a new video before those of the same instant', () => {
    const { catalogue, channelId } = numberedCatalogue(2);
    const twin = { ...numberedVideo(1), id: 'twintwin123' };

    catalogue.publish(twin);

    expect(catalogue.uploads(channelId).map(({ id }) => id)).toEqual(['twintwin123', 'v0000000001', 'v0000000002']);
  });

  it('finds a channel by its playlist, and by its handle however it is written', () => {
    const channel = newChannel({ id: 'UCabc', handle: '@Some.Name' });
    const catalogue = new Catalogue({ channels: [channel], videos: [] });

    expect(['@Some.Name', 'some.name', '@SOME.NAME'].map((handle) => catalogue.channelByHandle(handle))).toEqual(
      Array(3).fill(channel),
    );
    expect(catalogue.channelByHandle('@someone')).toBeUndefined();
    expect(catalogue.channelOfPlaylist('UUabc')).toBe(channel);
    expect(['UCabc', 'PLabc', 'UUab', ''].map((id) => catalogue.channelOfPlaylist(id))).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('forgets a removed channel with its videos', () => {
    const { catalogue, channelId } = numberedCatalogue(3);

    catalogue.removeChannel(channelId);

    expect(catalogue.content()).toEqual({ channels: [], videos: [] });
    expect(catalogue.uploads(channelId)).toEqual([]);
  });

  it.each<[string, (catalogue: Catalogue) => void]>([
    ['a video twice', (catalogue) => catalogue.publish(numberedVideo(1))],
    ['a channel twice', (catalogue) => catalogue.addChannel(newChannel({ id: `UC${'n'.repeat(22)}` }))],
    ['a video of no channel', (catalogue) => catalogue.publish(newVideo({ id: 'x', channelId: 'UCx' }))],
    ['no instant', (catalogue) => catalogue.publish({ ...numberedVideo(9), publishedAt: 'yesterday' })],
    ['a change to no instant', (catalogue) => catalogue.change(numberedVideo(1).id, { publishedAt: '' })],
    ['a change of no video', (catalogue) => catalogue.retitle('nobody', 'x')],
    ['a change of no channel', (catalogue) => catalogue.changeChannel('UCx', { title: 'x' })],
  ])('refuses %s, and stays as it was', (_name, change) => {
    const { catalogue } = numberedCatalogue(1);
    const before = catalogue.content();

    expect(() => change(catalogue)).toThrow(InputError);

    expect(catalogue.content()).toEqual(before);
  });
});

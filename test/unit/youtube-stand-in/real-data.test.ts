import { countsOf } from '../../../local/youtube/make-catalogue';
import { REAL_CHANNEL_ID, realCatalogue, realPremiereIds } from '../../support/youtube-catalogues';

describe('the catalogue of real titles', () => {
  it('has 1,308 broadcasts, one of them a premiere', () => {
    const catalogue = realCatalogue();

    expect(countsOf(catalogue)).toEqual({ channels: 1, videos: 1308, streams: 1307, premieres: 1 });
    expect(catalogue.video('f1iK4CnusP4')).toMatchObject({
      title: expect.stringContaining('重大告知あり'),
      broadcast: { state: 'finished', actualStart: '2025-08-08T12:00:17Z' },
    });
    expect(realCatalogue().content()).toEqual(catalogue.content());
  });

  it('has the other 15 premieres where they are asked for', () => {
    const catalogue = realCatalogue({ allPremieres: true });

    expect(catalogue.uploads(REAL_CHANNEL_ID)).toHaveLength(1323);
    expect(catalogue.premiereIds().sort()).toEqual(realPremiereIds().sort());
    expect(realPremiereIds()).toHaveLength(16);
  });
});

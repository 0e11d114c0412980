import { startPostgres } from '../../local/services/postgres';
import type { Bench } from '../harness/bench';
import { figureOf } from '../harness/figures';
import { packageVersions } from '../harness/machine';
import { wholeSync } from './whole-sync';

const DESCRIPTION_BYTES = 5000;

export const sync: Bench = {
  name: 'sync',
  about: 'A whole sync of a channel of 20,000 videos with descriptions of 5,000 bytes: API, CSV files, PostgreSQL.',

  async run({ display, teardown, quick }) {
    const videos = quick ? 500 : 20_000;
    display.show('starting PostgreSQL');
    const server = await startPostgres();
    await teardown.add(() => server.stop());
    display.step(`syncing ${videos} videos`);
    display.show(`syncing ${videos} videos`);
    const { host, port, database, user, password } = server;
    const answer = await wholeSync({
      ...{ videos, descriptionBytes: DESCRIPTION_BYTES, teardown },
      database: { DB_HOST: host, DB_PORT: String(port), DB_NAME: database, DB_USERNAME: user, DB_PASSWORD: password },
    });
    if (answer.status !== 'completed' || answer.videos !== videos) {
      throw new Error(
        `The sync is ${answer.status} with ${answer.videos} of ${videos} videos. ${answer.failure ?? ''}`,
      );
    }
    const { seconds, cpuSeconds, units, rssBefore, rssPeak } = answer;
    const figure = (name: string, unit: string, value: number) => ({ name, unit, ours: [value] });
    return {
      figures: [
        figureOf({ ...figure('peak memory', 'MB', rssPeak / 1e6), goal: { of: 'value', atMost: 512 } }),
        figureOf(figure('memory before the sync', 'MB', rssBefore / 1e6)),
        figureOf({ ...figure('quota', 'units', units), goal: { of: 'value', atMost: 1 + 2 * Math.ceil(videos / 50) } }),
        figureOf(figure('time', 's', seconds)),
        figureOf(figure('CPU', 's', cpuSeconds)),
      ],
      versions: packageVersions('@googleapis/youtube', 'csv-stringify', 'pg', 'pg-copy-streams'),
      conditions: [
        'The first sync of a tenant, by the inline engine, in a process without any limit: what it takes for itself is what is shown. Its memory is the most that the process had at once, all of it, in millions of bytes.',
        'The stand-in of the API makes each answer anew, in a process of its own; how long that takes is in the time. Objects go to a folder, records stay in memory, PostgreSQL is on the same machine.',
      ],
    };
  },
};

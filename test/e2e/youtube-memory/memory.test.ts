import { join } from 'node:path';
import { wholeSync } from '../../../bench/sync/whole-sync';
import { Teardown } from '../../../local/cli/teardown';
import { newDatabase, query } from '../../support/postgres-databases';
import { ROOT } from '../../unit/docs/documents';

// The largest channel that the API shows, with the longest descriptions that there are: 100 MB of them. The process that syncs it is given
// less memory for objects than that, and all it takes beside them (buffers, mostly) is measured.

const VIDEOS = 20_000;
const DESCRIPTION_BYTES = 5000;
const MB = 1e6;
/** In MiB; what the process has loaded takes half of the first one. A small young generation leaves little garbage to be measured. */
const LIMITS = ['--max-old-space-size=96', '--max-semi-space-size=2'];
/** What an instance has. */
const INSTANCE = 512 * MB;
/** Measured: 49 to 60 MB. A copy of the largest file makes it 105 MB. */
const MOST_FOR_THE_SYNC = 85 * MB;
/** Compiled: a compiler in the process would take more than the sync. */
const programs = join(ROOT, 'dist', 'bench', 'sync');
const teardown = new Teardown();

afterAll(() => teardown.run());

test('a channel of 20,000 videos is synced in the memory of a small instance', async () => {
  const database = await newDatabase('memory');

  const sync = await wholeSync({
    ...{ videos: VIDEOS, descriptionBytes: DESCRIPTION_BYTES },
    ...{ database, limits: LIMITS, programs, teardown },
  });

  expect(sync).toMatchObject({ status: 'completed', videos: VIDEOS, units: 1 + 2 * (VIDEOS / 50) });
  const [stored] = await query<{ videos: number; bytes: number }>(
    database,
    'SELECT count(*)::INT AS videos, sum(octet_length(description))::INT AS bytes FROM videos',
  );
  expect(stored).toEqual({ videos: VIDEOS, bytes: VIDEOS * DESCRIPTION_BYTES });
  expect(sync.rssPeak).toBeLessThan(INSTANCE);
  expect(sync.rssPeak - sync.rssBefore).toBeLessThan(MOST_FOR_THE_SYNC);
});

import { join } from 'node:path';
import { BlobServer } from '../../../bench/blob-server/blob-server';
import { messagesOfDay } from '../../../bench/blob-server/corpus-shape';
import { wholeExport } from '../../../bench/export/whole-export';
import { Teardown } from '../../../local/cli/teardown';
import { ROOT } from '../../unit/docs/documents';

const CORPUS = { tenant: 'faults', date: '2025-08-11', rooms: 150, messagesPerRoom: 20, bodyBytes: 600, daysBefore: 1 };
const FAULTS = { busyShare: 0.05, resetShare: 0.01, truncatedShare: 0.01, slowShare: 0.01, slowMs: 30 };
const programs = (name: string) => join(ROOT, 'dist', 'bench', name);
const teardown = new Teardown();

afterAll(() => teardown.run());

test.each(['fast', 'sdk'])(
  'of a store that refuses, resets, cuts short and dawdles the %s reader misses nothing',
  async (reader) => {
    const server = await BlobServer.start(CORPUS, { faults: FAULTS, programs: programs('blob-server') });
    await teardown.add(() => server.end());

    const answer = await wholeExport({
      ...{ connectionString: server.connectionString, corpus: CORPUS, teardown },
      settings: { STORAGE_READER: reader },
      programs: programs('export'),
    });

    const { requests } = await server.ask('count');
    expect(answer).toMatchObject({ exported: messagesOfDay(CORPUS), duplicates: 0, quarantined: 0 });
    expect(answer.listed).toBe(answer.outside + answer.exported);
    expect(requests.fault).toBeGreaterThan(100);
  },
);

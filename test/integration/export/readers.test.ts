import fc from 'fast-check';
import { type BlobReader, createBlobServiceAccess } from '../../../shared/azure/blob-service';
import { type Corpus, corpusArbitrary } from '../../support/corpus';
import { ExportWorld, runDay, snapshot, TENANT } from '../../support/export-world';
import { newBlobContainer, sharedServices } from '../../support/services';

// What an export writes does not depend on what reads.

async function exported(corpus: Corpus, container: string, reader: BlobReader): Promise<Map<string, string>> {
  const { AZURE_STORAGE_CONNECTION_STRING: connectionString } = sharedServices();
  // Pages of a few names, so that listings go on behind them.
  const data = createBlobServiceAccess({ connectionString, reader, listPageSize: 3 }).container(container);
  const world = new ExportWorld({ tenant: TENANT, zone: corpus.day.zone, readConcurrency: 8 });
  await runDay(world.context(corpus.day.date, { data }));
  return snapshot(world.analytics);
}

test('the fast reader and the SDK come to the same bytes, for any corpus', async () => {
  await fc.assert(
    fc.asyncProperty(corpusArbitrary(TENANT, 30), async (corpus) => {
      const container = await newBlobContainer('readers');
      const { AZURE_STORAGE_CONNECTION_STRING: connectionString } = sharedServices();
      const store = createBlobServiceAccess({ connectionString }).container(container);
      const write = ({ key, body }: Corpus['objects'][number]) =>
        store.write(key, body, { contentType: 'application/json' });
      await Promise.all(corpus.objects.map(write));

      const fast = await exported(corpus, container, 'fast');
      const sdk = await exported(corpus, container, 'sdk');

      expect(fast).toEqual(sdk);
      expect(fast.size).toBeGreaterThan(0);
    }),
    { numRuns: 15 },
  );
});

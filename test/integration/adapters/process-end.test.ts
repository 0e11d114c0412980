import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { newBlobContainer, newMetadataContainer, sharedServices } from '../../support/services';

test('a process that used the stores, and closed nothing, ends by itself', async () => {
  const { AZURE_STORAGE_CONNECTION_STRING, COSMOS_ENDPOINT, COSMOS_KEY, COSMOS_DATABASE_NAME } = sharedServices();
  const stores = {
    blobs: { connectionString: AZURE_STORAGE_CONNECTION_STRING, container: await newBlobContainer('end') },
    items: {
      endpoint: COSMOS_ENDPOINT,
      key: COSMOS_KEY,
      database: COSMOS_DATABASE_NAME,
      container: await newMetadataContainer('end'),
    },
  };
  const program = `
    const { createBlobObjectStore } = require(process.argv[1]);
    const { createCosmosMetadataStore } = require(process.argv[2]);
    const { blobs, items } = JSON.parse(process.argv[3]);
    const run = async () => {
      const objects = createBlobObjectStore(blobs);
      await objects.write('x', Buffer.from('1'), { contentType: 'text/plain' });
      await objects.read('x');
      const metadata = createCosmosMetadataStore(items);
      await metadata.put({ PK: 'p', SK: 's' });
      await metadata.query({ partition: 'p' });
    };
    run().then(() => process.send('done'));
  `;
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('../../support/typescript-require.js'),
      '-e',
      program,
      require.resolve('../../../shared/azure/blob-service.ts'),
      require.resolve('../../../shared/azure/cosmos-metadata-store.ts'),
      JSON.stringify(stores),
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  let doneAt = 0;
  child.once('message', () => {
    doneAt = performance.now();
    child.disconnect();
  });

  const [code] = await once(child, 'exit');

  expect(code).toBe(0);
  expect(doneAt).toBeGreaterThan(0);
  expect(performance.now() - doneAt).toBeLessThan(2000);
});

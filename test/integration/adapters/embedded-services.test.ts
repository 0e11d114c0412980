import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startAzurite } from '../../../local/services/azurite';
import { startCosmosEmulator } from '../../../local/services/cosmos-emulator';
import { type Services, startServices } from '../../../local/services/services';
import { createBlobServiceAccess } from '../../../shared/azure/blob-service';
import { type CosmosMetadataStore, createCosmosMetadataStore } from '../../../shared/azure/cosmos-metadata-store';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { query } from '../../support/postgres-databases';

const TEXT = { contentType: 'text/plain' };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-services-'));
});

afterEach(() => rm(folder, { recursive: true }));

function blobs(connectionString: string): ObjectStore {
  return createBlobServiceAccess({ connectionString }).container('kept');
}

function items({ settings }: Services): CosmosMetadataStore {
  return createCosmosMetadataStore({
    endpoint: settings.COSMOS_ENDPOINT,
    key: settings.COSMOS_KEY,
    database: settings.COSMOS_DATABASE_NAME,
    container: settings.COSMOS_CONTAINER_NAME,
  });
}

describe('the embedded services', () => {
  test('keep their data from one start to the next', async () => {
    const before = await startServices({ dataDir: folder });
    await before.createContainer('kept');
    await before.createContainer('kept');
    await blobs(before.settings.AZURE_STORAGE_CONNECTION_STRING).write('a/日本.json', Buffer.from('1'), TEXT);
    const written = items(before);
    await written.put({ PK: 'p', SK: 's#/é', n: [1, { two: null }] });
    written.dispose();
    await query(before.settings, "CREATE TABLE kept AS SELECT '日本' AS text");
    await before.stop();

    const after = await startServices({ dataDir: folder });
    const read = await blobs(after.settings.AZURE_STORAGE_CONNECTION_STRING).read('a/日本.json');
    const opened = items(after);
    const { item } = (await opened.get('p', 's#/é')) ?? {};
    opened.dispose();
    const rows = await query(after.settings, 'SELECT text FROM kept');
    await after.stop();

    expect(Buffer.from(read.body).toString()).toBe('1');
    expect(item).toEqual({ PK: 'p', SK: 's#/é', n: [1, { two: null }] });
    expect(rows).toEqual([{ text: '日本' }]);
  });

  test('have names of their own where they are asked for', async () => {
    const services = await startServices({ cosmosDatabase: 'other-db', cosmosContainer: 'other' });
    const store = items(services);

    await store.put({ PK: 'p', SK: 's' });

    expect(store.name).toMatch(/\/other-db\/other$/);
    store.dispose();
    await services.stop();
  });

  test('a start that fails says why, and leaves nothing running', async () => {
    await mkdir(join(folder, 'azurite'));
    await writeFile(join(folder, 'azurite', '__azurite_db_blob__.json'), 'this is no database');

    await expect(startServices({ dataDir: folder })).rejects.toThrow(
      /Azurite did not start: .*ended with code 1[\s\S]*JSON/,
    );
  });

  test('saved metadata that is no JSON is named', async () => {
    const file = join(folder, 'items.json');
    await writeFile(file, '[{]');

    await expect(startCosmosEmulator({ file })).rejects.toThrow(file);
  });
});

describe('the Cosmos DB emulator', () => {
  test('exports its items to a file and imports them, with the ids of their writers', async () => {
    const from = await startCosmosEmulator();
    const to = await startCosmosEmulator();
    const open = ({ endpoint, key, database, container }: typeof from) =>
      createCosmosMetadataStore({ endpoint, key, database, container });
    const [source, target] = [open(from), open(to)];
    const file = join(folder, 'deep', 'items.json');
    for (let n = 0; n < 120; n++) await source.put({ PK: `p${n % 3}`, SK: `s${n}`, n });

    await from.saveTo(file);
    await to.loadFrom(file);

    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveLength(120);
    expect(await readdir(join(folder, 'deep'))).toEqual(['items.json']);
    expect((await target.query({ partition: 'p1' })).items).toEqual((await source.query({ partition: 'p1' })).items);
    source.dispose();
    target.dispose();
    await Promise.all([from.stop(), to.stop()]);
  });

  test('writes its file soon after a change, without being stopped', async () => {
    const file = join(folder, 'items.json');
    const emulator = await startCosmosEmulator({ file });
    const store = createCosmosMetadataStore(emulator);

    await store.put({ PK: 'p', SK: 's', n: 1 });

    await until(async () => (await readFile(file, 'utf8').catch(() => '')).includes('"SK": "s"'));
    store.dispose();
    await emulator.stop();
  });
});

describe('Azurite', () => {
  test('ends when its parent is killed, with its data written', async () => {
    const { parent, azuritePid, connectionString } = await parentOfAzurite(folder);
    await createBlobServiceAccess({ connectionString }).container('kept').write('x', Buffer.from('still here'), TEXT);

    parent.kill('SIGKILL');
    await once(parent, 'exit');

    await until(async () => !isRunning(azuritePid));
    const again = await startAzurite({ dataDir: folder });
    const { body } = await blobs(again.connectionString).read('x');
    await again.stop();
    expect(Buffer.from(body).toString()).toBe('still here');
    expect(isRunning(again.pid)).toBe(false);
  });
});

/** A process that starts Azurite as we do, and then only waits. */
async function parentOfAzurite(
  dataDir: string,
): Promise<{ parent: ChildProcess; azuritePid: number; connectionString: string }> {
  const program = `
    const { startAzurite } = require(process.argv[1]);
    startAzurite({ dataDir: process.argv[2] }).then(async (azurite) => {
      await azurite.createContainer('kept');
      console.log(JSON.stringify({ azuritePid: azurite.pid, connectionString: azurite.connectionString }));
    });
  `;
  const loader = require.resolve('../../support/typescript-require.js');
  const azurite = require.resolve('../../../local/services/azurite.ts');
  const parent = spawn(process.execPath, ['--require', loader, '-e', program, azurite, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  return { parent, ...JSON.parse(line) };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Looks again and again until a condition holds; Jest's own timeout ends it. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startDynalite } from '../../../local/services/dynalite';
import { startMoto } from '../../../local/services/moto';
import { describeWithMoto, motoEndpoint, newBucket, newTable, sharedAws } from '../../support/aws-services';

describe('dynalite', () => {
  test('has the tables that a suite makes', async () => {
    const { region, dynamodb } = sharedAws();
    const client = new DynamoDBClient({ region, endpoint: dynamodb.endpoint });
    const TableName = await newTable();

    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { PK: { S: 'p' }, SK: { S: 's' } } }));

    expect(Item).toBeUndefined();
    client.destroy();
  });

  test('outlives a client that is gone in the middle of its request', async () => {
    const dynalite = await startDynalite();
    const socket = connect(Number(new URL(dynalite.endpoint).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"half":');
    const ended = once(socket, 'close');
    socket.resetAndDestroy();
    await ended;

    const client = new DynamoDBClient({ region: sharedAws().region, endpoint: dynalite.endpoint });
    const { TableNames } = await client.send(new ListTablesCommand({}));

    expect(TableNames).toEqual([]);
    client.destroy();
    await dynalite.stop();
  });
});

describeWithMoto('moto', () => {
  test('has the buckets that a suite makes', async () => {
    const client = new S3Client({ region: sharedAws().region, endpoint: motoEndpoint(), forcePathStyle: true });

    const { $metadata } = await client.send(new HeadBucketCommand({ Bucket: await newBucket() }));

    expect($metadata.httpStatusCode).toBe(200);
    client.destroy();
  });

  test('ends when it is stopped', async () => {
    const moto = await startMoto();
    if (moto === undefined) throw new Error('moto is not there any more.');
    expect(isRunning(moto.pid)).toBe(true);

    await moto.stop();

    expect(isRunning(moto.pid)).toBe(false);
  });

  test('is none where python3 has no moto.server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'makoto-python-'));
    const python = join(folder, 'python3');
    await writeFile(python, '#!/bin/sh\nexec python3 -S "$@"\n', { mode: 0o755 });

    expect(await startMoto({ python })).toBeUndefined();
    await rm(folder, { recursive: true });
  });

  test('says why it does not start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'makoto-python-'));
    const python = join(folder, 'python3');
    await writeFile(python, '#!/bin/sh\necho "no memory left" >&2; exit 3\n', { mode: 0o755 });

    await expect(startMoto({ python })).rejects.toThrow(/moto did not start: .*code 3[\s\S]*no memory left/);
    await rm(folder, { recursive: true });
  });

  test('ends when its parent is killed', async () => {
    const { parent, pid } = await parentOfMoto();

    parent.kill('SIGKILL');
    await once(parent, 'exit');

    while (isRunning(pid)) await new Promise((resolve) => setImmediate(resolve));
  });
});

test('without python3, moto is none', async () => {
  expect(await startMoto({ python: join(tmpdir(), 'no-such-python3') })).toBeUndefined();
});

/** A process that starts moto as we do, and then only waits. */
async function parentOfMoto(): Promise<{ readonly parent: ChildProcess; readonly pid: number }> {
  const program = `
    require(process.argv[1]);
    require(process.argv[2]).startMoto().then((moto) => console.log(moto.pid));
  `;
  const required = join(__dirname, '../../support/typescript-require.js');
  const module = require.resolve('../../../local/services/moto');
  const parent = spawn(process.execPath, ['-e', program, required, module], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: parent.stdout })) return { parent, pid: Number(line) };
  throw new Error('The parent of moto ended without starting it.');
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

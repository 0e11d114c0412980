import { once } from 'node:events';
import { createServer, type Server, request as sendRequest } from 'node:http';
import { connect } from 'node:net';
import { createBlobServiceAccess } from '../../../shared/azure/blob-service';
import { expectFailure } from '../../contract/object-store-contract';
import { newBlobContainer, sharedServices } from '../../support/services';

// Both readers go through the proxy that the environment names.

const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
const before = new Map(NAMES.map((name) => [name, process.env[name]]));

let proxy: Server;
let passed: string[];
let status: number;

beforeAll(async () => {
  for (const name of NAMES) delete process.env[name];
  proxy = createServer((request, response) => {
    passed.push(`${request.method} ${request.headers.host}`);
    const { method, headers } = request;
    const onward = sendRequest(request.url ?? '', { method, headers }, (answer) =>
      answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)),
    );
    request.pipe(onward);
  });
  proxy.on('connect', (request, socket) => {
    passed.push(`CONNECT ${request.url}`);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});

afterAll(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  const closed = once(proxy, 'close');
  proxy.close();
  proxy.closeAllConnections();
  await closed;
});

beforeEach(() => {
  passed = [];
  status = 200;
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy listens on no port.');
  process.env.HTTPS_PROXY = `http://127.0.0.1:${address.port}`;
});

test('reads and writes go through it', async () => {
  const { AZURE_STORAGE_CONNECTION_STRING: connectionString } = sharedServices();
  const store = createBlobServiceAccess({ connectionString }).container(await newBlobContainer('proxy'));
  passed = [];

  await store.write('x', Buffer.from('1'), { contentType: 'text/plain' });
  const afterWrite = passed.length;
  const { body } = await store.read('x');
  const { entries } = await store.list('');

  expect(afterWrite).toBeGreaterThan(0);
  expect(passed.length).toBeGreaterThan(afterWrite);
  expect([Buffer.from(body).toString(), entries.length]).toEqual(['1', 1]);
});

test('one that lets nobody through is a failure, and not gone around', async () => {
  const { AZURE_STORAGE_CONNECTION_STRING: connectionString } = sharedServices();
  delete process.env.HTTPS_PROXY;
  const container = await newBlobContainer('proxy');
  const address = proxy.address();
  process.env.HTTPS_PROXY = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  status = 407;
  const https = connectionString.replaceAll('http://', 'https://').replace('=http;', '=https;');

  const store = createBlobServiceAccess({ connectionString: https }).container(container);

  await expectFailure(store.read('x'), 'storage_connection_lost', 'transient');
  expect(passed).toEqual([expect.stringMatching(/^CONNECT 127\.0\.0\.1:\d+$/)]);
});

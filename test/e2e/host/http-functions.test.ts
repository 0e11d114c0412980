import { keys, sharedHost, startHostProcess, temporaryDirectory, workshopWith } from './host-process';

const { host: theHost } = sharedHost();
const withKey = { 'x-functions-key': keys.functionKey };

test('a request reaches its function with parameters, query, headers and body', async () => {
  const host = theHost();

  const response = await fetch(`${host.url}/api/things/red%20box/42?a=1&b=%C3%BC`, {
    method: 'POST',
    headers: { ...withKey, 'x-asked-by': 'a test' },
    body: '漢字',
  });

  expect(response.status).toBe(201);
  expect(response.headers.get('x-made-by')).toBe('workshop');
  expect(response.headers.get('set-cookie')).toBe('seen=yes%3B%20really; Path=/; SameSite=Strict; HttpOnly');
  expect(await response.json()).toEqual({
    params: { kind: 'red box', id: '42' },
    query: { a: '1', b: 'ü' },
    header: 'a test',
    body: '漢字',
    url: `${host.url}/api/things/red%20box/42?a=1&b=%C3%BC`,
  });
});

test.each([
  ['GET', '/api/things/x', 200],
  ['GET', '/API/Things/x/', 200],
  ['GET', '/api/things/x/notANumber', 404],
  ['DELETE', '/api/things/x', 404],
  ['GET', '/things/x', 404],
  ['GET', '/api/nothing', 404],
  ['GET', '/api/things/%E0%A4%A', 400],
  ['GET', '/', 404],
])('%s %s is answered with %p', async (method, path, expected) => {
  const host = theHost();

  expect((await fetch(host.url + path, { method, headers: withKey })).status).toBe(expected);
});

test('the more particular route goes first', async () => {
  const host = theHost();

  expect(await (await fetch(`${host.url}/api/things/special`)).text()).toBe('the special thing');
});

test('a function of the level function asks for the key, an anonymous one does not', async () => {
  const host = theHost();
  const statusOf = async (query: string, headers: Record<string, string> = {}) =>
    (await fetch(`${host.url}/api/things/x${query}`, { headers })).status;

  expect(await statusOf('')).toBe(401);
  expect(await statusOf('?code=wrong')).toBe(401);
  expect(await statusOf(`?code=${keys.systemKey}`)).toBe(401);
  expect(await statusOf(`?code=${keys.functionKey}`)).toBe(200);
  expect(await statusOf('', withKey)).toBe(200);
  expect((await fetch(`${host.url}/api/open`)).status).toBe(200);
});

test('hooks see the app start and every call, and may change what it answers', async () => {
  const host = theHost();

  expect(await (await fetch(`${host.url}/api/open`)).text()).toBe('appStart and the rest');
});

test('bytes come and go as they are', async () => {
  const host = theHost();
  const body = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);

  const response = await fetch(`${host.url}/api/bytes`, { method: 'PUT', body });

  expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(body).reverse())).toBe(true);
});

test('a function that fails is answered with 500 and nothing else, and the log says why', async () => {
  const host = theHost();

  const response = await fetch(`${host.url}/api/broken`);

  expect([response.status, await response.text()]).toEqual([500, '']);
  expect(host.log()).toContain('The function "broken" failed: a secret detail');
});

test("what a function logs is in the host's log, by the function's name", async () => {
  const host = theHost();

  await fetch(`${host.url}/api/things/lamp`, { headers: withKey });

  expect(host.log()).toMatch(/info asked for lamp function=things/);
});

test('the route prefix is that of host.json, or none', async () => {
  const app = workshopWith({ hostJson: { version: '2.0', extensions: { http: { routePrefix: '' } } } });
  const host = await startHostProcess({ app, state: temporaryDirectory() });

  expect((await fetch(`${host.url}/open`)).status).toBe(200);
  expect((await fetch(`${host.url}/api/open`)).status).toBe(404);
});

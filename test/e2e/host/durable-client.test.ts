import { keys, sharedHost, startHostProcess, temporaryDirectory } from './host-process';

const { host: theHost } = sharedHost();

/** For tests that look at all instances there are. */
const hostOfItsOwn = () => startHostProcess({ state: temporaryDirectory() });

test('a start is refused while the instance is running, and the running one goes on', async () => {
  const host = theHost();

  const first = await host.client('startNew', 'approval', { instanceId: 'twice', input: { minutes: 1 } });
  const second = await host.client('startNew', 'approval', { instanceId: 'twice', input: { minutes: 2 } });

  expect(first).toEqual({ ok: 'twice' });
  expect(second.error).toContain('unexpected status code: 409');
  expect(await host.state('twice')).toMatchObject({ input: { minutes: 1 } });
});

test('an ended instance is started over', async () => {
  const host = theHost();
  await host.run('fanOut', { width: 3 }, 'over');

  expect(await host.client('startNew', 'fanOut', { instanceId: 'over', input: { width: 5 } })).toEqual({
    ok: 'over',
  });
  expect(await host.waitUntil('over', ({ output }) => output === 10)).toMatchObject({ runtimeStatus: 'Completed' });
});

test('a start without an id gets one; a function or id that is none is refused', async () => {
  const host = theHost();

  expect((await host.client('startNew', 'fanOut', { input: { width: 1 } })).ok).toMatch(/^[0-9a-f]{32}$/);
  expect((await host.client('startNew', 'nobody', {})).error).toMatch(/400.*nobody.*doesn't exist/);
  expect((await host.client('startNew', 'echo', {})).error).toMatch(/400.*not an orchestrator/);
  expect((await host.client('startNew', 'fanOut', { instanceId: '@x' })).error).toMatch(/400.*begins with @/);
});

test('an event reaches the orchestrator that waits for it, and its custom status is seen meanwhile', async () => {
  const host = theHost();
  await host.client('startNew', 'approval', { instanceId: 'asked', input: { minutes: 1 } });
  const waiting = await host.waitUntil('asked', ({ customStatus }) => customStatus !== null);

  await host.client('raiseEvent', 'asked', 'answer', { yes: ['漢', null] });

  expect(waiting).toMatchObject({ runtimeStatus: 'Running', customStatus: { waitingFor: 'answer' } });
  expect(await host.end('asked')).toMatchObject({
    output: { yes: ['漢', null] },
    customStatus: { waitingFor: 'nothing' },
  });
});

test('an instance is terminated, with its reason; what is sent to it afterwards is passed over', async () => {
  const host = theHost();
  await host.client('startNew', 'approval', { instanceId: 'unwanted', input: { minutes: 1 } });

  expect(await host.client('terminate', 'unwanted', 'not needed')).toEqual({ ok: null });

  expect(await host.end('unwanted')).toMatchObject({ runtimeStatus: 'Terminated', output: 'not needed' });
  expect(await host.client('raiseEvent', 'unwanted', 'answer', 1)).toEqual({ ok: null });
  expect(await host.client('terminate', 'unwanted', 'again')).toEqual({ ok: null });
  expect((await host.client('raiseEvent', 'nobody', 'answer', 1)).error).toContain("No instance with ID 'nobody'");
});

test('a suspended instance waits until it is resumed', async () => {
  const host = theHost();
  await host.client('startNew', 'approval', { instanceId: 'held', input: { minutes: 1 } });
  await host.client('suspend', 'held', 'hold on');
  await host.waitUntil('held', ({ runtimeStatus }) => runtimeStatus === 'Suspended');
  await host.client('raiseEvent', 'held', 'answer', 'kept');

  await host.client('resume', 'held', 'go on');

  expect(await host.end('held')).toMatchObject({ runtimeStatus: 'Completed', output: 'kept' });
});

test('an orchestrator continues as new, with a new input and history', async () => {
  const host = theHost();
  await host.client('startNew', 'counting', { instanceId: 'counted', input: { at: 1, until: 5 } });
  await host.waitUntil('counted', ({ input }) => (input as { at: number }).at === 5);

  await host.client('raiseEvent', 'counted', 'name', 'Makoto');

  expect(await host.end('counted')).toMatchObject({ output: { at: 5, name: 'Makoto' } });
  const { historyEvents } = (await host.state('counted', 'showHistory=true')) ?? {};
  expect(historyEvents?.map((event) => event.EventType).sort()).toEqual([
    'EventRaised',
    'ExecutionCompleted',
    'ExecutionStarted',
    'TaskCompleted',
    'TaskScheduled',
  ]);
});

test('getStatus tells all there is; of an unknown instance it throws', async () => {
  const host = theHost();
  await host.run('fanOut', { width: 2 }, 'looked-at');

  const { ok } = await host.client('getStatus', 'looked-at', {
    showHistory: true,
    showHistoryOutput: true,
    showInput: true,
  });

  expect(ok).toMatchObject({
    name: 'fanOut',
    instanceId: 'looked-at',
    runtimeStatus: 'Completed',
    input: { width: 2 },
    output: 1,
  });
  expect(ok).toMatchObject({
    createdTime: expect.stringMatching(/^20/),
    lastUpdatedTime: expect.stringMatching(/^20/),
  });
  expect((await host.client('getStatus', 'nobody')).error).toContain('HTTP 404');
  const full = await host.state('looked-at', 'showHistory=true&showHistoryOutput=true&showInput=false');
  expect(full?.input).toBeNull();
  expect(full?.historyEvents?.find((event) => event.EventType === 'TaskCompleted')).toMatchObject({ Result: '0' });
});

test('instances are listed to the last page, and by state and time', async () => {
  const host = await hostOfItsOwn();
  const before = new Date();
  for (let index = 0; index < 120; index++) {
    await host.client('startNew', 'fanOut', { instanceId: `run-${index}`, input: { width: 1 } });
  }
  await host.client('startNew', 'approval', { instanceId: 'waiting', input: { minutes: 1 } });
  await host.waitUntil('waiting', ({ customStatus }) => customStatus !== null);
  await host.end('run-119');

  const all = await host.client('getStatusAll');
  const running = await host.client('getStatusBy', { runtimeStatus: ['Running', 'Pending'] });
  const since = await host.client('getStatusBy', { createdTimeFrom: new Date(before.getTime() - 1000).toISOString() });
  const later = await host.client('getStatusBy', { createdTimeFrom: new Date(Date.now() + 3_600_000).toISOString() });

  const ids = (answer: { ok?: unknown }) => (answer.ok as { instanceId: string }[]).map(({ instanceId }) => instanceId);
  expect(new Set(ids(all)).size).toBe(121);
  expect(ids(running)).toEqual(['waiting']);
  expect(ids(since)).toHaveLength(121);
  expect(ids(later)).toEqual([]);
});

test('ended instances are purged, one or all of a time; running ones are not', async () => {
  const host = await hostOfItsOwn();
  await host.run('fanOut', { width: 1 }, 'one');
  await host.run('fanOut', { width: 1 }, 'two');
  await host.client('startNew', 'approval', { instanceId: 'waiting', input: { minutes: 1 } });

  const purged = await host.client('purgeInstanceHistory', 'one');
  const refused = await host.client('purgeInstanceHistory', 'waiting');
  const unknown = await host.client('purgeInstanceHistory', 'one');
  const rest = await host.client('purgeInstanceHistoryBy', { createdTimeFrom: '2020-01-01T00:00:00Z' });

  expect(purged.ok).toEqual({ instancesDeleted: 1 });
  expect(refused.error).toContain('412');
  expect(unknown.ok).toEqual({ instancesDeleted: 0 });
  expect(rest.ok).toEqual({ instancesDeleted: 1 });
  expect(await host.state('two')).toBeUndefined();
  expect(await host.state('waiting')).toBeDefined();
});

test('the addresses that a function answers with lead to the instance', async () => {
  const host = theHost();
  await host.run('fanOut', { width: 4 }, 'checked');

  const response = await fetch(`${host.url}/api/client/createCheckStatusResponse`, {
    method: 'POST',
    body: '["checked"]',
  });

  expect(response.status).toBe(202);
  const urls = (await response.json()) as Record<string, string>;
  expect(response.headers.get('location')).toBe(urls.statusQueryGetUri);
  expect(new URL(urls.statusQueryGetUri ?? '').origin).toBe(host.url);
  expect(await (await fetch(urls.statusQueryGetUri ?? '')).json()).toMatchObject({ output: 6 });
  expect((await fetch(urls.terminatePostUri?.replace('{text}', 'x') ?? '', { method: 'POST' })).status).toBe(410);
  expect((await fetch(urls.purgeHistoryDeleteUri ?? '', { method: 'DELETE' })).status).toBe(200);
});

describe('the durable HTTP API for people', () => {
  const api = (url: string) => `${url}/runtime/webhooks/durabletask`;

  test('asks for the system key, in the address or a header', async () => {
    const host = theHost();
    await host.run('fanOut', { width: 1 }, 'locked');
    const statusOf = async (query: string, headers: Record<string, string> = {}) =>
      (await fetch(`${api(host.url)}/instances/locked${query}`, { headers })).status;

    expect(await statusOf('')).toBe(401);
    expect(await statusOf('?code=wrong')).toBe(401);
    expect(await statusOf(`?code=${keys.functionKey}`)).toBe(401);
    expect(await statusOf(`?code=${keys.systemKey}`)).toBe(200);
    expect(await statusOf('', { 'x-functions-key': keys.systemKey })).toBe(200);
    expect((await fetch(`${host.url}/durabletask/guess/instances/locked`)).status).toBe(401);
    expect(host.log()).not.toContain(keys.systemKey);
    expect(host.log()).not.toContain(keys.functionKey);
  });

  test('starts, and waits where it is asked to', async () => {
    const host = theHost();
    const post = (path: string, body: string) =>
      fetch(`${api(host.url)}/${path}${path.includes('?') ? '&' : '?'}code=${keys.systemKey}`, {
        method: 'POST',
        body,
      });

    const startedOnly = await post('orchestrators/approval/a', '{"minutes":1}');
    const awaited = await post('orchestrators/fanOut?timeout=20&pollingInterval=1', '{"width":4}');
    const tooLong = await post('orchestrators/approval/b?timeout=0.2', '{"minutes":1}');
    const failed = await post('orchestrators/failing?timeout=20', '');
    const bad = await post('orchestrators/fanOut', '{"width":');

    expect(startedOnly.status).toBe(202);
    expect(await startedOnly.json()).toMatchObject({
      id: 'a',
      statusQueryGetUri: expect.stringContaining('/instances/a?'),
    });
    expect([awaited.status, await awaited.json()]).toEqual([200, 6]);
    expect(tooLong.status).toBe(202);
    expect(failed.status).toBe(500);
    expect([bad.status, await bad.json()]).toEqual([400, { message: 'Invalid JSON content' }]);
  });

  test('says what it does not do', async () => {
    const host = theHost();
    const post = async (path: string) =>
      (await fetch(`${api(host.url)}/${path}?code=${keys.systemKey}`, { method: 'POST' })).status;

    expect(await post('instances/x/rewind')).toBe(501);
    expect(await post('entities/counter/one')).toBe(501);
    expect(await post('instances/x/dance')).toBe(404);
    expect(await post('instances/x/suspend')).toBe(404);
    expect(await post('somewhere')).toBe(404);
  });
});

import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { EventType } from '../../../local/host/durable/history';
import { fileName, HistoryStore } from '../../../local/host/storage/history-store';
import type { CreatedRecord, MessageRecord, TurnRecord } from '../../../local/host/storage/records';
import { recordingLog } from './recording-log';
import { temporaryDirectory } from './temporary-directory';

const time = '2025-08-11T17:00:00.000Z';

const created = (instanceId: string, executionId = 'one'): CreatedRecord => ({
  record: 'created',
  instanceId,
  executionId,
  name: 'dailyBatch',
  version: null,
  input: '{"day":"2025-08-11"}',
  createdAt: time,
});
const raised = (name: string): MessageRecord => ({
  record: 'message',
  event: { EventType: EventType.EventRaised, EventId: -1, Timestamp: time, Name: name, Input: null },
});
const turn = (used: number[]): TurnRecord => ({
  record: 'turn',
  startedAt: time,
  endedAt: time,
  used,
  scheduled: [],
  cancelledTimers: [],
  status: 'Running',
});

const open: HistoryStore[] = [];

function openStore(stateDir: string, options: { groupCommit?: boolean; writes?: string[] } = {}) {
  const { log, lines } = recordingLog();
  const failures: Error[] = [];
  const store = new HistoryStore(stateDir, 'Hub', {
    log,
    onFailure: (error) => failures.push(error),
    ...(options.groupCommit !== undefined && { groupCommit: options.groupCommit }),
    ...(options.writes && {
      observer: { beforeWrite: () => options.writes?.push('before'), afterWrite: () => options.writes?.push('after') },
    }),
  });
  open.push(store);
  return { store, lines, failures };
}

afterEach(async () => {
  for (const store of open.splice(0)) {
    await store.close();
  }
});

async function reopened(stateDir: string) {
  for (const store of open.splice(0)) {
    await store.close();
  }
  const { store, lines } = openStore(stateDir);
  return { executions: await store.load(), lines, store };
}

const fileOf = (stateDir: string, instanceId: string) => join(stateDir, 'Hub', 'instances', fileName(instanceId));

test('what is written is there when the store is opened again, instance by instance', async () => {
  const stateDir = temporaryDirectory();
  const { store } = openStore(stateDir);

  await Promise.all([
    store.create(created('a')),
    store.append('a', raised('first')),
    store.append('a', turn([0])),
    store.create(created('b')),
    store.append('a', raised('second')),
  ]);

  const { executions } = await reopened(stateDir);
  const a = executions.find((execution) => execution.created.instanceId === 'a');
  expect(executions).toHaveLength(2);
  expect([...(a?.pending.values() ?? [])]).toMatchObject([{ Name: 'first' }, { Name: 'second' }]);
  expect(a?.history.map((event) => event.EventType)).toEqual([12, 0, 13]);
});

test('records that wait for one file are one write, in order; without group commit each is its own', async () => {
  for (const [groupCommit, expected] of [
    [true, 1],
    [false, 4],
  ] as const) {
    const stateDir = temporaryDirectory();
    const writes: string[] = [];
    const { store } = openStore(stateDir, { groupCommit, writes });

    await Promise.all([
      store.create(created('a')),
      store.append('a', raised('first')),
      store.append('a', raised('second')),
      store.append('a', raised('third')),
    ]);

    expect(writes).toEqual(Array.from({ length: expected }, () => ['before', 'after']).flat());
    const lines = readFileSync(fileOf(stateDir, 'a'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).event?.Name)).toEqual([undefined, 'first', 'second', 'third']);
  }
});

test('a file cut anywhere is read up to its last whole record, and goes on from there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (at) => {
      const stateDir = temporaryDirectory();
      const { store } = openStore(stateDir);
      await Promise.all([
        store.create(created('a')),
        store.append('a', raised('first')),
        store.append('a', raised('第二')),
      ]);
      await store.close();
      const whole = readFileSync(fileOf(stateDir, 'a'));
      const cut = at % (whole.length + 1);
      truncateSync(fileOf(stateDir, 'a'), cut);
      const wholeLines = whole.subarray(0, cut).filter((byte) => byte === 0x0a).length;

      const again = await reopened(stateDir);

      if (wholeLines === 0) {
        expect(again.executions).toEqual([]);
        expect(readdirSync(join(stateDir, 'Hub', 'instances'))).toEqual([]);
        return;
      }
      await again.store.append('a', raised('after'));
      const [execution] = (await reopened(stateDir)).executions;
      const names = [...(execution?.pending.values() ?? [])].map((event) => ('Name' in event ? event.Name : ''));
      expect(names).toEqual(['dailyBatch', 'first', '第二'].slice(0, wholeLines).concat('after'));
    }),
    { numRuns: 60 },
  );
});

test('a last line that cannot be read is dropped with a warning; one before it is an error that names the file', async () => {
  const stateDir = temporaryDirectory();
  const { store } = openStore(stateDir);
  await store.create(created('a'));
  await store.close();
  appendFileSync(fileOf(stateDir, 'a'), '{"record":"mess\u0000\n');

  const { executions, lines } = await reopened(stateDir);

  expect(executions).toHaveLength(1);
  expect(lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('cut off') }]);

  writeFileSync(fileOf(stateDir, 'a'), `{"record":"crea\n${JSON.stringify(raised('x'))}\n`);
  await expect(reopened(stateDir)).rejects.toMatchObject({
    code: 'host_state_damaged',
    message: expect.stringContaining(fileName('a')),
  });
});

test('replacing begins the file again, and what is appended after goes behind it', async () => {
  const stateDir = temporaryDirectory();
  const { store } = openStore(stateDir);

  await Promise.all([
    store.create(created('a', 'one')),
    store.append('a', raised('old')),
    store.replace(created('a', 'two')),
    store.append('a', raised('new')),
  ]);

  const [execution] = (await reopened(stateDir)).executions;
  expect(execution?.created.executionId).toBe('two');
  expect([...(execution?.pending.values() ?? [])]).toMatchObject([{ EventType: 0 }, { Name: 'new' }]);
});

test('what a killed replacement left behind is removed, and the old file stands', async () => {
  const stateDir = temporaryDirectory();
  const { store } = openStore(stateDir);
  await store.create(created('a', 'one'));
  writeFileSync(`${fileOf(stateDir, 'a')}.tmp`, '{"record":"cre');

  const { executions } = await reopened(stateDir);

  expect(executions.map((execution) => execution.created.executionId)).toEqual(['one']);
  expect(readdirSync(join(stateDir, 'Hub', 'instances'))).toEqual([fileName('a')]);
});

test('a removed instance is gone', async () => {
  const stateDir = temporaryDirectory();
  const { store } = openStore(stateDir);

  await Promise.all([store.create(created('a')), store.remove('a')]);

  expect(existsSync(fileOf(stateDir, 'a'))).toBe(false);
  await store.create(created('a', 'again'));
  expect((await store.read('a'))?.created.executionId).toBe('again');
});

test('a write that fails fails what waits behind it too, and is reported once', async () => {
  const stateDir = temporaryDirectory();
  const { store, failures } = openStore(stateDir);
  await store.create(created('a'));
  rmSync(join(stateDir, 'Hub', 'instances'), { recursive: true });

  const results = await Promise.allSettled([store.append('a', raised('x')), store.append('a', raised('y'))]);
  const later = store.append('b', raised('z'));

  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(later).rejects.toMatchObject({ code: 'host_state_write_failed' });
  expect(failures).toHaveLength(1);
});

test('after closing nothing can be written any more', async () => {
  const stateDir = temporaryDirectory();
  const { store, failures } = openStore(stateDir);
  await store.close();

  await expect(store.append('a', raised('x'))).rejects.toMatchObject({ code: 'host_stopped' });
  expect(failures).toEqual([]);
});

test('a state directory serves one host at a time; one left by a dead process is taken over', async () => {
  const stateDir = temporaryDirectory();
  const lock = join(stateDir, 'Hub', 'host.lock');
  const { store } = openStore(stateDir);
  expect(readFileSync(lock, 'utf8')).toBe(String(process.pid));
  await store.close();
  expect(existsSync(lock)).toBe(false);

  writeFileSync(lock, String(process.ppid));
  expect(() => openStore(stateDir)).toThrow(expect.objectContaining({ code: 'host_state_in_use' }));

  // No process has a number this high: Linux ends at 2^22.
  writeFileSync(lock, '99999999');
  expect(() => openStore(stateDir)).not.toThrow();
});

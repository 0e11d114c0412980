import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  keys,
  newLedger,
  runHostProcess,
  startHostProcess,
  temporaryDirectory,
  until,
  workshop,
  workshopWith,
} from './host-process';

const dist = resolve(__dirname, '../../../dist/local/host');

describe('timers', () => {
  test('a timer function runs at its times', async () => {
    const ledger = newLedger();
    const env = { NIGHTLY_SCHEDULE: '* * * * * *', LEDGER: ledger.path };
    const host = await startHostProcess({ state: temporaryDirectory(), env });

    await until('two runs of the timer', () => (ledger.lines().length >= 2 ? true : undefined));

    expect(ledger.lines()[0]).toBe('timer nightly false');
    expect(await host.end('nightly')).toMatchObject({ output: 3 });
  });

  test('the admin endpoint fires it now, with the key, and does not wait for its end', async () => {
    const host = await startHostProcess({ state: temporaryDirectory() });
    const fire = async (name: string, headers: Record<string, string>) =>
      (await fetch(`${host.url}/admin/functions/${name}`, { method: 'POST', headers, body: '{}' })).status;
    const withKey = { 'x-functions-key': keys.functionKey };

    expect(await fire('nightly', {})).toBe(401);
    expect(await fire('echo', withKey)).toBe(404);
    expect(await fire('nightly', withKey)).toBe(202);

    expect(await host.end('nightly')).toMatchObject({ runtimeStatus: 'Completed' });
  });
});

describe('a host that cannot start says why, and ends with 1', () => {
  test.each([
    [
      'a pattern that matches nothing',
      () => workshopWith({ packageJson: { main: 'dist/*.js' } }),
      {},
      'zero files matching "dist/*.js"',
    ],
    ['no entry point', () => workshopWith({ packageJson: {} }), {}, 'has no "main"'],
    ['an entry point that throws', () => workshopWith({ packageJson: { main: 'package.json.js' } }), {}, 'zero files'],
    ['a wrong host.json', () => workshopWith({ hostJson: { version: '1.0' } }), {}, 'host.json is wrong'],
    ['no such directory', () => join(workshop, 'nowhere'), {}, 'host.json cannot be read'],
    [
      'a schedule without its setting',
      () => workshop,
      { NIGHTLY_SCHEDULE: '' },
      '%NIGHTLY_SCHEDULE% in the schedule of the timer function "nightly"',
    ],
    ['a schedule that is none', () => workshop, { NIGHTLY_SCHEDULE: 'at noon' }, 'six fields'],
    [
      'a kill switch that is no number',
      () => workshop,
      { LOCAL_HOST_KILL_AFTER_WRITES: 'x' },
      'LOCAL_HOST_KILL_AFTER_WRITES',
    ],
  ])('%s', async (_what, app, env, expected) => {
    const { code, log } = await runHostProcess({ app: app(), state: temporaryDirectory(), env });

    expect(log).toContain(expected);
    expect(code).toBe(expected.includes('KILL') ? 2 : 1);
  });

  test('a second host on the same state', async () => {
    const state = temporaryDirectory();
    await startHostProcess({ state });

    const { code, log } = await runHostProcess({ state });

    expect([code, log]).toEqual([1, expect.stringContaining('Another local host')]);
  });
});

test('arguments that are missing or wrong are told of, with 2', () => {
  for (const args of [[], ['--app', '.'], ['--app', '.', '--state', '.', '--port', '99999']]) {
    const { status, stderr } = spawnSync(process.execPath, [join(dist, 'main.js'), ...args], { encoding: 'utf8' });

    expect([status, stderr.trim()]).toEqual([2, 'Usage: main.js --app DIR --state DIR [--port N]']);
  }
});

test('a stopped host ends with 0, gives its state free, and the next one goes on', async () => {
  const state = temporaryDirectory();
  const first = await startHostProcess({ state });
  await first.client('startNew', 'approval', { instanceId: 'run', input: { minutes: 1 } });
  await first.waitUntil('run', ({ customStatus }) => customStatus !== null);

  expect(await first.stop()).toBe(0);

  expect(existsSync(join(state, 'Workshop', 'host.lock'))).toBe(false);
  const second = await startHostProcess({ state });
  await second.client('raiseEvent', 'run', 'answer', 'late');
  expect(await second.end('run')).toMatchObject({ output: 'late' });
});

test('a program that stops its host is free to end, and cannot start another', () => {
  const script = `
    const { startHost } = require(${JSON.stringify(join(dist, 'host.js'))});
    const log = { debug() {}, info() {}, warn() {}, error() {}, with() { return log; } };
    const options = {
      appRoot: ${JSON.stringify(workshop)}, stateDir: process.argv[1], log,
      settings: { NIGHTLY_SCHEDULE: '0 0 17 * * *', MINE: 'yes' },
    };
    (async () => {
      const host = await startHost(options);
      const seen = [process.env.MINE, typeof host.functionKey, host.functions.length > 20];
      await host.fireTimer('nightly');
      const { output } = await host.waitFor('nightly', 'terminal', 10000);
      const events = (await host.history('nightly')).length;
      const again = await startHost(options).catch((error) => error.code);
      await host.stop();
      console.log(JSON.stringify([...seen, output, events > 5, again, process.env.MINE ?? 'restored']));
    })();
  `;

  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script, temporaryDirectory()], {
    encoding: 'utf8',
    timeout: 20_000,
  });

  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(['yes', 'string', true, 3, true, 'host_already_started', 'restored']);
  expect(status).toBe(0);
});

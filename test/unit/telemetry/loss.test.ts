import type { Destination } from '../../../shared/telemetry/destination';
import { Outlet } from '../../../shared/telemetry/outlet';
import { Collecting, telling } from './collecting';

// What becomes of telemetry whose endpoint is not there: the work goes on, and what is lost is counted.

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function destination(send: (count: number) => Promise<number>): Destination {
  const sending = (_items: unknown, count: number) => send(count);
  return { spans: sending, logs: sending, metrics: sending, gatherMs: 1_000 };
}

const refused = destination(() => Promise.reject(new Error('connect ECONNREFUSED')));
const silent = destination(() => new Promise(() => {}));

async function tellSome({ telemetry }: ReturnType<typeof telling>): Promise<void> {
  for (let number = 0; number < 3; number++) {
    await telemetry.span('step', {}, async () =>
      telemetry.write({ time: 0, level: 'info', message: 'A line.', dimensions: {} }),
    );
  }
  telemetry.record('day_sealed', 1, {});
}

test('an endpoint that refuses loses everything, which is told once, and stops nothing', async () => {
  const it = telling({ destinations: [refused] });

  await tellSome(it);
  await it.telemetry.flush();
  await it.telemetry.flush();

  expect(it.lost).toEqual([7]);
});

test('an endpoint that never answers does not hold the end up for more than two seconds', async () => {
  const it = telling({ destinations: [silent] });
  let ended = false;

  await tellSome(it);
  const flush = it.telemetry.flush().then(() => {
    ended = true;
  });
  await jest.advanceTimersByTimeAsync(1_900);
  const before = ended;
  await jest.advanceTimersByTimeAsync(200);
  await flush;

  expect([before, ended]).toEqual([false, true]);
  expect(it.lost).toEqual([7]);
});

test('one endpoint that is gone takes nothing from another', async () => {
  const to = new Collecting();
  const it = telling({ destinations: [refused, to] });

  await tellSome(it);
  await it.telemetry.flush();

  expect(to.sent).toHaveLength(3);
  expect(to.lines).toHaveLength(3);
  expect(to.points).toHaveLength(1);
});

test('of what cannot be sent yet, so much is kept, and the rest is lost', async () => {
  const to = new Collecting();
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const slow: Destination = { ...destination((count) => opened.then(() => count)), spans: to.spans };
  const it = telling({ destinations: [slow] });

  for (let number = 0; number < 20_000; number++) {
    it.telemetry.write({ time: 0, level: 'info', message: 'A line.', dimensions: {} });
  }
  const flush = it.telemetry.flush();
  open();
  await jest.advanceTimersByTimeAsync(10);
  await flush;

  const [lost = 0] = it.lost;
  expect(lost).toBeGreaterThan(15_000);
  expect(lost).toBeLessThan(20_000);
});

describe('an outlet', () => {
  function outlet() {
    let now = 0;
    const calls: number[] = [];
    const results: (() => Promise<number>)[] = [];
    const it = new Outlet(() => now);
    const exporter = it.exporter(
      (items: readonly string[], count) => {
        calls.push(count);
        return (results.shift() ?? (() => Promise.resolve(items.length)))();
      },
      (items) => items.length,
      it.gathered,
    );
    const send = (...items: string[]) =>
      new Promise<number>((done) => exporter.export(items, ({ code }) => done(code)));
    return { it, send, calls, results, pass: (ms: number) => (now += ms) };
  }

  const fails = () => Promise.reject(new Error('no'));

  test('counts what arrived, also where a part was refused', async () => {
    const { it, send, results } = outlet();
    results.push(
      async () => 2,
      async () => 1,
    );

    const codes = [await send('a', 'b'), await send('c', 'd', 'e')];

    expect(codes).toEqual([0, 0]);
    expect(it.gathered.arrived).toBe(3);
  });

  test('counts what was sent side by side', async () => {
    const { it, send } = outlet();

    await Promise.all([send('a'), send('b', 'c'), send('d')]);

    expect(it.gathered.arrived).toBe(4);
  });

  test('goes on after one failure, and pauses after two in a row', async () => {
    const { send, calls, results, pass } = outlet();
    results.push(fails, async () => 1, fails, fails);

    const codes = [await send('a'), await send('b'), await send('c'), await send('d'), await send('e')];
    pass(29_999);
    codes.push(await send('f'));
    pass(1);
    codes.push(await send('g'));

    expect(codes).toEqual([1, 0, 1, 1, 1, 1, 0]);
    expect(calls).toHaveLength(5);
  });

  test('pauses at once where there is no answer in time, and again where that is so after the pause', async () => {
    const { send, calls, results, pass } = outlet();
    results.push(() => new Promise(() => {}), fails);

    const first = send('a');
    await jest.advanceTimersByTimeAsync(5_000);
    const codes = [await first, await send('b')];
    pass(30_000);
    codes.push(await send('c'), await send('d'));

    expect(codes).toEqual([1, 1, 1, 1]);
    expect(calls).toHaveLength(2);
  });

  test('is idle when everything that was begun has ended', async () => {
    const { it, send, results } = outlet();
    let finish: (arrived: number) => void = () => {};
    results.push(() => new Promise((resolve) => (finish = resolve)));
    let idle = false;

    const sent = send('a');
    const waiting = it.idle().then(() => {
      idle = true;
    });
    await jest.advanceTimersByTimeAsync(0);
    const before = idle;
    finish(1);
    await sent;
    await waiting;

    expect([before, idle]).toEqual([false, true]);
  });
});

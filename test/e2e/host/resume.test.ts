import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldRecords } from '../../../local/host/durable/execution';
import { EventType } from '../../../local/host/durable/history';
import { parseRecords } from '../../../local/host/storage/records';
import {
  type HostProcess,
  newLedger,
  runHostProcess,
  startHostProcess,
  temporaryDirectory,
  until,
} from './host-process';

/** The lines that the activities answered on disk have written. */
function answeredOnDisk(state: string): string[] {
  const directory = join(state, 'Workshop', 'instances');
  return readdirSync(directory).flatMap((file) => {
    const execution = foldRecords(parseRecords(readFileSync(join(directory, file))).records);
    const events = [...(execution?.history ?? []), ...(execution?.pending.values() ?? [])];
    return events.flatMap((event) =>
      event.EventType === EventType.TaskCompleted
        ? [String(JSON.parse(event.Result ?? '""')).replace('noted ', '')]
        : [],
    );
  });
}

const timesIn = (lines: readonly string[], line: string) => lines.filter((other) => other === line).length;

/** Has the instance started if it is not there, as a caller does that got no answer, and waits for its end. */
async function finish(host: HostProcess, input: object) {
  const there = await host.state('run');
  return there === undefined ? host.run('household', input, 'run') : host.end('run');
}

/** Starts the instance in a host that is going to die on the way. */
async function beginAndDie(host: HostProcess, input: object): Promise<void> {
  await host.run('household', input, 'run').catch(() => undefined);
}

describe('a host killed at a write of its history, and started again', () => {
  const input = { children: 2, chores: 1 };
  const expected = {
    done: [['noted child 0 chore 0'], ['noted child 1 chore 0']],
    last: 'noted run last',
  };

  /** @returns whether the host died before it was done */
  async function killedAt(name: 'BEFORE' | 'AFTER', write: number): Promise<boolean> {
    const state = temporaryDirectory();
    const ledger = newLedger();
    const env = { LEDGER: ledger.path };
    const killed = await startHostProcess({
      state,
      env: { ...env, [`LOCAL_HOST_KILL_${name}_WRITES`]: String(write) },
    });
    const ended = killed.ended.then(() => 'died' as const);
    const how = await Promise.race([
      ended,
      killed.run('household', input, 'run').then(
        () => 'done' as const,
        () => ended,
      ),
    ]);
    await killed.kill();
    const answered = answeredOnDisk(state);

    const again = await startHostProcess({ state, env });
    const { runtimeStatus, output } = await finish(again, input);
    await again.kill();

    expect({ name, write, runtimeStatus, output }).toEqual({
      name,
      write,
      runtimeStatus: 'Completed',
      output: expected,
    });
    const repeated = answered.filter((line) => timesIn(ledger.lines(), line) !== 1);
    expect({ name, write, repeated }).toEqual({ name, write, repeated: [] });
    return how === 'died';
  }

  test.each(['BEFORE', 'AFTER'] as const)(
    'completes with the same output, and runs nothing again that was answered: %s every write',
    async (name) => {
      let write = 1;
      // Two at a time, until a host lives to the end.
      for (let died = true; died; write += 2) {
        const both = await Promise.all([killedAt(name, write), killedAt(name, write + 1)]);
        died = both[1];
      }

      expect(write).toBeGreaterThan(15);
    },
  );
});

test('killed again and again at any time, a run completes all the same', async () => {
  const input = { children: 12, chores: 4 };
  const state = temporaryDirectory();
  const ledger = newLedger();
  const env = { LEDGER: ledger.path };
  const answered = new Map<string, number>();
  let seen = 0;

  for (const lines of [1, 7, 16, 25, 33, 41]) {
    const host = await startHostProcess({ state, env });
    const begun = (await host.state('run')) === undefined ? beginAndDie(host, input) : undefined;
    await until(`line ${lines}`, () => (ledger.lines().length >= Math.max(lines, seen) ? true : undefined));
    await host.kill();
    await begun;
    seen = ledger.lines().length;
    for (const line of answeredOnDisk(state)) {
      answered.set(line, answered.get(line) ?? timesIn(ledger.lines(), line));
    }
  }
  const last = await startHostProcess({ state, env });
  const { output } = await finish(last, input);

  const children = Array.from({ length: 12 }, (_, child) =>
    [0, 1, 2, 3].map((chore) => `noted child ${child} chore ${chore}`),
  );
  expect(output).toEqual({ done: children, last: 'noted run last' });
  expect(answered.size).toBeGreaterThan(0);
  for (const [line, times] of answered) {
    expect([line, timesIn(ledger.lines(), line)]).toEqual([line, times]);
  }
});

test('a host that could not start leaves everything as it was', async () => {
  const state = temporaryDirectory();
  const first = await startHostProcess({ state });
  await first.run('fanOut', { width: 3 }, 'done');
  await first.kill();
  await runHostProcess({ state, env: { NIGHTLY_SCHEDULE: 'not a schedule' } });

  const again = await startHostProcess({ state });

  expect(await again.state('done')).toMatchObject({ runtimeStatus: 'Completed', output: 3 });
});

import type { RuntimeStatus } from '../../../local/host/durable/history';
import type { InstanceStatus } from '../../../local/host/durable/instance';
import { Watchers } from '../../../local/host/durable/watchers';
import { HostError } from '../../../local/host/errors';
import { FakeClock } from './fake-clock';

const status = (runtimeStatus: RuntimeStatus, customStatus: unknown = null): InstanceStatus => ({
  instanceId: 'run',
  name: 'dailyBatch',
  version: null,
  runtimeStatus,
  input: null,
  output: null,
  customStatus,
  createdTime: '2025-08-11T17:00:00.000Z',
  lastUpdatedTime: '2025-08-11T17:00:00.000Z',
});

test('a state that is there already is given at once', async () => {
  const watchers = new Watchers(new FakeClock());

  await expect(watchers.wait('run', 'terminal', status('Failed'), undefined)).resolves.toMatchObject({
    runtimeStatus: 'Failed',
  });
});

test('everybody who waits gets the first state that satisfies them', async () => {
  const watchers = new Watchers(new FakeClock());
  const end = watchers.wait('run', 'terminal', undefined, undefined);
  const half = watchers.wait('run', ({ customStatus }) => customStatus === 'half', status('Running'), undefined);

  watchers.changed('run', () => status('Running'));
  watchers.changed('other', () => status('Completed'));
  watchers.changed('run', () => status('Running', 'half'));
  watchers.changed('run', () => status('Completed', 'all'));

  expect(await half).toMatchObject({ runtimeStatus: 'Running', customStatus: 'half' });
  expect(await end).toMatchObject({ runtimeStatus: 'Completed', customStatus: 'all' });
});

test('a state is worked out only where somebody waits', () => {
  const watchers = new Watchers(new FakeClock());
  const asked = jest.fn(() => status('Completed'));

  watchers.changed('run', asked);

  expect(asked).not.toHaveBeenCalled();
});

test('waiting ends at its time, and leaves no timer behind when it ends before', async () => {
  const clock = new FakeClock();
  const watchers = new Watchers(clock);
  const late = watchers.wait('run', 'terminal', undefined, 5000);
  const inTime = watchers.wait('run', 'terminal', undefined, 9000);

  clock.advance(5000);
  watchers.changed('run', () => status('Terminated'));

  await expect(late).rejects.toMatchObject({ code: 'host_wait_timed_out', message: expect.stringContaining('5 s') });
  await expect(inTime).resolves.toMatchObject({ runtimeStatus: 'Terminated' });
  expect(clock.waiting).toEqual([]);
});

test('when the host ends, so does all waiting', async () => {
  const clock = new FakeClock();
  const watchers = new Watchers(clock);
  const waiting = watchers.wait('run', 'terminal', undefined, 5000);

  watchers.rejectAll(new HostError('host_stopped', 'stopped'));

  await expect(waiting).rejects.toMatchObject({ code: 'host_stopped' });
  expect(clock.waiting).toEqual([]);
});

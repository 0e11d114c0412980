import { sharedHost } from './host-process';

const { host: theHost, ledger } = sharedHost();

test('a fan-out of activities is brought together', async () => {
  const host = theHost();

  expect(await host.run('fanOut', { width: 40 })).toMatchObject({ runtimeStatus: 'Completed', output: 780 });
});

test('sub-orchestrations run side by side, with ids of their own and without', async () => {
  const host = theHost();

  const { output } = await host.run('household', { children: 4, chores: 3 }, 'home');

  expect(output).toEqual({
    done: [0, 1, 2, 3].map((child) => [0, 1, 2].map((chore) => `noted child ${child} chore ${chore}`)),
    last: 'noted home last',
  });
  expect(ledger()).toHaveLength(4 * 3 + 1);
  expect(await host.state('home-child-1')).toMatchObject({ runtimeStatus: 'Completed' });
});

test('an activity is tried again after growing pauses, until it succeeds or the tries are used up', async () => {
  const host = theHost();

  const succeeds = await host.run('retrying', { name: 'x', failures: 2, attempts: 4 });
  const givesUp = await host.run('retrying', { name: 'y', failures: 9, attempts: 3 });

  expect(succeeds.output).toMatchObject({ calls: 3 });
  expect((succeeds.output as { waited: number }).waited).toBeGreaterThanOrEqual(20 + 40);
  expect(givesUp.output).toEqual({ gaveUp: true, after: 'after' });
  expect(ledger().filter((line) => line === 'y')).toHaveLength(3);
});

test('a sub-orchestration that failed is started over under the same id', async () => {
  const host = theHost();

  expect(await host.run('retryingChild', { name: 'z', failures: 2 }, 'again')).toMatchObject({ output: 3 });
  expect(await host.state('again-attempt')).toMatchObject({ runtimeStatus: 'Completed', output: 3 });
});

test('a failure is the reason of the instance, and can be caught by its parent', async () => {
  const host = theHost();

  expect(await host.run('failing', null)).toMatchObject({
    runtimeStatus: 'Failed',
    output: "Orchestrator function 'failing' failed: this orchestrator fails",
  });
  expect(await host.run('catching', null)).toMatchObject({ output: 'caught' });
});

test('an instance stays running while a timer of it is open', async () => {
  const host = theHost();
  const before = Date.now();

  const { output } = await host.run('lingering', { ms: 400 });

  expect(output).toBe('quick');
  expect(Date.now() - before).toBeGreaterThanOrEqual(400);
});

test.each([
  ['an object', { a: [1, { b: null }], c: 'ü漢😀' }],
  ['a list', [1, 2, 3]],
  ['a text', 'plain'],
  ['a text that looks like JSON', '{"a":1}'],
  ['a number', 42.5],
  ['a boolean', true],
])('%s passes through an activity and a sub-orchestration unchanged', async (_what, input) => {
  const host = theHost();

  const { output } = await host.run('shapes', input);

  expect(output).toEqual({ input, viaActivity: input, viaChild: input });
});

test('an activity knows its instance, and an orchestrator its parent', async () => {
  const host = theHost();

  expect(await host.run('parentOfWhoami', null, 'mother')).toMatchObject({
    output: { inActivity: 'whoami-child', id: 'whoami-child', parent: 'mother' },
  });
});

test('large payloads are warned of by name and size; a large custom status fails the instance', async () => {
  const host = theHost();

  expect(await host.run('largePayloads', null, 'heavy')).toMatchObject({ output: 50 * 1024 });
  expect(await host.run('largeStatus', { kilobytes: 8 })).toMatchObject({ runtimeStatus: 'Completed' });
  const refused = await host.run('largeStatus', { kilobytes: 9 });

  expect(host.log()).toMatch(/warn The result of the activity text has 50\.0 KB.*instance=heavy/);
  expect(host.log()).toMatch(/warn The input of the activity echo has 50\.0 KB/);
  expect(refused).toMatchObject({ runtimeStatus: 'Failed', output: expect.stringContaining('18 KB') });
});

test('an activity that runs longer than functionTimeout fails', async () => {
  const host = theHost();

  const { runtimeStatus, output } = await host.run('timingOut', null);

  expect(runtimeStatus).toBe('Failed');
  expect(output).toContain('The timeout of 5 s (functionTimeout in host.json) was exceeded by the function "never"');
});

test.each([
  ['missingActivity', 'The function "nobody" doesn\'t exist'],
  ['signalling', 'does not carry out signalEntity'],
])('%s fails, saying: %s', async (name, expected) => {
  const host = theHost();

  const { runtimeStatus, output } = await host.run(name, null);

  expect(runtimeStatus).toBe('Failed');
  expect(output).toContain(expected);
});

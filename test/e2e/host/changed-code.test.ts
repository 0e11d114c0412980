import { type HostProcess, startHostProcess, temporaryDirectory, workshopWith } from './host-process';

/** How many activities of an instance have been answered. */
async function answers(host: HostProcess, instanceId: string): Promise<number> {
  const state = await host.state(instanceId, 'showHistory=true');
  return (state?.historyEvents ?? []).filter((event) => event.EventType === 'TaskCompleted').length;
}

describe('an orchestrator that was changed under a running instance', () => {
  async function deployedOver(variant: string): Promise<HostProcess> {
    const state = temporaryDirectory();
    const before = await startHostProcess({ state });
    await before.client('startNew', 'changing', { instanceId: 'run' });
    while ((await answers(before, 'run')) < 2) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await before.stop();
    const host = await startHostProcess({ state, env: { VARIANT: variant } });
    await host.client('raiseEvent', 'run', 'go', null);
    return host;
  }

  test.each([
    [
      'renamed',
      'the history has the activity "echo" scheduled as task 0, but the replay asked for the activity "note"',
    ],
    ['timer', 'the history has the activity "echo" scheduled as task 1, but the replay asked for a timer'],
    ['shorter', 'the history has the activity "echo" scheduled as task 1, but the replay did not ask for that task'],
  ])('is refused: %s', async (variant, expected) => {
    const host = await deployedOver(variant);

    const { runtimeStatus, output } = await host.end('run');

    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain('Non-deterministic orchestration');
    expect(output).toContain(expected);
  });

  test('and one that was not goes on', async () => {
    const host = await deployedOver('original');

    expect(await host.end('run')).toMatchObject({ runtimeStatus: 'Completed', output: 'original' });
  });
});

describe('versions', () => {
  const appOf = (defaultVersion: string) =>
    workshopWith({
      hostJson: { version: '2.0', extensions: { durableTask: { hubName: 'Versions', defaultVersion } } },
    });

  test('an instance keeps the version it was begun under; its new children have that of the host', async () => {
    const state = temporaryDirectory();
    const old = await startHostProcess({ app: appOf('1.0'), state });
    await old.client('startNew', 'versioned', { instanceId: 'run' });
    await old.waitUntil('run', ({ runtimeStatus }) => runtimeStatus === 'Running');
    await old.stop();
    const host = await startHostProcess({ app: appOf('2.0'), state });

    await host.client('raiseEvent', 'run', 'go', null);

    expect(await host.end('run')).toMatchObject({ output: { version: '1.0', child: '2.0' } });
  });

  test('an instance of a newer version is refused by an older host, and goes on under a newer one', async () => {
    const state = temporaryDirectory();
    const app = appOf('1.5');
    const old = await startHostProcess({ app, state });
    await old.client('startNew', 'versionOf', { instanceId: 'run', version: '2.0' });
    await old.run('fanOut', { width: 1 });

    expect(await old.state('run')).toMatchObject({ runtimeStatus: 'Pending' });
    expect(old.log()).toMatch(/"run" is not run: .*"2\.0", which is newer/);
    await old.stop();
    const host = await startHostProcess({ app: appOf('2.0'), state });
    expect(await host.end('run')).toMatchObject({ output: '2.0' });
  });
});

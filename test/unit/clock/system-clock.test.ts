import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { systemClock } from '../../../shared/local/system-clock';

describe("the machine's clock", () => {
  it('sleeps no longer than until the signal', async () => {
    const over = new AbortController();
    const sleeping = systemClock.sleep(3_600_000, over.signal);

    over.abort();

    await expect(sleeping).resolves.toBeUndefined();
  });

  it('does not sleep at all on a signal that was given before', async () => {
    await expect(systemClock.sleep(3_600_000, AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('sleeps for its time with a signal that never comes', async () => {
    const before = performance.now();

    await Promise.all([systemClock.sleep(20, new AbortController().signal), systemClock.sleep(20)]);

    expect(performance.now() - before).toBeGreaterThanOrEqual(19);
  });

  it('keeps no process alive with a sleep that has a signal', async () => {
    const script = `
      require(${JSON.stringify(require.resolve('../../support/typescript-require.js'))});
      const { systemClock } = require(${JSON.stringify(require.resolve('../../../shared/local/system-clock.ts'))});
      systemClock.sleep(3_600_000, new AbortController().signal);
    `;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'inherit', 'inherit'] });

    const [code] = await once(child, 'exit');

    expect(code).toBe(0);
  });
});

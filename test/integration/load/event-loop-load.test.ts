import { setImmediate } from 'node:timers/promises';
import { eventLoopGauge } from '../../../shared/event-loop-load';

/** Asks as often as it takes until it looks. */
function look(gauge: () => boolean): boolean {
  let last = false;
  for (let i = 0; i < 64; i++) last = gauge();
  return last;
}

test('a thread that does nothing but work is saturated, and does not stay so', async () => {
  const gauge = eventLoopGauge();
  look(gauge);
  await setImmediate();

  let sum = 0;
  for (let i = 0; i < 20_000_000; i++) sum += i;
  const busy = look(gauge);
  let idle = busy;
  while (idle) {
    // Waits in the event loop, which is what idle means.
    await new Promise((resolve) => setTimeout(resolve, 20));
    idle = look(gauge);
  }

  expect(sum).toBeGreaterThan(0);
  expect(busy).toBe(true);
  expect(idle).toBe(false);
});

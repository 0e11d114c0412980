import fc from 'fast-check';
import { WorkQueue } from '../../../local/host/durable/work-queue';

test('jobs start in order, never more at once than the limit, and all are done', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(3), { maxLength: 60 }), async (limit, lengths) => {
      const failures: unknown[] = [];
      const queue = new WorkQueue(limit, (error) => failures.push(error));
      const started: number[] = [];
      let atOnce = 0;
      let most = 0;

      for (const [index, length] of lengths.entries()) {
        queue.add(async () => {
          started.push(index);
          most = Math.max(most, ++atOnce);
          for (let tick = 0; tick < length; tick++) {
            await Promise.resolve();
          }
          atOnce--;
          if (length === 3) {
            throw new Error(`job ${index}`);
          }
        });
      }
      await queue.idle();

      expect(started).toEqual(lengths.map((_, index) => index));
      expect(most).toBeLessThanOrEqual(limit);
      expect(failures).toHaveLength(lengths.filter((length) => length === 3).length);
      expect(queue.running).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test('a stopped queue lets the running job end, and drops the others', async () => {
  const queue = new WorkQueue(1, () => {});
  const done: string[] = [];
  let release = () => {};
  queue.add(async () => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    done.push('first');
  });
  queue.add(async () => void done.push('second'));

  queue.stop();
  queue.add(async () => void done.push('third'));
  release();
  await queue.idle();

  expect(done).toEqual(['first']);
});

test('a queue that is never empty gives up what it has done', async () => {
  const queue = new WorkQueue(1, () => {});
  let done = 0;
  const again = async () => {
    done++;
    if (done < 20_000) {
      queue.add(again);
    }
  };
  queue.add(again);
  queue.add(again);

  await queue.idle();

  expect(done).toBe(20_001);
});

import fc from 'fast-check';
import { Gate } from '../../../shared/postgres/gate';

test('never more are in than may be, everybody gets in, in the order of their coming', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean()),
      async (s, places, works) => {
        const gate = new Gate(places);
        const begun: number[] = [];
        let inside = 0;
        let most = 0;

        const results = works.map((succeeds, n) =>
          gate.pass(async () => {
            begun.push(n);
            inside += 1;
            most = Math.max(most, inside);
            await s.schedule(Promise.resolve());
            inside -= 1;
            if (!succeeds) throw new Error(`failure ${n}`);
            return n;
          }),
        );
        const settled = Promise.allSettled(results);
        await s.waitFor(settled);

        expect(await settled).toMatchObject(
          works.map((succeeds, n) =>
            succeeds ? { status: 'fulfilled', value: n } : { status: 'rejected', reason: { message: `failure ${n}` } },
          ),
        );
        expect(begun).toEqual(works.map((_, n) => n));
        expect(most).toBe(Math.min(places, works.length));
      },
    ),
  );
});

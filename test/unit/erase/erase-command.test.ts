import { runBatchCli } from '../../../local/cli/batch-cli';
import { batchPartition } from '../../../shared/history/keys';
import { noonOf, TENANT } from '../../support/batch-world';
import { ENVIRONMENT, Written } from '../cli/cli-world';
import { DATE, EraseWorld } from './erase-world';

async function publishedWorld(): Promise<EraseWorld> {
  const world = new EraseWorld();
  await world.addTenant();
  world.nextNight();
  for (const user of ['alice', 'bob']) await world.say(noonOf(DATE), 'm1', { user });
  await world.run({ date: DATE });
  world.calls.length = 0;
  return world;
}

async function makotoBatch(world: EraseWorld, args: readonly string[], ask?: (question: string) => Promise<string>) {
  const [stdout, stderr] = [new Written(), new Written()];
  const createPlatform = () => ({ ...world.platform(), dispose: async () => undefined });
  const edges = { env: { ...ENVIRONMENT }, stdout, stderr, clock: world.platform().clock, createPlatform };
  const code = await runBatchCli(['erase', '--tenant', TENANT, ...args], { ...edges, ...(ask && { ask }) });
  return { code, stdout, stderr };
}

describe('makoto-batch erase', () => {
  test('as a dry run tells what would be rewritten', async () => {
    const world = await publishedWorld();

    const { code, stdout } = await makotoBatch(world, ['--user', 'alice', '--dry-run']);

    expect(code).toBe(0);
    expect(stdout.text).toContain('alice would be erased; 1 day of acme was looked into.');
    expect(stdout.text).toMatch(/^2025-08-11 +3 +[\d.]+ kB +1 +0 +\d$/m);
    expect(stdout.text).toContain('Nothing was written.');
    expect(world.changes).toEqual([]);
  });

  test('with --yes erases, and its JSON tells what it came to', async () => {
    const world = await publishedWorld();

    const { code, stdout, stderr } = await makotoBatch(world, ['--user', 'alice', '--yes', '--json']);

    expect(code).toBe(0);
    expect(stdout.lastJson).toMatchObject({
      status: 'completed',
      ...{ tenant: TENANT, dryRun: false, daysLooked: 1, records: 0, otherObjects: 0 },
      days: [{ date: DATE, parts: 3, rows: 1, quarantined: 0 }],
      left: { prefix: 'acme/chat/alice/' },
    });
    expect(stderr.text).toContain('acme/chat/alice/');
    expect((await world.manifest()).proof.exported).toBe(1);
  });

  test.each([
    ['y', 0, 1],
    ['', 1, 2],
  ])('asks before it begins, and %j is exit code %d', async (answer, exitCode, left) => {
    const world = await publishedWorld();
    const questions: string[] = [];

    const { code, stdout } = await makotoBatch(world, ['--user', 'alice'], async (question) => {
      questions.push(question);
      expect(world.changes).toEqual([]);
      return answer;
    });

    expect(code).toBe(exitCode);
    expect(questions).toHaveLength(1);
    expect(stdout.text).toContain('would be erased');
    expect((await world.manifest()).proof.exported).toBe(left);
  });

  test('asks for --yes where nobody can answer, and for a user that can be one', async () => {
    const world = await publishedWorld();

    const nobody = await makotoBatch(world, ['--user', 'alice']);
    const slash = await makotoBatch(world, ['--user', 'a/b', '--yes']);

    expect([nobody.code, slash.code]).toEqual([2, 2]);
    expect(nobody.stderr.text).toContain('--yes: is missing');
    expect(slash.stderr.text).toContain('--user: expected the id of a user');
    expect(world.changes).toEqual([]);
  });

  test('of a user that nobody knows is fine, and recorded', async () => {
    const world = await publishedWorld();

    const { code, stdout } = await makotoBatch(world, ['--user', 'zoe', '--yes']);

    expect(code).toBe(0);
    expect(stdout.text).toContain('Nothing of this user is in the analytics of any day.');
    const { items } = await world.metadata.query({ partition: batchPartition(TENANT), sortKeyPrefix: 'ERASED#' });
    expect(items).toMatchObject([{ status: 'completed', days: 0 }]);
  });

  test('of a tenant without any day asks whether that is the tenant', async () => {
    const world = new EraseWorld();

    const { code, stdout } = await makotoBatch(world, ['--user', 'alice', '--dry-run']);

    expect(code).toBe(0);
    expect(stdout.text).toContain("There is no day of acme at all: is this the tenant's id?");
  });
});

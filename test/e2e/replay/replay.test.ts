import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ReplayedInstance } from '../../../local/host/replay-check';

// Recorded histories of the orchestrators, taken again with the code of today. Where this fails, instances that are running while
// the code is deployed would break: see "Changing what running instances depend on" in CONTRIBUTING.md.

const ROOT = join(__dirname, '..', '..', '..');
const RECORDED = join(__dirname, 'recorded');

/** Settings that the app needs to load; replaying calls nothing. */
const SETTINGS = {
  AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  COSMOS_ENDPOINT: 'http://127.0.0.1:1/',
  COSMOS_KEY: 'bm90IGEgcmVhbCBrZXk=',
};

async function replay(histories: string): Promise<ReplayedInstance[]> {
  const script = join(ROOT, 'test', 'support', 'replay-histories.js');
  const { stdout } = await promisify(execFile)(process.execPath, [script, ROOT, histories], {
    env: { ...process.env, ...SETTINGS },
  });
  return JSON.parse(stdout) as ReplayedInstance[];
}

async function versionOfHost(): Promise<string> {
  const host = JSON.parse(await readFile(join(ROOT, 'host.json'), 'utf8'));
  return host.extensions.durableTask.defaultVersion;
}

describe('recorded histories', () => {
  it.each(readdirSync(RECORDED))('of version %s go on with the code of today, turn by turn', async (version) => {
    const replayed = await replay(join(RECORDED, version));

    expect(replayed.length).toBeGreaterThan(20);
    expect(replayed.filter(({ problem }) => problem !== undefined)).toEqual([]);
  });

  it('of the version in host.json are there, and every turn of every orchestrator is taken as it was recorded', async () => {
    const histories = join(RECORDED, await versionOfHost());

    const replayed = await replay(histories);

    expect(replayed.filter(({ problem }) => problem !== undefined)).toEqual([]);
    const orchestrators = new Set(replayed.map(({ orchestrator }) => orchestrator));
    expect(orchestrators).toEqual(
      new Set(['dailyBatch', 'tenantLane', 'tenantBatch', 'attempt', 'backfill', 'backfillLane', 'backfillDay']),
    );
    expect(replayed.every(({ turns }) => turns > 0)).toBe(true);
  });

  const changes: [string, string, string, string][] = [
    ['another step', '"Name":"planExport"', '"Name":"planDay"', 'attempt'],
    ['another orchestrator', '"Name":"tenantLane"', '"Name":"tenantQueue"', 'dailyBatch'],
  ];

  it.each(changes)('that had scheduled %s are found to diverge', async (_what, recorded, other, orchestrator) => {
    // prepare
    const folder = await mkdtemp(join(tmpdir(), 'makoto-replay-'));
    await cp(join(RECORDED, await versionOfHost()), folder, { recursive: true });
    for (const file of await readdir(folder)) {
      const path = join(folder, file);
      await writeFile(path, (await readFile(path, 'utf8')).replaceAll(recorded, other));
    }

    // act
    const replayed = await replay(folder);

    // assess
    const diverging = replayed.filter(({ problem }) => problem !== undefined);
    expect(new Set(diverging.map((each) => each.orchestrator))).toEqual(new Set([orchestrator]));
    await rm(folder, { recursive: true });
  });

  it('whose timer was set for another time are found to diverge', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'makoto-replay-'));
    await cp(join(RECORDED, await versionOfHost()), folder, { recursive: true });
    let changed = 0;
    for (const file of await readdir(folder)) {
      const path = join(folder, file);
      const text = await readFile(path, 'utf8');
      const other = text.replace(/"FireAt":"(\d{4})/, () => {
        changed += 1;
        return '"FireAt":"2001';
      });
      await writeFile(path, other);
    }

    const replayed = await replay(folder);

    expect(changed).toBeGreaterThan(0);
    expect(replayed.filter(({ problem }) => problem !== undefined)).toHaveLength(changed);
    await rm(folder, { recursive: true });
  });
});

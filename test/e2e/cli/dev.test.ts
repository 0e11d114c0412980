import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from './program';

let folder: string;
let program: Program | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-e2e-'));
});

afterAll(async () => {
  program?.kill();
  await rm(folder, { recursive: true, force: true });
});

async function dev(): Promise<Program> {
  program = new Program('dev', ['--folder', folder]);
  await program.says('Stop with Ctrl-C');
  return program;
}

/** The parts of the commands that are shown to the person. */
function shown({ stdout }: Program): { start: string; status: string; key: string } {
  const [, start = '', key = ''] = /curl -X POST (\S+) -H 'x-functions-key: (\S+)' -d/.exec(stdout) ?? [];
  const [, status = ''] = /curl (http\S+\/api\/runs\/export-\S+)/.exec(stdout) ?? [];
  return { start, status, key };
}

async function untilEnded(url: string, key: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(url, { headers: { 'x-functions-key': key } });
    if (answer.status !== 202) return answer;
  }
}

/** The page's address, as it is shown: it opens in a browser by itself. */
function pageOf({ stdout }: Program): string {
  return /http:\S+\/api\/dashboard\?code=\S+/.exec(stdout)?.[0] ?? '';
}

test('stays up with its HTTP functions, and goes on after Ctrl-C with what it had', async () => {
  // prepare
  const first = await dev();
  const { start, status, key } = shown(first);

  // act
  const page = await fetch(pageOf(first));
  const refused = await fetch(status);
  const started = await fetch(start, { method: 'POST', headers: { 'x-functions-key': key }, body: '{"job":"export"}' });
  const ended = await untilEnded(status, key);
  const interrupted = await first.interrupt();
  const second = await dev();
  const again = await second.interrupt();

  // assess
  expect(first.stdout.indexOf('/api/dashboard?code=')).toBeLessThan(first.stdout.indexOf('export of '));
  expect([page.status, await page.text()]).toEqual([200, expect.stringMatching(/minato-travel, [^:]+: missing/)]);
  expect([refused.status, started.status, ended.status]).toEqual([401, 202, 200]);
  expect(await ended.json()).toMatchObject({ status: 'completed', report: { status: 'completed' } });
  expect([interrupted.code, again.code]).toEqual([130, 130]);
  expect(interrupted.stderr).toContain('the sample is in');
  expect(again.stderr).not.toContain('the sample is in');
  expect(again.stderr).toContain('hinata-books shard 0 unchanged');
  expect([first.hasProcesses, second.hasProcesses]).toEqual([false, false]);
});

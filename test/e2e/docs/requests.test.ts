import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { SAMPLE_TENANTS } from '../../../local/sample/tenants';
import { type HostProcess, startHostProcess } from '../../support/host-process';
import { newServiceWorld, registerTenant, type ServiceWorld } from '../../support/service-world';
import { shellCommands } from '../../unit/docs/documents';
import { startSampleChannels } from './sample-world';
import { runInShell } from './shell';

// Every curl command of the documents, sent to the app on the local host in the order in which a reader meets them: a POST is
// answered with 202, and a GET, after the end of what was started, with 200. They are run by a shell as they stand. A machine that has
// Node only has no curl: there, and besides the real one elsewhere, a stand-in takes its place.

const requests = shellCommands().filter(({ command }) => command.startsWith('curl '));
const hasCurl = spawnSync('curl', ['--version']).status === 0;

let channels: Awaited<ReturnType<typeof startSampleChannels>>;
let world: ServiceWorld;
let folder: string;
let standIn: string;
let host: HostProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-docs-'));
  await writeFile(join(folder, '.curlrc'), 'silent\nshow-error\nwrite-out = "\\n%{http_code}\\n"\n');
  standIn = join(folder, 'bin');
  await mkdir(standIn);
  await writeFile(
    join(standIn, 'curl'),
    `#!/bin/sh\nexec '${process.execPath}' '${join(__dirname, 'curl.js')}' "$@"\n`,
    {
      mode: 0o755,
    },
  );
  channels = await startSampleChannels();
  world = await newServiceWorld(channels.settings);
  for (const { id, timeZone, channels: youtube_channel_ids } of SAMPLE_TENANTS)
    await registerTenant(world, id, { time_zone: timeZone, youtube_channel_ids });
  host = await startHostProcess(join(folder, 'state'), world.settings);
});

afterAll(async () => {
  await host?.stop();
  await world?.platform.dispose();
  await channels?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A run, of which there may be several, or a backfill. */
interface Started {
  readonly statusUrl: string;
}

interface Answer {
  readonly status: number;
  readonly body: Partial<Started> & { readonly status?: string; readonly runs?: readonly Started[] };
}

async function send(command: string, path: string): Promise<Answer> {
  const environment = { PATH: path, CURL_HOME: folder, BATCH_URL: host.url, BATCH_KEY: host.functionKey };
  const { code, stdout, stderr } = await runInShell(command, environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  return { status: Number(lines.pop()), body: JSON.parse(lines.join('\n')) as Answer['body'] };
}

async function untilEnded(url: string): Promise<void> {
  const headers = { 'x-functions-key': host.functionKey };
  while ((await fetch(url, { headers })).status === 202);
}

function startedBy({ runs, statusUrl }: Answer['body']): string[] {
  return runs?.map((run) => run.statusUrl) ?? (statusUrl === undefined ? [] : [statusUrl]);
}

const { PATH = '' } = process.env;

describe.each([...(hasCurl ? ['curl'] : []), 'stand-in'])('sent by %s', (sender) => {
  test('the commands are answered as the text says', async () => {
    const path = sender === 'curl' ? PATH : [standIn, PATH].join(delimiter);
    const answers: { command: string; status: number; says: string | undefined }[] = [];

    for (const { command } of requests) {
      const { status, body } = await send(command, path);
      answers.push({ command, status, says: body.status });
      const started = command.includes('-X POST') ? startedBy(body) : [];
      for (const statusUrl of started) await untilEnded(statusUrl);
    }

    const promised = requests.map(({ command }) =>
      command.includes('-X POST')
        ? { command, status: 202, says: undefined }
        : { command, status: 200, says: command.includes('/api/runs/') ? 'completed' : undefined },
    );
    expect(answers).toEqual(promised);
    expect(promised.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 202]));
  });
});

// Records histories of the app's orchestrators, for the test that replays them: `npm run record-histories`, after a build. They go
// into a folder named after host.json's defaultVersion; histories of other versions stay.
const { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
const app = join(__dirname, 'host-apps', 'rehearsal');
const { startHost } = require(join(root, 'dist/local/host/host.js'));
const { stderrLog } = require(join(root, 'dist/local/host/stderr-log.js'));

const BACKFILL = { from: '2025-07-01', to: '2025-07-03', concurrency: 2, force: false };

const REQUESTS = [
  ['dailyBatch', 'export-2025-08-11', { job: 'export', date: '2025-08-11', force: false }],
  ['dailyBatch', 'youtube-2025-08-12', { job: 'youtube', date: '2025-08-12', force: false }],
  ['backfill', 'backfill-2025-07-01-2025-07-03', BACKFILL],
];

async function runToTheEnd(host, [orchestrator, id, request]) {
  const response = await fetch(
    `${host.url}/runtime/webhooks/durabletask/orchestrators/${orchestrator}/${id}?code=${host.systemKey}`,
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) },
  );
  if (!response.ok) throw new Error(`The run was not started: ${response.status} ${await response.text()}`);
  await host.waitFor(id, 'terminal');
}

async function main() {
  const { extensions } = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8'));
  const { hubName, defaultVersion } = extensions.durableTask;
  const target = join(root, 'test/e2e/replay/recorded', defaultVersion);
  const stateDir = mkdtempSync(join(tmpdir(), 'makoto-record-'));
  copyFileSync(join(root, 'host.json'), join(app, 'host.json'));
  const host = await startHost({ appRoot: app, stateDir, settings: {}, log: stderrLog('warn') });
  try {
    for (const request of REQUESTS) await runToTheEnd(host, request);
  } finally {
    await host.stop();
    rmSync(join(app, 'host.json'));
  }
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const instances = join(stateDir, hubName, 'instances');
  for (const file of readdirSync(instances).filter((name) => name.endsWith('.ndjson'))) {
    // Stacks in failures name folders of the machine that recorded them.
    const text = readFileSync(join(instances, file), 'utf8').replaceAll(root, '.');
    writeFileSync(join(target, file), text);
  }
  rmSync(stateDir, { recursive: true });
  process.stdout.write(`Recorded histories of version ${defaultVersion}.\n`);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});

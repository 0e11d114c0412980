// The local host over the compiled app in a process of its own, for tests that kill it: `node host-child.js STATE`.
// Prints a line of JSON when it is ready, and one for every progress event. Settings and the kill switch are its environment.
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
const { startHost } = require(join(root, 'dist/local/host/host.js'));
const { killSwitch } = require(join(root, 'dist/local/host/storage/kill-switch.js'));
const { stderrLog } = require(join(root, 'dist/local/host/stderr-log.js'));

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function main() {
  const writeObserver = killSwitch(process.env);
  const host = await startHost({
    appRoot: root,
    stateDir: process.argv[2],
    settings: {},
    log: stderrLog('warn'),
    ...(writeObserver && { writeObserver }),
  });
  host.onProgress((event) => say({ event }));
  process.once('SIGTERM', () => host.stop().then(() => process.exit(0)));
  say({ ready: { url: host.url, functionKey: host.functionKey } });
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});

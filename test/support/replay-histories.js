// Replays recorded histories with the compiled app, in a process of its own, as a host is one a process:
// `node replay-histories.js APP HISTORIES` prints what checkReplays found as JSON.
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
const { checkReplays } = require(join(root, 'dist/local/host/replay-check.js'));
const { stderrLog } = require(join(root, 'dist/local/host/stderr-log.js'));

const [appRoot, histories] = process.argv.slice(2);
checkReplays({ appRoot, histories, log: stderrLog('error') }).then(
  (replayed) => {
    process.stdout.write(JSON.stringify(replayed), () => process.exit(0));
  },
  (error) => {
    process.stderr.write(`${error.stack}\n`, () => process.exit(1));
  },
);

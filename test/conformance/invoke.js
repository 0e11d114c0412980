// The compiled function in a process of its own, for tests that kill it: `node invoke.js EVENT`. Its settings are its environment.
const { writeSync } = require('node:fs');
const { join } = require('node:path');

const { handler } = require(join(__dirname, '..', '..', 'dist/aws-fallback/handler.js'));

// As in Lambda, nobody waits for connections that are kept for the next event.
handler(JSON.parse(process.argv[2]), { getRemainingTimeInMillis: () => 900_000 }).then(
  () => process.exit(0),
  (error) => {
    writeSync(2, `${error.stack}\n`);
    process.exit(1);
  },
);

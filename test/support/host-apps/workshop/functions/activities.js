'use strict';

const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const df = require('durable-functions');

/** Writes a line to the ledger, the file that tests read to see what has really run, and how often. */
function note(line) {
  if (process.env.LEDGER) {
    appendFileSync(process.env.LEDGER, `${line}\n`);
  }
}

function timesNoted(line) {
  const ledger = process.env.LEDGER;
  return ledger && existsSync(ledger)
    ? readFileSync(ledger, 'utf8')
        .split('\n')
        .filter((other) => other === line).length
    : 0;
}

df.app.activity('note', {
  handler: (line) => {
    note(line);
    return `noted ${line}`;
  },
});

df.app.activity('echo', { handler: (input) => input });

/** Fails until it has been called `failures` times before. */
df.app.activity('flaky', {
  handler: ({ name, failures }) => {
    const calls = timesNoted(name);
    note(name);
    if (calls < failures) {
      throw new Error(`call ${calls + 1} of ${name} fails`);
    }
    return calls + 1;
  },
});

df.app.activity('text', { handler: ({ kilobytes }) => 'x'.repeat(kilobytes * 1024) });

df.app.activity('never', { handler: () => new Promise(() => {}) });

df.app.activity('instance', { handler: (_input, context) => context.triggerMetadata.instanceId });

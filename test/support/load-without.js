// Loads the compiled app as the worker does, where some packages are not installed: `node load-without.js PACKAGE…` prints the names
// of the functions that it registers. Settings are its environment.
const Module = require('node:module');
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
const { loadApp } = require(join(root, 'dist/local/host/app/app-loader.js'));
const { stderrLog } = require(join(root, 'dist/local/host/stderr-log.js'));

const absent = process.argv.slice(2);
const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveInstalled(request, ...rest) {
  if (absent.some((name) => request === name || request.startsWith(`${name}/`))) {
    throw new Error(`${request} is not installed in production.`);
  }
  return resolve.call(this, request, ...rest);
};

loadApp(root, stderrLog('warn')).then(
  ({ functions }) => {
    // What the first work loads.
    require(join(root, 'dist/functions/platform.js')).appSteps();
    // What encodes, in the thread and without one.
    require(join(root, 'dist/shared/parquet/encoding-service.js'));
    const { createEncoder } = require(join(root, 'dist/shared/parquet/encoders.js'));
    for (const name of ['arrow', 'parquetjs-lite']) createEncoder(name);
    const names = functions.map(({ metadata }) => metadata.name);
    process.stdout.write(JSON.stringify(names), () => process.exit(0));
  },
  (error) => {
    process.stderr.write(`${error.stack}\n`, () => process.exit(1));
  },
);

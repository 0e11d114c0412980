/**
 * The local host as a process of its own:
 *
 *   node dist/local/host/main.js --app DIR --state DIR [--port N]
 *
 * Prints one line of JSON on standard output when it is ready, `{"url":…,"functionKey":…}`; everything else goes to
 * standard error. SIGTERM and SIGINT stop it. Keys come from LOCAL_HOST_FUNCTION_KEY and LOCAL_HOST_SYSTEM_KEY, never
 * from arguments, which other users of the machine can read. App settings are the process's environment. With
 * LOCAL_HOST_VERBOSE the log has its debug lines too.
 */
import { parseArgs } from 'node:util';
import { HostError, messageOf } from './errors';
import { startHost } from './host';
import { stderrLog } from './stderr-log';
import { killSwitch } from './storage/kill-switch';

async function main(): Promise<void> {
  const log = stderrLog(process.env.LOCAL_HOST_VERBOSE ? 'debug' : 'info');
  const { app, state, port } = readArguments();
  const { LOCAL_HOST_FUNCTION_KEY: functionKey, LOCAL_HOST_SYSTEM_KEY: systemKey } = process.env;
  const writeObserver = killSwitch(process.env);
  const host = await startHost({
    appRoot: app,
    stateDir: state,
    port,
    settings: {},
    log,
    onFailure: () => process.exit(1),
    ...(functionKey && { functionKey }),
    ...(systemKey && { systemKey }),
    ...(writeObserver && { writeObserver }),
  });
  const stop = () => {
    host.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error(`The local host did not stop cleanly: ${messageOf(error)}`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ url: host.url, functionKey: host.functionKey })}\n`);
}

function readArguments(): { app: string; state: string; port: number } {
  const { values } = parseArgs({
    options: { app: { type: 'string' }, state: { type: 'string' }, port: { type: 'string', default: '0' } },
  });
  const port = Number(values.port);
  if (values.app === undefined || values.state === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new HostError('host_request_invalid', 'Usage: main.js --app DIR --state DIR [--port N]');
  }
  return { app: values.app, state: values.state, port };
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(error instanceof HostError && error.code === 'host_request_invalid' ? 2 : 1);
});

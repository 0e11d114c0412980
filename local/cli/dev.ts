import { join } from 'node:path';
import { instanceId } from '../../shared/batch/request';
import type { LocalHost } from '../host/host';
import { type LocalOptions, type LocalRun, portNumber, runLocalCommand } from './local-command';
import { shownPath } from './project-root';
import { startSampleHost } from './sample-host';
import { runSampleBatch, sampleRunLines } from './sample-run';
import { startSampleServices } from './sample-services';

interface DevOptions extends LocalOptions {
  readonly port: number;
}

/** `npm run dev`: the batch on this machine, staying up. */
runLocalCommand<DevOptions>({
  name: 'npm run dev --',
  description: 'Runs the batch on embedded services and stays up, with its schedules and HTTP functions.',
  options: (command) =>
    command.option('--port <number>', 'the port of the HTTP functions; 0 is a free one', portNumber, 0),
  run: dev,
});

async function dev({ options, env, display, teardown, people, width }: LocalRun<DevOptions>): Promise<number> {
  const kept = join(options.folder, 'dev');
  const services = await startSampleServices({ env, display, teardown, dataDir: join(kept, 'services') });
  const stateDir = join(kept, 'host');
  const { port } = options;
  let onFailure: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_resolve, reject) => {
    onFailure = reject;
  });
  // It may come before anybody waits for it, and then the start itself fails too.
  failure.catch(() => undefined);
  const host = await startSampleHost({ env, services, display, teardown, stateDir, port, onFailure });
  const outputFolder = join(options.folder, 'output');
  const run = runSampleBatch({ host, platform: services.platform, display, outputFolder });
  const report = await Promise.race([run, failure]);
  const runs = report.jobs.map(instanceId);
  const lines = [...sampleRunLines(report, width), '', ...usageLines(host, runs, kept)];
  people.write(`${lines.join('\n')}\n`);
  return failure;
}

function usageLines({ url, functionKey }: LocalHost, runs: readonly string[], kept: string): string[] {
  return [
    `The app is up at ${url}; its schedules run. Start a run, and look at it:`,
    '',
    `  curl -X POST ${url}/api/runs -H 'x-functions-key: ${functionKey}' -d '{"job":"export"}'`,
    `  curl -X POST ${url}/api/runs -H 'x-functions-key: ${functionKey}' -d '{"job":"youtube"}'`,
    ...runs.map((run) => `  curl ${url}/api/runs/${run} -H 'x-functions-key: ${functionKey}'`),
    '',
    `Data and histories are kept in ${shownPath(kept)}/. Stop with Ctrl-C; an interrupted run goes on with the next start.`,
  ];
}

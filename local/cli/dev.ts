import { join } from 'node:path';
import { instanceId } from '../../shared/batch/request';
import type { LocalHost } from '../host/host';
import { loadSampleHistory } from '../sample/load-history';
import type { Environment } from './env-file';
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
  const { metadata, clock } = services.platform;
  display.show('writing the records of the weeks before');
  await loadSampleHistory({ metadata, dates: services.sample.dates, nowMs: clock.now() });
  const stateDir = join(kept, 'host');
  const { port } = options;
  let onFailure: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_resolve, reject) => {
    onFailure = reject;
  });
  // It may come before anybody waits for it, and then the start itself fails too.
  failure.catch(() => undefined);
  const settings = { ...services.settings, ...pastSettings(env) };
  const host = await startSampleHost({
    env,
    services: { ...services, settings },
    display,
    teardown,
    stateDir,
    port,
    onFailure,
  });
  people.write(`The page of the batch, with its days and runs:\n\n  ${dashboardUrl(host)}\n\n`);
  const outputFolder = join(options.folder, 'output');
  const run = runSampleBatch({ host, platform: services.platform, display, outputFolder });
  const report = await Promise.race([run, failure]);
  const runs = report.jobs.map(instanceId);
  const lines = [...sampleRunLines(report, width), '', ...usageLines(host, runs, kept)];
  people.write(`${lines.join('\n')}\n`);
  return failure;
}

/** The days before the sample's are records without data: a run must not make them good, unless it is asked to. */
function pastSettings({ CATCH_UP_DAYS, LATE_WINDOW_DAYS }: Environment): Record<string, string> {
  return { CATCH_UP_DAYS: CATCH_UP_DAYS?.trim() || '0', LATE_WINDOW_DAYS: LATE_WINDOW_DAYS?.trim() || '0' };
}

/** A browser sends no header of ours, so that the key is part of the address. */
function dashboardUrl({ url, functionKey }: LocalHost): string {
  return `${url}/api/dashboard?${new URLSearchParams({ code: functionKey })}`;
}

function usageLines(host: LocalHost, runs: readonly string[], kept: string): string[] {
  const { url, functionKey } = host;
  return [
    'The page, with what was run just now:',
    '',
    `  ${dashboardUrl(host)}`,
    '',
    `The app is up at ${url}; its schedules run. Start a run, and look at it:`,
    '',
    `  curl -X POST ${url}/api/runs -H 'x-functions-key: ${functionKey}' -d '{"job":"export"}'`,
    `  curl -X POST ${url}/api/runs -H 'x-functions-key: ${functionKey}' -d '{"job":"youtube"}'`,
    ...runs.map((run) => `  curl ${url}/api/runs/${run} -H 'x-functions-key: ${functionKey}'`),
    '',
    `Data and histories are kept in ${shownPath(kept)}/. Stop with Ctrl-C; an interrupted run goes on with the next start.`,
  ];
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalOptions, type LocalRun, runLocalCommand } from './local-command';
import { exitCodeOf, writeJson } from './outcome';
import { startSampleHost } from './sample-host';
import { runSampleBatch, sampleRunLines } from './sample-run';
import { startSampleServices } from './sample-services';

/** `npm start`: the whole batch on this machine, once. */
runLocalCommand<LocalOptions>({
  name: 'npm start --',
  description: 'Runs the batch on embedded services with sample data, shows what it made, and stops everything.',
  options: (command) => command.option('--json', 'print one JSON object on the last line of standard output'),
  run: start,
});

async function start({ options, env, display, teardown, people, width }: LocalRun<LocalOptions>): Promise<number> {
  const services = await startSampleServices({ env, display, teardown });
  const stateDir = await mkdtemp(join(tmpdir(), 'makoto-start-'));
  await teardown.add(() => rm(stateDir, { recursive: true, force: true }));
  const host = await startSampleHost({ env, services, display, teardown, stateDir, port: 0 });
  const outputFolder = join(options.folder, 'output');
  const report = await runSampleBatch({ host, platform: services.platform, display, outputFolder });
  people.write(`${sampleRunLines(report, width).join('\n')}\n`);
  if (options.json) writeJson(process.stdout, report);
  return exitCodeOf(report);
}

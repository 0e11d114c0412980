import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { forever, type LocalOptions, type LocalRun, runLocalCommand } from './local-command';
import { projectRoot, shownPath } from './project-root';
import { startEmptyServices, startSampleServices } from './sample-services';
import { writeEnvFile, writeLocalSettings } from './services-files';

interface ServicesOptions extends LocalOptions {
  readonly empty?: boolean;
  readonly localSettings: string;
}

/** `npm run services`: the embedded services alone, with the sample in them. */
runLocalCommand<ServicesOptions>({
  name: 'npm run services --',
  description: 'Runs the embedded services with sample data, and writes the settings that lead to them.',
  options: (command) =>
    command
      .option('--empty', 'put no sample into them, and stand in for no YouTube API')
      .option('--local-settings <file>', 'the settings of func start', join(projectRoot(), 'local.settings.json')),
  run: services,
});

async function services({ options, env, display, teardown, people }: LocalRun<ServicesOptions>): Promise<number> {
  const sampled = options.empty === true ? undefined : await startSampleServices({ env, display, teardown });
  const { settings } = sampled ?? (await startEmptyServices({ env, display, teardown }));
  display.clear();
  const envFile = join(options.folder, 'services.env');
  await writeEnvFile(envFile, { ...settings });
  await teardown.add(() => rm(envFile, { force: true }));
  const values = { ...settings, AzureWebJobsStorage: settings.AZURE_STORAGE_CONNECTION_STRING };
  const written = await writeLocalSettings(options.localSettings, values);
  const [date] = Object.values(sampled?.sample.dates ?? {});
  people.write(`${usageLines(shownPath(envFile), shownPath(options.localSettings), written, date).join('\n')}\n`);
  return forever();
}

function usageLines(envFile: string, localSettings: string, written: boolean, date: string | undefined): string[] {
  const func = written
    ? [`${localSettings} leads func start to them.`]
    : [
        `${localSettings} is not one that this command wrote, so it was left as it is. To use the services with func start,`,
        `copy the values of ${envFile} into it, and the connection string also as AzureWebJobsStorage.`,
      ];
  const holding =
    date === undefined
      ? 'with nothing in them. In another terminal, with settings of your own in the first file:'
      : `with sample messages of ${date} and sample channels. In another terminal:`;
  const files = date === undefined ? `--env-file my.env --env-file ${envFile}` : `--env-file ${envFile}`;
  return [
    `The services are up, ${holding}`,
    '',
    `  npx makoto-batch plan all ${files}`,
    `  npx makoto-batch run all ${files}`,
    '',
    ...func,
    'Stop with Ctrl-C; the data is in memory and goes with it.',
  ];
}

import { app, type InvocationContext, type Timer } from '@azure/functions';
import * as df from 'durable-functions';
import { scheduledRequest } from '../shared/batch/scheduled-request';
import { appPlatform } from './platform';
import { startRun } from './start-run';

app.timer('exportTimer', {
  schedule: appPlatform().settings.exportSchedule,
  extraInputs: [df.input.durableClient()],
  handler: async (_timer: Timer, context: InvocationContext): Promise<void> => {
    const platform = appPlatform();
    const started = await startRun(df.getClient(context), scheduledRequest(platform));
    const sentence =
      started.kind === 'started' ? 'The scheduled export is started.' : 'The scheduled export is running already.';
    platform.log.info(sentence, { run: started.id });
  },
});

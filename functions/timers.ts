import { app, type InvocationContext, type Timer } from '@azure/functions';
import * as df from 'durable-functions';
import { instanceId, type Job } from '../shared/batch/request';
import { scheduledRequest } from '../shared/batch/scheduled-request';
import { EXPORT_TIMER, YOUTUBE_TIMER } from './names';
import { appPlatform, appSettings } from './platform';
import { startRun } from './start-run';

const { exportSchedule, youtube, database } = appSettings();

schedule(EXPORT_TIMER, 'export', exportSchedule);
// Without a database there is no sync, and a timer that can only fail would ring every day.
if (database !== undefined) schedule(YOUTUBE_TIMER, 'youtube', youtube.schedule);

function schedule(name: string, job: Job, expression: string): void {
  app.timer(name, {
    schedule: expression,
    extraInputs: [df.input.durableClient()],
    handler: (_timer: Timer, context: InvocationContext): Promise<void> => {
      const platform = appPlatform();
      const request = scheduledRequest(job, platform);
      const { date } = request;
      const start = async () => {
        const started = await startRun(df.getClient(context), request);
        const sentence =
          started.kind === 'started' ? 'The scheduled run is started.' : 'The scheduled run is under way.';
        platform.log.info(sentence, { job, date, run: started.id });
      };
      const dimensions = { job, date, run: instanceId(request), stage: 'start' };
      // In a span, so that the orchestration becomes a part of the timer's trace.
      return platform.telemetry.span(name, dimensions, start, context.traceContext?.traceParent);
    },
  });
}

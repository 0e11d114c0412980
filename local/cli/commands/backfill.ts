import type { Command } from 'commander';
import { InputError, SettingsError } from '../../../shared/errors';
import type { BackfillReport } from '../../../shared/operations/backfill/backfill-report';
import {
  type BackfillRequest,
  backfillRequest,
  DAYS_AT_ONCE,
} from '../../../shared/operations/backfill/backfill-request';
import { type BackfillPreview, previewBackfill } from '../../../shared/operations/backfill/preview-backfill';
import { runBackfill } from '../../../shared/operations/backfill/run-backfill';
import { Secret } from '../../../shared/secret';
import { BackfillDisplay } from '../backfill-display';
import { followBackfill } from '../backfill-follow';
import { backfillLines, dayLine, nextCommand, previewLines } from '../backfill-text';
import { BatchApi } from '../batch-api';
import { type CliCommand, collect, type GlobalOptions, optionsOf } from '../cli-command';
import type { CliSession } from '../cli-session';
import { loadEnvFiles } from '../env-file';
import { interruptOf } from '../interrupt';
import { ExitCode, exitCodeOfStatus } from '../outcome';

interface BackfillOptions {
  readonly from?: string;
  readonly to?: string;
  readonly tenant?: readonly string[];
  readonly concurrency?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly url?: string;
}

/** `makoto-batch backfill`: the days of a range that are not published yet. */
export const backfillCommand: CliCommand = {
  examples: [
    ['makoto-batch backfill --from 2025-01-01 --to 2025-06-30', 'the days that are not published yet'],
    ['makoto-batch backfill --from 2025-01-01 --to 2025-06-30 --url https://app.azurewebsites.net', ''],
  ],
  register(program, session) {
    program
      .command('backfill')
      .description('exports every day of a range that is not published yet, the oldest first')
      .requiredOption('--from <date>', 'the first business date, as yyyy-mm-dd')
      .requiredOption('--to <date>', 'the last one')
      .option('--tenant <id>', 'a tenant, instead of those in TENANT_ID; may be given more than once', collect)
      .option('--concurrency <n>', `days at a time, up to ${DAYS_AT_ONCE.most}`, String(DAYS_AT_ONCE.usual))
      .option('--force', 'also days that are published, with everything in them read again')
      .option('--yes', 'start without asking')
      .option(
        '--url <url>',
        'the function app that runs it, with BATCH_KEY as its key; without it BATCH_URL, or else this process',
      )
      .action(async (_options: unknown, command: Command) => {
        const { own, global } = optionsOf<BackfillOptions>(command);
        await backfill(session, own, global);
      });
  },
};

async function backfill(session: CliSession, options: BackfillOptions, global: GlobalOptions): Promise<void> {
  const request = requestOf(options);
  loadEnvFiles(session.edges.env, global.envFiles);
  const url = options.url ?? session.edges.env.BATCH_URL?.trim() ?? '';
  if (url === '') await backfillHere(session, request, options, global);
  else await backfillThere(session, apiAt(session, url), request, options, global);
}

function requestOf({ from, to, tenant, concurrency, force = false }: BackfillOptions): BackfillRequest {
  const tenants = tenant === undefined ? {} : { tenants: tenant };
  return {
    ...backfillRequest({ from, to, concurrency: Number(concurrency), force, ...tenants }),
    requestedBy: 'backfill',
  };
}

/** In this process. Ctrl-C lets the days under way come to their end. */
async function backfillHere(
  session: CliSession,
  request: BackfillRequest,
  options: BackfillOptions,
  global: GlobalOptions,
): Promise<void> {
  const { edges, display } = session;
  await session.onPlatform(session.settings(global), async (platform) => {
    display.show('looking at what there is to do');
    const { work, preview } = await previewBackfill(platform, request, 'inline');
    if (!(await wanted(session, preview, options, global))) return;

    const interrupt = interruptOf(
      session,
      'No further day is begun; those under way come to their end. Ctrl-C again ends at once: what is published stays.',
    );
    const shown = new BackfillDisplay(display, edges.clock, { days: preview.days, seconds: preview.estimate.seconds });
    const stand = { done: 0, failed: 0, current: [] as string[], messages: 0 };
    const report = await runBackfill(platform, request, work, {
      isStopped: () => interrupt.isInterrupted(),
      onDayBegun: (date) => {
        stand.current.push(date);
        shown.show(stand);
      },
      onDay: (outcome) => {
        stand.current = stand.current.filter((date) => date !== outcome.date);
        if (outcome.status === 'completed') stand.done += 1;
        if (outcome.status === 'failed') stand.failed += 1;
        stand.messages += outcome.messages;
        shown.show(stand);
        if (outcome.status !== 'left') shown.step(dayLine(outcome), stand);
      },
    });
    interrupt.undo();
    tellEnd(session, request, preview, report, global);
  });
}

/** By the orchestrator of the app, which goes on without this process. */
async function backfillThere(
  session: CliSession,
  api: BatchApi,
  request: BackfillRequest,
  options: BackfillOptions,
  global: GlobalOptions,
): Promise<void> {
  const { edges, display } = session;
  display.show(`asking ${api.url} what there is to do`);
  const preview = await api.preview(request);
  if (!(await wanted(session, preview, options, global))) return;

  const { id, isNew } = await api.start(request);
  display.step(isNew ? `${id} is started` : `${id} is under way already`);
  const goesOn = `The backfill goes on at ${api.url} as ${id}. The same command shows how it gets on.`;
  const interrupt = interruptOf(session, goesOn);
  const shown = new BackfillDisplay(display, edges.clock, { days: preview.days, seconds: preview.estimate.seconds });
  const following = { api, clock: edges.clock, display: shown, interrupted: interrupt.interrupted };
  const state = await followBackfill(following, id).catch((error: unknown) => {
    display.print(goesOn);
    throw error;
  });
  interrupt.undo();
  if (state === undefined) {
    display.clear();
    session.result({ status: 'running', id, plan: preview }, global);
    session.exitCode = ExitCode.notCompleted;
  } else if (state.report === undefined) {
    session.tell(
      [`${id} has ended as ${state.status} without a report. What is published stays: the same command goes on.`],
      global,
    );
    session.result({ status: 'failed', id, plan: preview }, global);
    session.exitCode = ExitCode.notCompleted;
  } else {
    tellEnd(session, request, preview, state.report, global, api.url);
  }
}

/** Shows what would be done, and asks. @throws InputError where nobody can answer */
async function wanted(
  session: CliSession,
  preview: BackfillPreview,
  { yes = false }: BackfillOptions,
  global: GlobalOptions,
): Promise<boolean> {
  session.tell(previewLines(preview), global);
  if (preview.tenantDays.toDo === 0) {
    const status = preview.refused.length === 0 ? 'completed' : 'failed';
    session.tell(['There is nothing to do.'], global);
    session.result({ status, plan: preview }, global);
    session.exitCode = exitCodeOfStatus(status);
    return false;
  }
  if (yes) return true;
  const answer = await session.edges.ask?.('Start? [y/N] ');
  if (answer === undefined) throw new InputError({ yes: 'is missing: nobody is there to be asked' });
  if (/^y(es)?$/i.test(answer.trim())) return true;
  session.tell(['Nothing was started.'], global);
  session.result({ status: 'not_started', plan: preview }, global);
  session.exitCode = ExitCode.notCompleted;
  return false;
}

function tellEnd(
  session: CliSession,
  request: BackfillRequest,
  preview: BackfillPreview,
  report: BackfillReport,
  global: GlobalOptions,
  url?: string,
): void {
  const { envFiles } = global;
  const isDone = report.status === 'completed';
  const next = isDone
    ? {}
    : { next: nextCommand(request, report, { envFiles, ...(url === undefined ? {} : { url }) }) };
  session.tell(backfillLines(report, next.next), global);
  session.result({ ...report, plan: preview, ...next }, global);
  session.exitCode = exitCodeOfStatus(report.status);
}

/** @throws InputError for an address that is none, SettingsError without a key */
function apiAt({ edges }: CliSession, url: string): BatchApi {
  const key = (edges.env.BATCH_KEY ?? '').trim();
  if (!/^[\x21-\x7e]+$/.test(key)) {
    const what = key === '' ? 'is not set' : 'holds what no key has';
    throw new SettingsError([`BATCH_KEY ${what}: the function app at the address takes a function key or host key`]);
  }
  return new BatchApi({ url, key: new Secret(key), fetch: edges.fetch ?? fetch });
}

import { runReport } from '../../../shared/batch/report';
import { businessDateAt, parseBusinessDate } from '../../../shared/calendar';
import { InputError } from '../../../shared/errors';
import { findMessage } from '../../../shared/operations/quarantine/find-message';
import { messageOfKey } from '../../../shared/operations/quarantine/message-of-key';
import { daysToRun, type JudgedDays, judgeDays } from '../../../shared/operations/quarantine/replay-days';
import { replayCopy, undoCopy } from '../../../shared/operations/quarantine/replay-message';
import { type DayRunAgain, runDayAgain } from '../../../shared/operations/quarantine/run-again';
import type { DisposablePlatform } from '../../../shared/platform';
import type { Settings } from '../../../shared/settings';
import { readTenant, type Tenant } from '../../../shared/tenants';
import type { GlobalOptions } from '../cli-command';
import type { CliSession } from '../cli-session';
import { readCopy } from '../copy-file';
import { type DateOptions, dateSpan } from '../date-span';
import { ExitCode, exitCodeOf } from '../outcome';
import { dayRunAgainLines, judgedDaysLines, replayedMessageLines } from '../quarantine-replay-text';
import { RunProgress } from '../run-progress';

/** The options of `quarantine replay`, as they were typed. */
export interface ReplayArguments extends DateOptions {
  readonly tenant: string;
  readonly dryRun?: boolean;
  readonly key?: string;
  readonly file?: string;
  readonly undo?: boolean;
}

export async function replayQuarantined(
  session: CliSession,
  args: ReplayArguments,
  global: GlobalOptions,
): Promise<void> {
  checkArguments(args);
  const settings = session.settings(global);
  if (args.key === undefined) await replayDays(session, settings, args, global);
  else await replayMessage(session, settings, { ...args, key: args.key }, global);
}

function checkArguments({ key, file, undo, dryRun, from, to }: ReplayArguments): void {
  const problems: Record<string, string> = {};
  if (key === undefined && file !== undefined) problems.file = 'belongs to --key';
  if (key === undefined && undo === true) problems.undo = 'belongs to --key';
  if (key !== undefined && (file === undefined) !== (undo === true))
    problems.key = 'expected either --file or --undo with it';
  if (key !== undefined && dryRun === true) problems['--dry-run'] = 'does not go with --key';
  if (key !== undefined && (from ?? to) !== undefined) problems.from = 'expected one --date with --key, or none';
  if (Object.keys(problems).length > 0) throw new InputError(problems);
}

/** Runs a tenant's day again, and tells how it is getting on. */
function runner(session: CliSession, date: string) {
  const progress = new RunProgress(session.display, { job: 'export', date });
  return {
    onStep: progress.onStep.bind(progress),
    onTenant: progress.onTenant.bind(progress),
  };
}

async function replayMessage(
  session: CliSession,
  settings: Settings,
  args: ReplayArguments & { readonly key: string },
  global: GlobalOptions,
): Promise<void> {
  const key = messageOfKey(args.tenant, args.key);
  const asked = args.date === undefined ? undefined : parseBusinessDate(args.date);
  const copy = args.file === undefined ? undefined : await readCopy(args.file, session.edges);
  await session.onPlatform(settings, async (platform) => {
    const { id: tenant, timeZone } = await tenantOf(platform, args.tenant, settings);
    const { date } = await findMessage(platform, { id: tenant, timeZone }, key, asked);
    const message = { tenant, timeZone, date, key };
    const hooks = runner(session, date);
    const replayed =
      copy === undefined ? await undoCopy(platform, message, hooks) : await replayCopy(platform, message, copy, hooks);
    const { report, inQuarantine, before, after } = replayed;
    session.tell(replayedMessageLines(tenant, key.key, replayed, session.width(global)), global);
    const { status, jobs } = runReport([report]);
    session.result({ status, tenant, key: key.key, date, before, after, inQuarantine, jobs }, global);
    session.exitCode = exitCodeOf({ status, jobs });
  });
}

async function replayDays(
  session: CliSession,
  settings: Settings,
  args: ReplayArguments,
  global: GlobalOptions,
): Promise<void> {
  await session.onPlatform(settings, async (platform) => {
    const tenant = await tenantOf(platform, args.tenant, settings);
    const span = dateSpan(args, businessDateAt(platform.clock.now(), tenant.timeZone));
    session.display.show(`judging the quarantine of ${tenant.id}`);
    const judged = await judgeDays(platform, { tenant: tenant.id, timeZone: tenant.timeZone }, span);
    session.tell(judgedDaysLines(tenant.id, span, judged, session.width(global)), global);
    const replayed = args.dryRun === true ? [] : await runDays(session, platform, tenant, judged, global);
    const { status, jobs } = runReport(replayed.map(({ report }) => report));
    const unread = judged.unreadable.length > 0;
    const nothing = jobs.length === 0;
    const reached = nothing ? (unread ? 'failed' : 'completed') : unread && status === 'completed' ? 'partial' : status;
    const days = replayed.map(({ date, before, after }) => ({ date, before, after }));
    session.result({ status: reached, tenant: tenant.id, ...span, judged: judged.days, days, jobs }, global);
    session.exitCode = reached === 'completed' ? ExitCode.completed : ExitCode.notCompleted;
  });
}

async function runDays(
  session: CliSession,
  platform: DisposablePlatform,
  { id: tenant }: Tenant,
  judged: JudgedDays,
  global: GlobalOptions,
): Promise<DayRunAgain[]> {
  const replayed: DayRunAgain[] = [];
  const days = daysToRun(judged.days);
  for (const [at, { date, force }] of days.entries()) {
    const again = await runDayAgain(platform, { tenant, date, force }, runner(session, date));
    replayed.push(again);
    session.tell(dayRunAgainLines(tenant, again, session.width(global)), global);
    // A day that messages leave must not be run before the day that they go to.
    if (again.report.status === 'completed') continue;
    const left = days.slice(at + 1).map((day) => day.date);
    if (left.length > 0)
      session.tell([`Not run again: ${left.join(', ')}. Replay once more when this is mended.`], global);
    break;
  }
  return replayed;
}

/** @throws TenantError where its registry entry cannot be used */
function tenantOf({ metadata }: DisposablePlatform, tenant: string, settings: Settings): Promise<Tenant> {
  return readTenant(metadata, tenant, settings);
}

import { businessDateAt } from '../../../shared/calendar';
import { type Failure, InputError, toFailure } from '../../../shared/errors';
import type { QuarantineReason } from '../../../shared/messages/quarantine-reason';
import {
  type DateSpan,
  listQuarantine,
  type TenantQuarantine,
} from '../../../shared/operations/quarantine/list-quarantine';
import type { DisposablePlatform } from '../../../shared/platform';
import { resolveTenants, type Tenant } from '../../../shared/tenants';
import type { GlobalOptions } from '../cli-command';
import type { CliSession } from '../cli-session';
import { type DateOptions, dateSpan } from '../date-span';
import { ExitCode } from '../outcome';
import { quarantineListLines } from '../quarantine-list-text';
import { failureLines } from '../report-text';

/** The options of `quarantine list`, as they were typed. */
export interface ListArguments extends DateOptions {
  readonly tenant?: readonly string[];
  readonly reason?: QuarantineReason;
  readonly keys?: boolean;
  readonly limit?: string;
}

const DEFAULT_LIMIT = 100;

export async function listQuarantined(session: CliSession, args: ListArguments, global: GlobalOptions): Promise<void> {
  const settings = session.settings(global);
  const { tenant: requested = 'settings', keys = args.date !== undefined, reason } = args;
  const limit = limitOf(args.limit);
  await session.onPlatform(settings, async (platform) => {
    const { metadata, log, clock } = platform;
    const { tenants, refused } = await resolveTenants({ requested, settings, metadata, log });
    const failures = [...refused];
    const listed: (TenantQuarantine & DateSpan)[] = [];
    for (const tenant of tenants) {
      session.display.show(`looking at ${tenant.id}`);
      const span = dateSpan(args, businessDateAt(clock.now(), tenant.timeZone));
      const options = { ...(reason === undefined ? {} : { reason }), ...(keys ? { lines: limit } : {}) };
      const found = await orFailure(tenant, () => listOf(platform, tenant, span, options));
      if ('days' in found) listed.push(found);
      else failures.push(found);
    }
    session.tell(
      listed.flatMap((tenant) => [...quarantineListLines(tenant, session.width(global)), '']).slice(0, -1),
      global,
    );
    for (const failure of failures) session.tell(failureLines(failure.tenant ?? 'A tenant', failure), global);
    const complete = failures.length === 0 && listed.every(({ unreadable }) => unreadable.length === 0);
    const status = complete ? 'completed' : listed.length > 0 ? 'partial' : 'failed';
    session.result({ status, tenants: listed, failures }, global);
    session.exitCode = complete ? ExitCode.completed : ExitCode.notCompleted;
  });
}

async function listOf(
  platform: DisposablePlatform,
  { id }: Tenant,
  span: DateSpan,
  options: Parameters<typeof listQuarantine>[3],
): Promise<TenantQuarantine & DateSpan> {
  const { tenant, ...found } = await listQuarantine(platform, id, span, options);
  return { tenant, ...span, ...found };
}

/** One tenant that cannot be looked at stops no other. */
async function orFailure<Found>({ id }: Tenant, look: () => Promise<Found>): Promise<Found | Failure> {
  try {
    return await look();
  } catch (error) {
    return toFailure(error, { tenant: id, stage: 'quarantine' });
  }
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InputError({ limit: `expected a whole number from 1 on, got ${JSON.stringify(text)}` });
}

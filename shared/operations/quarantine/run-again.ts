import type { BatchPlatform } from '../../batch/batch-platform';
import { type InlineHooks, runInline } from '../../batch/inline-engine';
import type { JobReport } from '../../batch/report';
import type { Proof } from '../../messages/proof';
import { readPublishedDay } from '../../messages/published-day';

/** The account of a published day, and how many corrected copies stand in it. */
export interface DayAccount extends Proof {
  readonly repaired: number;
}

/** A day that was run again, with its account before and after; undefined where it was not published. */
export interface DayRunAgain {
  readonly date: string;
  readonly before: DayAccount | undefined;
  readonly after: DayAccount | undefined;
  readonly report: JobReport;
}

/**
 * Runs one tenant's day in this process, as `makoto-batch run` does.
 *
 * @param force whether to read everything again, whatever was published
 * @throws StorageError where the account cannot be read; what failed in the run stands in its report
 */
export async function runDayAgain(
  platform: BatchPlatform,
  { tenant, date, force = false }: { readonly tenant: string; readonly date: string; readonly force?: boolean },
  hooks: InlineHooks = {},
): Promise<DayRunAgain> {
  const before = await accountOf(platform, tenant, date);
  const report = await runInline(platform, { job: 'export', date, tenants: [tenant], force }, hooks);
  return { date, before, after: await accountOf(platform, tenant, date), report };
}

async function accountOf(
  platform: Pick<BatchPlatform, 'analyticsStore'>,
  tenant: string,
  date: string,
): Promise<DayAccount | undefined> {
  const published = await readPublishedDay(platform.analyticsStore(tenant), tenant, date);
  if (published === undefined) return undefined;
  const { proof, notices } = published.manifest;
  return { ...proof, repaired: notices.repaired ?? 0 };
}

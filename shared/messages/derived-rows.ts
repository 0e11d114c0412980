import { epochDay } from '../calendar';
import type { ColumnValue } from '../parquet/schema';
import type { DayResults } from './day-results';
import type { ExportContext } from './export-context';
import type { DividedUser } from './shard-rows';
import { tallyColumns } from './tally';

/** What the one row of a day is made from. */
export type DaySums = Pick<DayResults, 'proof' | 'contentLength' | 'attachments' | 'tokensUsed' | 'rooms'> & {
  /** All users with a message, those of several shards among them. */
  readonly users: number;
};

/** A row of the dataset `users`. */
export function userRow(tenant: string, { user, rooms, tally }: DividedUser): ColumnValue[] {
  return [tenant, user, rooms, ...tallyColumns(tally)];
}

/** The row of the dataset `summary`; undefined on a day of which there is no message, quarantined ones included. */
export function summaryRow(
  { tenant, day }: Pick<ExportContext, 'tenant' | 'day'>,
  { proof, users, rooms, contentLength, attachments, tokensUsed }: DaySums,
): ColumnValue[] | undefined {
  const { exported, quarantined, duplicates } = proof;
  if (exported + quarantined + duplicates === 0) return undefined;
  return [
    tenant,
    epochDay(day.date),
    exported,
    users,
    rooms,
    exported === 0 ? null : contentLength / exported,
    attachments,
    tokensUsed,
    quarantined,
    duplicates,
  ];
}

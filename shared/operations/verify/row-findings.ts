import type { ExportContext } from '../../messages/export-context';
import { type Finding, type FindingCode, finding, runAgain } from './findings';
import type { Difference, Differences } from './row-comparison';

/**
 * Whether rows must be what messages give now: `same`, from the same messages by the same contract; `changed`, where some messages are
 * other ones by now; `erased`, where that cannot be told any more; `other contract`, where messages were read differently.
 */
export type Basis = 'same' | 'changed' | 'erased' | 'other contract';

/** What differences of a dataset's rows mean. @param dataset for people: `messages`, `quarantine` */
export function rowFindings(
  { tenant, day }: Pick<ExportContext, 'tenant' | 'day'>,
  dataset: string,
  { missing, surplus, differing }: Differences,
  basis: Basis,
): Finding[] {
  const anew = runAgain(tenant, day.date, 'force');
  const wrong: Finding[] = [];
  const outdated: Difference[] = [];
  const judge = (difference: Difference, code: FindingCode, what: string, isWrong: boolean) => {
    if (difference.count === 0) return;
    if (isWrong) wrong.push(finding(code, `${dataset}: ${difference} ${what}.`, anew));
    else outdated.push(difference);
  };
  judge(missing, 'row_missing', 'that the messages give are in no part', basis === 'same');
  judge(surplus, 'row_surplus', 'of the parts are not what any message gives', basis === 'same');
  // The row of a message that is still there does not change because another message came.
  const stays = basis === 'same' || (basis !== 'other contract' && dataset === 'messages');
  judge(differing, 'row_differs', 'have other values than the messages give', stays);
  if (outdated.length === 0 || basis === 'same') return wrong;
  const what = `${dataset}: ${outdated.join(', ')} would be others now, because ${WHY[basis]}.`;
  return [...wrong, finding('rows_outdated', what, runAgain(tenant, day.date))];
}

const WHY: Readonly<Record<Exclude<Basis, 'same'>, string>> = {
  changed: 'the messages have changed since',
  erased: 'messages may have changed, which cannot be told since users were erased',
  'other contract': 'the contract has another version since',
};

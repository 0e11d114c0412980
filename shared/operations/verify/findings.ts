import { manifestKey } from '../../messages/output-paths';

/** `error`: the day is not what it says it is. `warning`: it is, and something is to be done all the same. `note`: good to know. */
export type Severity = 'error' | 'warning' | 'note';

/** Everything that a verification can find, and how bad each is. */
export const FINDINGS = {
  day_missing: 'error',
  manifest_missing: 'error',
  manifest_unreadable: 'error',
  manifest_altered: 'error',
  schema_newer: 'error',
  record_missing: 'error',
  record_differs: 'error',
  proof_broken: 'error',
  part_missing: 'error',
  part_altered: 'error',
  part_unreadable: 'error',
  part_misplaced: 'error',
  quarantine_broken: 'error',
  row_missing: 'error',
  row_surplus: 'error',
  row_differs: 'error',
  not_verified: 'error',
  tenant_refused: 'error',
  bounds_differ: 'warning',
  input_changed: 'warning',
  rows_outdated: 'warning',
  papers_missing: 'warning',
  failed_since: 'warning',
  erased: 'note',
  leftovers: 'note',
} as const satisfies Readonly<Record<string, Severity>>;

export type FindingCode = keyof typeof FINDINGS;

/** Something that was found, in plain words, and what to do about it. */
export interface Finding {
  readonly severity: Severity;
  readonly code: FindingCode;
  readonly what: string;
  readonly do: string;
}

export function finding(code: FindingCode, what: string, todo: string): Finding {
  return { severity: FINDINGS[code], code, what, do: todo };
}

/** What became of verifying a tenant's day. */
export interface DayVerdict {
  readonly tenant: string;
  readonly date: string;
  /** Whether no finding is an error. */
  readonly ok: boolean;
  /** Whether every row was compared with its message. */
  readonly deep: boolean;
  /** Of the published day; missing where it cannot be read. */
  readonly messages?: number;
  readonly parts?: number;
  readonly bytes?: number;
  /** `unchanged`, or `changed: …` with how many objects there are more or fewer; missing where it was not found out. */
  readonly input?: string;
  readonly findings: readonly Finding[];
}

const BY_SEVERITY: readonly Severity[] = ['error', 'warning', 'note'];

/** The verdict that findings come to, the worst of them first. */
export function verdict(day: Omit<DayVerdict, 'ok'>): DayVerdict {
  const rank = ({ severity }: Finding) => BY_SEVERITY.indexOf(severity);
  const findings = [...day.findings].sort((a, b) => rank(a) - rank(b));
  return { ...day, ok: !findings.some(({ severity }) => severity === 'error'), findings };
}

/** What helps where the manifest itself cannot be trusted: a run goes by the one that is there. */
export function fromNothing(tenant: string, date: string): string {
  return `Delete the object ${manifestKey(tenant, date)}, then: ${runAgain(tenant, date, 'force')}`;
}

/** The command that makes a day anew. @param force where reading by listing alone would not see the damage */
export function runAgain(tenant: string, date: string, force?: 'force'): string {
  return `makoto-batch run export --date ${date} --tenant ${tenant}${force === undefined ? '' : ' --force'}`;
}

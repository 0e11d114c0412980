import { ProofError } from '../errors';

/**
 * The account of a day's objects. It holds when every listed object is accounted for:
 * `listed = outside + exported + duplicates + quarantined`.
 */
export interface Proof {
  /** Objects in the date folders that the day touches. */
  readonly listed: number;
  /** Those that belong to a neighbouring day. */
  readonly outside: number;
  /** Those that became rows of `messages`. */
  readonly exported: number;
  /** Those whose room and id an earlier key of the day has already. */
  readonly duplicates: number;
  readonly quarantined: number;
}

export const EMPTY_PROOF: Proof = { listed: 0, outside: 0, exported: 0, duplicates: 0, quarantined: 0 };

export function addProofs(a: Proof, b: Proof): Proof {
  return {
    listed: a.listed + b.listed,
    outside: a.outside + b.outside,
    exported: a.exported + b.exported,
    duplicates: a.duplicates + b.duplicates,
    quarantined: a.quarantined + b.quarantined,
  };
}

/**
 * Checks the account, and that the parts hold as many rows as were exported and the quarantine files as many lines as were kept out.
 *
 * @throws ProofError `proof_failed`: the day must not be published
 */
export function assertProof(
  what: string,
  proof: Proof,
  written: { readonly rows: number; readonly quarantineLines: number },
): void {
  const problems = proofProblems(proof, written);
  if (problems.length === 0) return;
  throw new ProofError(`The proof of ${what} does not hold: ${problems.join('; ')}. Nothing was published.`, {
    code: 'proof_failed',
    kind: 'permanent',
  });
}

/** What does not add up, a line each; none where the proof holds. */
export function proofProblems(
  proof: Proof,
  written: { readonly rows: number; readonly quarantineLines: number },
): string[] {
  const accounted = proof.outside + proof.exported + proof.duplicates + proof.quarantined;
  const problems: string[] = [];
  if (proof.listed !== accounted) problems.push(`${proof.listed} objects were listed but ${accounted} accounted for`);
  if (written.rows !== proof.exported)
    problems.push(`${proof.exported} messages were exported but the parts hold ${written.rows} rows`);
  if (written.quarantineLines !== proof.quarantined) {
    problems.push(
      `${proof.quarantined} messages were quarantined but the quarantine files hold ${written.quarantineLines} lines`,
    );
  }
  return problems;
}

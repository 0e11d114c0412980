import { createHash } from 'node:crypto';

/** The places on the circle of all users' hashes. */
const CIRCLE = 2 ** 32;

/**
 * Which users a night's audit looks at: an arc of the circle of all users' hashes, which moves on by its own width each day.
 * With a share of 1/7 every user's turn comes once in 7 days, with a share of 1 each day. It depends on the day that is
 * exported and on nothing else, so that running a day again audits the same users.
 */
export class AuditShare {
  private readonly start: number;
  private readonly width: number;

  /** @param share of all users, 0 to 1. @param epochDay the business date in days since 1970-01-01 */
  constructor(share: number, epochDay: number) {
    const days = AuditShare.daysForAll(share);
    // Whole places, rounded up: 7 arcs of 0.142857 would leave a gap, and a user in it would wait 8 days, of which 7 are looked at.
    this.width = days === 0 ? 0 : Math.max(Math.ceil(share * CIRCLE), Math.ceil(CIRCLE / days));
    // imul multiplies modulo 2^32, which is the circle.
    this.start = Math.imul(epochDay, this.width);
  }

  includes(user: string): boolean {
    return (placeOnCircle(user) - this.start) >>> 0 < this.width;
  }

  /** How many days in a row together audit every user: how far back the audit must look. 0 without an audit. */
  static daysForAll(share: number): number {
    // The epsilon keeps 1 / 0.142857 = 7.000007 from becoming 8 days.
    return share <= 0 ? 0 : Math.max(1, Math.ceil(1 / share - 1e-4));
  }
}

function placeOnCircle(user: string): number {
  return createHash('sha256').update(user).digest().readUInt32BE(0);
}

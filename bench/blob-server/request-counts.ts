/** What a request asks for; a fault is counted as such, whatever was asked for. */
export type RequestKind =
  | 'list'
  | 'get'
  | 'head'
  | 'put'
  | 'putBlock'
  | 'putBlockList'
  | 'delete'
  | 'refused'
  | 'fault'
  | 'other';

export type RequestCounts = Readonly<Partial<Record<RequestKind, number>>>;

/** How many requests of which kind there were since they were last taken. */
export class RequestCounter {
  #counts: Partial<Record<RequestKind, number>> = {};

  count(kind: RequestKind): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
  }

  /** Hands them on, and begins anew. */
  take(): RequestCounts {
    const counts = this.#counts;
    this.#counts = {};
    return counts;
  }
}

export function totalOf(counts: RequestCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

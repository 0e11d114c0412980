/** What a request shows to be let in. It is a secret: neither part may reach a log or an error. */
export interface ReadGrant {
  /** A signature, to stand at the end of the query; empty where there is none. */
  readonly query: string;
  readonly authorization: string | undefined;
  /** When it ends by the clock that it was made with; undefined where that is not known. Epoch ms. */
  readonly endsAtMs: number | undefined;
  /** Whether the service has let somebody in with it. */
  accepted: boolean;
}

/** Gets what lets requests in: once for many of them, and again before it ends. */
export interface ReadGrants {
  /** What the next request is to show; a promise only where that must be got first. */
  current(): ReadGrant | Promise<ReadGrant>;
  /**
   * Is told of a grant that the service has turned away.
   * @returns whether the next one will be another, and this one was good before: then trying again makes sense
   */
  refused(grant: ReadGrant): boolean;
}

/** A grant that stays as it is: a signature that came with the settings, or none for a container that is open to everybody. */
export function fixedGrant(query: string): ReadGrants {
  const grant: ReadGrant = { query, authorization: undefined, endsAtMs: undefined, accepted: false };
  return { current: () => grant, refused: () => false };
}

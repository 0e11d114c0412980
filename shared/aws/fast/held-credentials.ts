import type { SigningIdentity } from '../sigv4';

/** Credentials as the SDK's providers give them. */
export interface ExpiringIdentity extends SigningIdentity {
  readonly expiration?: Date | undefined;
}

/** The SDK client's own provider, which holds what it got; `forceRefresh` has it look anew. */
export type CredentialProvider = (options?: { readonly forceRefresh?: boolean }) => Promise<ExpiringIdentity>;

/** Credentials that requests are signed with. */
export interface HeldIdentity {
  readonly identity: SigningIdentity;
  /** Whether the service has let somebody in with them. */
  accepted: boolean;
}

/** With so much of their time left, the next ones are asked for while these go on being used. The SDK gets new ones at five minutes. */
const RENEWED_BEFORE_MS = 5 * 60_000;
/** With so little of it left, they are no longer used. */
const UNUSABLE_BEFORE_MS = 30_000;
/** Between one try to renew credentials that are still good and the next. */
const RENEWAL_PAUSE_MS = 15_000;

/**
 * Holds credentials for very many requests, so that only a few ask the SDK for them. They are renewed before they end; where that fails,
 * the old ones are used as long as they are good.
 */
export class HeldCredentials {
  readonly #provider: CredentialProvider;
  readonly #now: () => number;
  #held: (HeldIdentity & { readonly endsAtMs: number }) | undefined;
  #asked: Promise<HeldIdentity> | undefined;
  #notBeforeMs = 0;
  #lookAnew = false;

  constructor(provider: CredentialProvider, now: () => number) {
    this.#provider = provider;
    this.#now = now;
  }

  /** What the next request is signed with; a promise only where that must be got first. */
  current(): HeldIdentity | Promise<HeldIdentity> {
    const held = this.#held;
    const left = held === undefined ? 0 : held.endsAtMs - this.#now();
    if (held !== undefined && left > RENEWED_BEFORE_MS) return held;
    if (held !== undefined && left > UNUSABLE_BEFORE_MS) {
      this.#renewMeanwhile();
      return held;
    }
    this.#asked ??= this.#ask();
    return this.#asked;
  }

  /**
   * Is told of credentials that the service did not take: they have ended, or were exchanged for others. The next request looks for new ones.
   *
   * @returns whether these were good before: then trying again makes sense
   */
  refused(refused: HeldIdentity): boolean {
    if (refused === this.#held) {
      this.#held = undefined;
      this.#lookAnew = true;
    }
    return refused.accepted;
  }

  #renewMeanwhile(): void {
    if (this.#asked !== undefined || this.#now() < this.#notBeforeMs) return;
    this.#asked = this.#ask();
    // It is in nobody's way: what is held is still good.
    this.#asked.catch(() => undefined);
  }

  async #ask(): Promise<HeldIdentity> {
    try {
      const identity = await this.#provider(this.#lookAnew ? { forceRefresh: true } : {});
      this.#lookAnew = false;
      const isSame = identity.accessKeyId === this.#held?.identity.accessKeyId;
      const endsAtMs = identity.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
      this.#held = { identity, accepted: isSame && this.#held?.accepted === true, endsAtMs };
      return this.#held;
    } finally {
      this.#asked = undefined;
      this.#notBeforeMs = this.#now() + RENEWAL_PAUSE_MS;
    }
  }
}

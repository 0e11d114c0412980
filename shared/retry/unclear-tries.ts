import { BatchError } from '../errors';

/** Answers that say the service did not do it; after every other transient failure it may have, unseen. */
const NOT_DONE = new Set(['storage_throttled', 'metadata_throttled']);

/**
 * Watches the tries of a conditional write. One whose answer was lost may have succeeded; the next one then finds the
 * condition broken by our own write.
 */
export class UnclearTries {
  #seen = false;

  /** Whether some try ended without saying if it wrote. */
  get seen(): boolean {
    return this.#seen;
  }

  /** Runs one try and takes note of how it ended. */
  async watch<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof BatchError && error.kind === 'transient' && !NOT_DONE.has(error.code)) this.#seen = true;
      throw error;
    }
  }
}

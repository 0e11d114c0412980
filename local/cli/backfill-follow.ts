import { BatchError } from '../../shared/errors';
import type { Clock } from '../../shared/ports/clock';
import type { BackfillDisplay } from './backfill-display';
import type { BackfillState, BatchApi } from './batch-api';

const POLL_MS = 3_000;

/** Looks in a row that may come to nothing before it is given up: the backfill goes on by itself. */
const FAILED_LOOKS = 10;

/** What following a backfill works with. */
export interface Following {
  readonly api: Pick<BatchApi, 'state'>;
  readonly clock: Clock;
  readonly display: BackfillDisplay;
  /** Resolves when the person does not want to look on. */
  readonly interrupted: Promise<void>;
}

/**
 * Looks at a backfill until it has ended, and shows how it gets on.
 *
 * @returns how it ended, or undefined where nobody looks on
 * @throws BatchApiError where it cannot be looked at
 */
export async function followBackfill(
  { api, clock, display, interrupted }: Following,
  id: string,
): Promise<BackfillState | undefined> {
  let ended = -1;
  for (let failed = 0; ; ) {
    try {
      const state = await api.state(id);
      failed = 0;
      if (state.status !== 'running') return state;
      const { progress } = state;
      if (progress !== undefined) {
        display.show(progress, progress.days);
        const now = progress.done + progress.failed;
        if (now !== ended && now > 0) display.step('another look', progress);
        ended = now;
      }
    } catch (error) {
      failed += 1;
      if (!(error instanceof BatchError) || failed > FAILED_LOOKS) throw error;
    }
    const gone = await Promise.race([interrupted.then(() => true), clock.sleep(POLL_MS).then(() => false)]);
    if (gone) return undefined;
  }
}

import { loadSample } from '../../../local/sample/load-sample';
import { makeSample } from '../../../local/sample/sample';
import { targetDate } from '../../../shared/calendar';
import { newServiceWorld, type ServiceWorld } from '../../support/service-world';

/** Services with the sample in them, for the day that a run of the schedule would export now: what `npm run services` makes. */
export async function newSampleWorld(): Promise<ServiceWorld> {
  const world = await newServiceWorld();
  const { targetDateOffset, planAuditShare } = world.platform.settings;
  const now = Date.now();
  const dateIn = (zone: string) => targetDate(now, zone, targetDateOffset);
  await loadSample(world.platform, makeSample({ dateIn, auditShare: planAuditShare }));
  return world;
}

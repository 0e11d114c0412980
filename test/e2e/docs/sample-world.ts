import { loadSample } from '../../../local/sample/load-sample';
import { makeSample } from '../../../local/sample/sample';
import { targetDate } from '../../../shared/calendar';
import { newServiceWorld, type ServiceWorld } from '../../support/service-world';

/** What the documents' commands need of the sample: every tenant, with many rooms. */
const EVERY_NTH_MESSAGE = 8;

/**
 * Services with messages of the sample in them, for the day that a run of the schedule would export now: what `npm run services`
 * makes, with fewer messages, because each costs time here.
 */
export async function newSampleWorld(): Promise<ServiceWorld> {
  const world = await newServiceWorld();
  const { targetDateOffset, planAuditShare } = world.platform.settings;
  const now = Date.now();
  const dateIn = (zone: string) => targetDate(now, zone, targetDateOffset);
  const sample = makeSample({ dateIn, auditShare: planAuditShare });
  const objects = sample.objects.filter((_object, index) => index % EVERY_NTH_MESSAGE === 0);
  await loadSample(world.platform, { ...sample, objects });
  return world;
}

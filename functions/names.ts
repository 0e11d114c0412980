/** Names of the functions that call one another, and that stand in running instances' histories: never change one in place. */
export const DAILY_BATCH = 'dailyBatch';
export const TENANT_LANE = 'tenantLane';
export const TENANT_BATCH = 'tenantBatch';
export const ATTEMPT = 'attempt';
export const EXPORT_TIMER = 'exportTimer';
export const YOUTUBE_TIMER = 'youtubeTimer';
export const BACKFILL = 'backfill';
export const BACKFILL_LANE = 'backfillLane';
export const BACKFILL_DAY = 'backfillDay';
export const PLAN_BACKFILL = 'planBackfill';
export const PLAN_BACKFILL_DAY = 'planBackfillDay';
export const LOOK_AT_DAY = 'lookAtDay';

-- Up Migration

-- The business date of the sync that read the channel last; null of one that no sync has read since there is this column. That of a video is the
-- newest date in video_statistics, which has a row of every video that a sync has read.
ALTER TABLE public.channels ADD COLUMN IF NOT EXISTS refreshed_on DATE;

GRANT DELETE ON public.channels, public.channel_details, public.videos, public.video_statistics TO makoto_batch;

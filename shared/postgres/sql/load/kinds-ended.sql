-- Types that people have added to video_types are theirs.
DELETE FROM public.video_video_types AS old
USING pg_temp.incoming_videos AS new
WHERE old.tenant_id = $1
  AND old.video_id = new.id
  AND old.video_type_id IN ('stream', 'video')
  AND old.video_type_id <> new.video_type;

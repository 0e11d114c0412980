-- $1: the tenant, $2: the oldest business date that is kept, $3: how many at most.
DELETE FROM public.video_statistics AS old
USING (
  SELECT video_id, date FROM public.video_statistics WHERE tenant_id = $1 AND date < $2::DATE LIMIT $3
) AS stale
WHERE old.tenant_id = $1 AND old.video_id = stale.video_id AND old.date = stale.date;

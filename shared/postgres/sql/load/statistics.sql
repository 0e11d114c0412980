-- $2: the business date
INSERT INTO public.video_statistics (tenant_id, video_id, date, view_count, like_count, comment_count)
SELECT $1, new.video_id, $2::DATE, new.view_count, new.like_count, new.comment_count
FROM pg_temp.incoming_video_statistics AS new
LEFT JOIN public.video_statistics AS old ON old.tenant_id = $1 AND old.video_id = new.video_id AND old.date = $2::DATE
WHERE old.video_id IS NULL
  OR (old.view_count, old.like_count, old.comment_count)
    IS DISTINCT FROM (new.view_count, new.like_count, new.comment_count)
ON CONFLICT (tenant_id, video_id, date) DO UPDATE SET
  view_count = excluded.view_count,
  like_count = excluded.like_count,
  comment_count = excluded.comment_count,
  updated_at = statement_timestamp();

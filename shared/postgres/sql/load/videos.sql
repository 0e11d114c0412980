-- A video that is in the files is there, so it is no longer removed.
INSERT INTO public.videos (
  tenant_id, id, channel_id, title, description, url, thumbnail_url, duration, published_at, view_count, like_count, comment_count
)
SELECT
  $1, new.id, new.channel_id, new.title, new.description, new.url, new.thumbnail_url, new.duration, new.published_at,
  counts.view_count, counts.like_count, counts.comment_count
FROM pg_temp.incoming_videos AS new
LEFT JOIN pg_temp.incoming_video_statistics AS counts ON counts.video_id = new.id
LEFT JOIN public.videos AS old ON old.tenant_id = $1 AND old.id = new.id
WHERE old.id IS NULL
  OR old.removed_at IS NOT NULL
  OR (
    old.channel_id, old.title, old.description, old.url, old.thumbnail_url, old.duration, old.published_at,
    old.view_count, old.like_count, old.comment_count
  ) IS DISTINCT FROM (
    new.channel_id, new.title, new.description, new.url, new.thumbnail_url, new.duration, new.published_at,
    counts.view_count, counts.like_count, counts.comment_count
  )
ON CONFLICT (tenant_id, id) DO UPDATE SET
  channel_id = excluded.channel_id,
  title = excluded.title,
  description = excluded.description,
  url = excluded.url,
  thumbnail_url = excluded.thumbnail_url,
  duration = excluded.duration,
  published_at = excluded.published_at,
  view_count = excluded.view_count,
  like_count = excluded.like_count,
  comment_count = excluded.comment_count,
  removed_at = NULL,
  updated_at = statement_timestamp();

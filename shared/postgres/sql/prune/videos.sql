-- $1: the tenant, $2: days, $3: the oldest business date that is kept, $4: how many at most. A video goes with everything that refers to it.
-- One statement: that nothing refers to a row any more is checked at its end.
WITH stale AS MATERIALIZED (
  SELECT video.id
  FROM public.videos AS video
  WHERE video.tenant_id = $1
    AND (
      video.removed_at < statement_timestamp() - make_interval(days => $2)
      OR (
        video.updated_at < statement_timestamp() - make_interval(days => $2)
        AND NOT EXISTS (
          SELECT FROM public.video_statistics AS counts
          WHERE counts.tenant_id = $1 AND counts.video_id = video.id AND counts.date >= $3::DATE
        )
      )
    )
  ORDER BY video.id
  LIMIT $4
),
kinds AS (
  DELETE FROM public.video_video_types AS old USING stale WHERE old.tenant_id = $1 AND old.video_id = stale.id
),
streams AS (
  DELETE FROM public.stream_details AS old USING stale WHERE old.tenant_id = $1 AND old.video_id = stale.id
),
statistics AS (
  DELETE FROM public.video_statistics AS old USING stale WHERE old.tenant_id = $1 AND old.video_id = stale.id
)
DELETE FROM public.videos AS old USING stale WHERE old.tenant_id = $1 AND old.id = stale.id;

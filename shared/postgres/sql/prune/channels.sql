-- $1: the tenant, $2: the oldest business date that is kept, $3: how many at most. A channel with videos stays for as long as one of them does.
WITH stale AS MATERIALIZED (
  SELECT channel.id
  FROM public.channels AS channel
  WHERE channel.tenant_id = $1
    AND COALESCE(channel.refreshed_on, channel.updated_at::DATE) < $2::DATE
    AND NOT EXISTS (
      SELECT FROM public.videos AS video WHERE video.tenant_id = $1 AND video.channel_id = channel.id
    )
  ORDER BY channel.id
  LIMIT $3
),
details AS (
  DELETE FROM public.channel_details AS old USING stale WHERE old.tenant_id = $1 AND old.channel_id = stale.id
)
DELETE FROM public.channels AS old USING stale WHERE old.tenant_id = $1 AND old.id = stale.id;

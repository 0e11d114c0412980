-- $2: channels that were read whole, $3: videos that are known to be gone. What the files have is there, whatever these say.
UPDATE public.videos AS video
SET removed_at = statement_timestamp(), updated_at = statement_timestamp()
WHERE video.tenant_id = $1
  AND video.removed_at IS NULL
  AND (video.channel_id = ANY ($2) OR video.id = ANY ($3))
  AND NOT EXISTS (SELECT FROM pg_temp.incoming_videos AS new WHERE new.id = video.id);

-- A premiere that was listed after its video had been taken for a stream.
DELETE FROM public.stream_details AS old
USING pg_temp.incoming_videos AS new
WHERE old.tenant_id = $1
  AND old.video_id = new.id
  AND NOT EXISTS (SELECT FROM pg_temp.incoming_stream_details AS stream WHERE stream.video_id = new.id);

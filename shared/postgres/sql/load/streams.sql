INSERT INTO public.stream_details (tenant_id, video_id, started_at)
SELECT $1, new.video_id, new.started_at
FROM pg_temp.incoming_stream_details AS new
LEFT JOIN public.stream_details AS old ON old.tenant_id = $1 AND old.video_id = new.video_id
WHERE old.video_id IS NULL OR old.started_at IS DISTINCT FROM new.started_at
ON CONFLICT (tenant_id, video_id) DO UPDATE SET started_at = excluded.started_at, updated_at = statement_timestamp();

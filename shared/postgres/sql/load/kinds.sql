INSERT INTO public.video_video_types (tenant_id, video_id, video_type_id)
SELECT $1, new.id, new.video_type
FROM pg_temp.incoming_videos AS new
LEFT JOIN public.video_video_types AS old
  ON old.tenant_id = $1 AND old.video_id = new.id AND old.video_type_id = new.video_type
WHERE old.video_id IS NULL
ON CONFLICT (tenant_id, video_id, video_type_id) DO NOTHING;

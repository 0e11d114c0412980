SELECT video_id FROM public.premiere_videos WHERE tenant_id = $1;

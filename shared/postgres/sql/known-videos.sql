SELECT id FROM public.videos WHERE tenant_id = $1 AND channel_id = $2 AND removed_at IS NULL;

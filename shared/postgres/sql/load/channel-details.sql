INSERT INTO public.channel_details (tenant_id, channel_id, handle, description, subscriber_count, icon_url)
SELECT $1, new.channel_id, new.handle, new.description, new.subscriber_count, new.icon_url
FROM pg_temp.incoming_channel_details AS new
LEFT JOIN public.channel_details AS old ON old.tenant_id = $1 AND old.channel_id = new.channel_id
WHERE old.channel_id IS NULL
  OR (old.handle, old.description, old.subscriber_count, old.icon_url)
    IS DISTINCT FROM (new.handle, new.description, new.subscriber_count, new.icon_url)
ON CONFLICT (tenant_id, channel_id) DO UPDATE SET
  handle = excluded.handle,
  description = excluded.description,
  subscriber_count = excluded.subscriber_count,
  icon_url = excluded.icon_url,
  updated_at = statement_timestamp();

-- $1: the tenant, here and in every other statement of a load.
-- What is the same already is left out before ON CONFLICT sees it, which would lock, and so write, the row even where it changes nothing.
INSERT INTO public.channels (tenant_id, id, title)
SELECT $1, new.id, new.title
FROM pg_temp.incoming_channels AS new
LEFT JOIN public.channels AS old ON old.tenant_id = $1 AND old.id = new.id
WHERE old.id IS NULL OR old.title IS DISTINCT FROM new.title
ON CONFLICT (tenant_id, id) DO UPDATE SET title = excluded.title, updated_at = statement_timestamp();

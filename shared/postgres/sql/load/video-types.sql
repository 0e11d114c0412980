INSERT INTO public.video_types (tenant_id, id, name)
SELECT $1, new.id, new.id
FROM (VALUES ('stream'), ('video')) AS new (id)
WHERE NOT EXISTS (SELECT FROM public.video_types AS old WHERE old.tenant_id = $1 AND old.id = new.id)
ON CONFLICT (tenant_id, id) DO NOTHING;

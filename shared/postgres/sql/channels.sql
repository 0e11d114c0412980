SELECT c.id, d.handle, count(v.id)::INTEGER AS videos
FROM public.channels AS c
LEFT JOIN public.channel_details AS d ON d.tenant_id = c.tenant_id AND d.channel_id = c.id
LEFT JOIN public.videos AS v ON v.tenant_id = c.tenant_id AND v.channel_id = c.id AND v.removed_at IS NULL
WHERE c.tenant_id = $1
GROUP BY c.id, d.handle
ORDER BY c.id;

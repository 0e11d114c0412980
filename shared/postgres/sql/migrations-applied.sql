SELECT name::TEXT FROM public.makoto_batch_migrations ORDER BY id;

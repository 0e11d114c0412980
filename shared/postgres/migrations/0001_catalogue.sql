-- Up Migration

-- makoto_batch is what the batch works as: row-level security binds it even where its login owns the tables. makoto_reader is for those who
-- read the catalogue. Roles belong to the whole server, so they may be there already.
DO $$
DECLARE
  wanted TEXT;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['makoto_batch', 'makoto_reader'] LOOP
    CONTINUE WHEN to_regrole(wanted) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      -- The migration of another database of this server was a moment faster.
      NULL;
    END;
  END LOOP;
  -- From PostgreSQL 16 on, whoever creates a role without being a superuser may hand it out, but not work as it.
  IF NOT pg_has_role(
    'makoto_batch', CASE WHEN current_setting('server_version_num')::INTEGER >= 160000 THEN 'SET' ELSE 'MEMBER' END
  ) THEN
    GRANT makoto_batch TO CURRENT_USER;
  END IF;
  IF NOT has_schema_privilege('makoto_batch', 'public', 'USAGE') THEN
    GRANT USAGE ON SCHEMA public TO makoto_batch;
  END IF;
  IF NOT has_schema_privilege('makoto_reader', 'public', 'USAGE') THEN
    GRANT USAGE ON SCHEMA public TO makoto_reader;
  END IF;
  IF NOT has_database_privilege('makoto_batch', current_database(), 'TEMPORARY') THEN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO makoto_batch', current_database());
  END IF;
END
$$;

CREATE TABLE public.channels (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  title TEXT NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE public.channel_details (
  tenant_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  handle TEXT,
  description TEXT,
  subscriber_count BIGINT,
  icon_url TEXT,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (tenant_id, channel_id),
  FOREIGN KEY (tenant_id, channel_id) REFERENCES public.channels (tenant_id, id)
);

CREATE TABLE public.videos (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  url TEXT NOT NULL,
  thumbnail_url TEXT,
  duration TEXT CHECK (duration ~ '^\d{2,}:[0-5]\d:[0-5]\d$'),
  duration_seconds INTEGER GENERATED ALWAYS AS (
    split_part(duration, ':', 1)::INTEGER * 3600
    + split_part(duration, ':', 2)::INTEGER * 60
    + split_part(duration, ':', 3)::INTEGER
  ) STORED,
  published_at TIMESTAMPTZ,
  view_count BIGINT,
  like_count BIGINT,
  comment_count BIGINT,
  removed_at TIMESTAMPTZ,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, channel_id) REFERENCES public.channels (tenant_id, id)
-- Nearly every row gets new counts every day: with room for its next version in its page, that costs a quarter of the log, and no index entry.
) WITH (fillfactor = 45);

-- No index holds a count or an instant of the batch, so that the day's new counts do not touch the indexes.
CREATE INDEX videos_of_channel_by_date ON public.videos (tenant_id, channel_id, published_at DESC);
CREATE INDEX videos_by_date ON public.videos (tenant_id, published_at DESC);

CREATE TABLE public.video_types (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE public.video_video_types (
  tenant_id TEXT NOT NULL,
  video_id TEXT NOT NULL,
  video_type_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, video_id, video_type_id),
  FOREIGN KEY (tenant_id, video_id) REFERENCES public.videos (tenant_id, id),
  FOREIGN KEY (tenant_id, video_type_id) REFERENCES public.video_types (tenant_id, id)
);

CREATE INDEX video_video_types_by_type ON public.video_video_types (tenant_id, video_type_id, video_id);

CREATE TABLE public.stream_details (
  tenant_id TEXT NOT NULL,
  video_id TEXT NOT NULL,
  started_at TIMESTAMPTZ,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (tenant_id, video_id),
  FOREIGN KEY (tenant_id, video_id) REFERENCES public.videos (tenant_id, id)
);

CREATE INDEX stream_details_by_start ON public.stream_details (tenant_id, started_at DESC);

-- Kept by people. It may name a video before the batch knows it, hence no foreign key.
CREATE TABLE public.premiere_videos (
  tenant_id TEXT NOT NULL,
  video_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, video_id)
);

CREATE TABLE public.video_statistics (
  tenant_id TEXT NOT NULL,
  video_id TEXT NOT NULL,
  date DATE NOT NULL,
  view_count BIGINT,
  like_count BIGINT,
  comment_count BIGINT,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (tenant_id, video_id, date),
  FOREIGN KEY (tenant_id, video_id) REFERENCES public.videos (tenant_id, id)
);

-- Whoever has named no tenant sees no row; a setting that was set for a transaction that is over is an empty text.
DO $$
DECLARE
  name TEXT;
  of_tenant CONSTANT TEXT := $q$tenant_id = NULLIF(current_setting('app.tenant_id', TRUE), '')$q$;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'channels', 'channel_details', 'videos', 'video_types', 'video_video_types', 'stream_details', 'premiere_videos', 'video_statistics'
  ] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_tenant ON public.%I USING (%s) WITH CHECK (%s)', name, of_tenant, of_tenant);
    EXECUTE format('GRANT SELECT ON public.%I TO makoto_reader', name);
  END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE ON
  public.channels, public.channel_details, public.videos, public.video_statistics TO makoto_batch;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.stream_details TO makoto_batch;
GRANT SELECT, INSERT ON public.video_types TO makoto_batch;
GRANT SELECT, INSERT, DELETE ON public.video_video_types TO makoto_batch;
GRANT SELECT ON public.premiere_videos TO makoto_batch;

-- Every login must be able to tell which version the tables have.
GRANT SELECT ON public.makoto_batch_migrations TO PUBLIC;

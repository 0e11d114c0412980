-- The CSV files as tables of this transaction. Their primary keys refuse a row that the files have twice.
CREATE TEMPORARY TABLE incoming_channels (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL
) ON COMMIT DROP;

CREATE TEMPORARY TABLE incoming_channel_details (
  channel_id TEXT PRIMARY KEY,
  handle TEXT,
  description TEXT,
  subscriber_count BIGINT,
  icon_url TEXT
) ON COMMIT DROP;

CREATE TEMPORARY TABLE incoming_videos (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  description TEXT,
  url TEXT NOT NULL,
  thumbnail_url TEXT,
  duration TEXT CHECK (duration ~ '^\d{2,}:[0-5]\d:[0-5]\d$'),
  published_at TIMESTAMPTZ,
  channel_id TEXT NOT NULL,
  video_type TEXT NOT NULL CHECK (video_type IN ('stream', 'video'))
) ON COMMIT DROP;

CREATE TEMPORARY TABLE incoming_stream_details (
  video_id TEXT PRIMARY KEY,
  started_at TIMESTAMPTZ
) ON COMMIT DROP;

CREATE TEMPORARY TABLE incoming_video_statistics (
  video_id TEXT PRIMARY KEY,
  view_count BIGINT,
  like_count BIGINT,
  comment_count BIGINT
) ON COMMIT DROP;

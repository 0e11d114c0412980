data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  # `id` in version 6 of the provider is what `name` was in version 5, and both have it.
  region    = data.aws_region.current.id
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  # Each job has a function, a role, a log group and alarms of its own: the export reaches no secret, and the sync no message.
  jobs = merge(
    { export = { title = "message export", log_days = 30 } },
    var.database == null ? {} : { youtube = { title = "YouTube sync", log_days = 7 } },
  )

  # Tokyo has no daylight saving time: 02:00 there is 17:00 UTC on every day of the year.
  schedules = {
    for name, schedule in {
      export          = { job = "export", cron = "cron(0 17 * * ? *)", wanted = true, at = "02:00" }
      youtube         = { job = "youtube", cron = "cron(0 15 * * ? *)", wanted = true, at = "00:00" }
      youtube-noon    = { job = "youtube", cron = "cron(0 3 * * ? *)", wanted = var.youtube_at_noon, at = "12:00" }
      youtube-evening = { job = "youtube", cron = "cron(0 9 * * ? *)", wanted = var.youtube_at_evening, at = "18:00" }
    } : name => schedule if contains(keys(local.jobs), schedule.job)
  }

  settings = merge(
    var.settings,
    {
      S3_BUCKET_NAME      = var.s3_bucket_name
      DYNAMODB_TABLE_NAME = var.metadata_table_name
      TENANT_ID           = var.tenant_id
      TARGET_DATE_OFFSET  = tostring(var.target_date_offset)
      BUSINESS_TIME_ZONE  = var.business_time_zone
    },
    var.analytics_bucket_name == null ? {} : { ANALYTICS_BUCKET_NAME = var.analytics_bucket_name },
    var.database == null ? {} : {
      DB_HOST             = var.database.host
      DB_PORT             = tostring(var.database.port)
      DB_NAME             = var.database.name
      DB_USERNAME         = var.database.username
      DB_SSL              = var.database.ssl
      DB_POOL_MAX         = tostring(var.database.pool_max)
      DB_SECRET_NAME      = local.secret_names.database
      YOUTUBE_SECRET_NAME = local.secret_names.youtube
    },
  )
}

variable "name" {
  description = "What the names of everything begin with: its rules are NAME-export, NAME-youtube and so on."
  type        = string
  default     = "makoto-batch"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name)) && !can(regex("export|youtube", var.name))
    error_message = "A name has 3 to 32 lower-case letters, digits and hyphens, begins with a letter, and names no job."
  }
}

variable "package" {
  description = "The path of aws-handler.zip, which `npm run package:aws` writes."
  type        = string

  validation {
    condition     = fileexists(var.package)
    error_message = "There is no such file: npm run package:aws writes dist/aws-handler.zip."
  }
}

variable "s3_bucket_name" {
  description = "The bucket with the messages; may hold {tenant}, one bucket per tenant."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9.{}-]{3,63}$", var.s3_bucket_name))
    error_message = "The name of a bucket, without s3://."
  }
}

variable "analytics_bucket_name" {
  description = "The bucket for Parquet and CSV; may hold {tenant}; null for s3_bucket_name."
  type        = string
  default     = null

  validation {
    condition     = var.analytics_bucket_name == null || can(regex("^[a-z0-9.{}-]{3,63}$", var.analytics_bucket_name))
    error_message = "The name of a bucket, without s3://."
  }
}

variable "metadata_table_name" {
  description = "The DynamoDB table of the metadata (PK and SK, both strings)."
  type        = string
  default     = "makoto-metadata"

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.metadata_table_name))
    error_message = "The name of a table, not its ARN."
  }
}

variable "kms_key_arn" {
  description = "The customer managed key of buckets, table and secrets, where they have one."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "The ARN of a key, not of an alias."
  }
}

variable "vpc" {
  description = "The subnets and security groups from which the database is reached; null for none."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
  default     = null

  validation {
    condition     = var.vpc == null || try(length(var.vpc.subnet_ids) > 0 && length(var.vpc.security_group_ids) > 0, false)
    error_message = "At least one subnet and one security group."
  }
}

variable "tenant_id" {
  description = "Comma-separated tenant ids; * is every tenant in the registry."
  type        = string
  default     = "default_tenant"
}

variable "target_date_offset" {
  description = "Business days from today."
  type        = number
  default     = -1

  validation {
    condition     = var.target_date_offset >= -3650 && var.target_date_offset <= 0 && floor(var.target_date_offset) == var.target_date_offset
    error_message = "A whole number from -3650 to 0."
  }
}

variable "business_time_zone" {
  description = "The zone whose midnight bounds a day. The schedules stay those of Asia/Tokyo."
  type        = string
  default     = "Asia/Tokyo"
}

# Lambda gives a whole processor at 1,769 MB (Lambda developer guide, "Configure Lambda function memory"). The work is one thread and needs
# under 300 MB (docs/cost.md): more memory is paid for and not used, less is a part of a processor, paid for longer.
variable "memory_mb" {
  description = "MB of each function."
  type        = number
  default     = 1769

  validation {
    condition     = var.memory_mb >= 512 && var.memory_mb <= 10240
    error_message = "From 512 to 10240."
  }
}

variable "settings" {
  description = "Further settings of the batch by their names, as the README lists them."
  type        = map(string)
  default     = {}

  validation {
    condition = length(setsubtract(keys(var.settings), [
      "CATCH_UP_DAYS",
      "EXPORT_READ_CONCURRENCY",
      "EXPORT_SHARD_MESSAGES",
      "EXPORT_TENANT_CONCURRENCY",
      "LATE_WINDOW_DAYS",
      "LOG_LEVEL",
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "PARQUET_COMPRESSION",
      "PARQUET_ENCODER",
      "PLAN_AUDIT_SHARE",
      "STORAGE_READER",
      "TELEMETRY_CONSOLE",
      "TELEMETRY_SAMPLING",
      "YOUTUBE_API_URL",
      "YOUTUBE_CHANNEL_IDS",
      "YOUTUBE_CSV_ROWS",
      "YOUTUBE_DAILY_QUOTA",
      "YOUTUBE_RETENTION_DAYS",
      "YOUTUBE_TENANT_CONCURRENCY",
    ])) == 0
    error_message = "A setting that is not known, is a secret, or has a variable of its own."
  }
}

variable "database" {
  description = "The PostgreSQL server of the YouTube sync; null for no sync. Without secret_name, a secret is made, without a value."
  type = object({
    host        = string
    port        = optional(number, 5432)
    name        = optional(string, "shirogane")
    username    = optional(string, "postgres")
    ssl         = optional(string, "require")
    pool_max    = optional(number, 2)
    secret_name = optional(string)
  })
  default = null

  validation {
    condition     = var.database == null || contains(["require", "no-verify"], try(var.database.ssl, ""))
    error_message = "ssl is require or no-verify."
  }
}

variable "youtube_secret_name" {
  description = "The secret with the key of the YouTube Data API; null for one that is made, without a value."
  type        = string
  default     = null
}

variable "schedules_enabled" {
  description = "false stops every schedule."
  type        = bool
  default     = true
}

variable "youtube_at_noon" {
  description = "A sync at 12:00 (Asia/Tokyo) too."
  type        = bool
  default     = false
}

variable "youtube_at_evening" {
  description = "A sync at 18:00 (Asia/Tokyo) too."
  type        = bool
  default     = false
}

variable "alarm_email" {
  description = "Who is told of alarms; null for nobody."
  type        = string
  default     = null
}

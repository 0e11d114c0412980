variable "region" {
  description = "Where everything is."
  type        = string
  default     = "ap-northeast-1"
}

variable "bucket_name" {
  description = "The bucket for messages and Parquet; its name is one in all of AWS."
  type        = string
}

variable "table_name" {
  description = "The table of the metadata."
  type        = string
  default     = "makoto-metadata"
}

variable "tenant_id" {
  description = "Comma-separated tenant ids; * is every tenant in the registry."
  type        = string
  default     = "default_tenant"
}

variable "database" {
  description = "The PostgreSQL server of the YouTube sync, as the module has it; null for no sync."
  type        = any
  default     = null
}

variable "vpc" {
  description = "From where it is reached, as the module has it; null for no network."
  type        = any
  default     = null
}

variable "alarm_email" {
  description = "Who is told of alarms."
  type        = string
  default     = null
}

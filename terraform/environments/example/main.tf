# A whole environment: the bucket and the table, which elsewhere are the chat product's, and the batch on them.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80, < 7.0"
    }
  }
}

provider "aws" {
  region = var.region
}

resource "aws_s3_bucket" "messages" {
  bucket = var.bucket_name
}

resource "aws_s3_bucket_public_access_block" "messages" {
  bucket                  = aws_s3_bucket.messages.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_dynamodb_table" "metadata" {
  name         = var.table_name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "PK"
  range_key    = "SK"

  attribute {
    name = "PK"
    type = "S"
  }

  attribute {
    name = "SK"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

module "batch_scheduler" {
  source = "../../modules/batch-scheduler"

  package             = "${path.root}/../../../dist/aws-handler.zip"
  s3_bucket_name      = aws_s3_bucket.messages.id
  metadata_table_name = aws_dynamodb_table.metadata.name
  tenant_id           = var.tenant_id
  database            = var.database
  vpc                 = var.vpc
  alarm_email         = var.alarm_email
}

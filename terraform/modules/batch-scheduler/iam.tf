locals {
  data_bucket      = replace(var.s3_bucket_name, "{tenant}", "*")
  analytics_bucket = replace(coalesce(var.analytics_bucket_name, var.s3_bucket_name), "{tenant}", "*")

  # Where below a tenant a job reads, and where it writes.
  reads  = { export = ["chat"], youtube = [] }
  writes = { export = "analytics", youtube = "youtube" }
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "job" {
  for_each = local.jobs

  name               = "${var.name}-${each.key}"
  description        = "The ${each.value.title}"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

data "aws_iam_policy_document" "data" {
  for_each = local.jobs

  dynamic "statement" {
    for_each = local.reads[each.key]

    content {
      sid       = "ListMessages"
      actions   = ["s3:ListBucket"]
      resources = ["arn:${local.partition}:s3:::${local.data_bucket}"]

      condition {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = ["*/${statement.value}/*"]
      }
    }
  }

  dynamic "statement" {
    for_each = local.reads[each.key]

    content {
      sid       = "ReadMessages"
      actions   = ["s3:GetObject"]
      resources = ["arn:${local.partition}:s3:::${local.data_bucket}/*/${statement.value}/*"]
    }
  }

  # Without it, S3 answers "access denied" instead of "not found" for what is not there yet.
  statement {
    sid       = "ListOutput"
    actions   = ["s3:ListBucket"]
    resources = ["arn:${local.partition}:s3:::${local.analytics_bucket}"]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["*/${local.writes[each.key]}/*"]
    }
  }

  statement {
    sid       = "WriteOutput"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    resources = ["arn:${local.partition}:s3:::${local.analytics_bucket}/*/${local.writes[each.key]}/*"]
  }

  statement {
    sid       = "Metadata"
    actions   = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"]
    resources = ["arn:${local.partition}:dynamodb:${local.region}:${local.account}:table/${var.metadata_table_name}"]
  }

  dynamic "statement" {
    for_each = each.key == "youtube" ? [local.secret_arns] : []

    content {
      sid       = "Secrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = values(statement.value)
    }
  }

  dynamic "statement" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      sid       = "CustomerKey"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]
    }
  }
}

data "aws_iam_policy_document" "platform" {
  for_each = local.jobs

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.job[each.key].arn}:*"]
  }

  statement {
    sid       = "DeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead_letters.arn]
  }

  # Lambda asks for these on every resource: Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC".
  dynamic "statement" {
    for_each = var.vpc == null ? [] : [var.vpc]

    content {
      sid = "Network"
      actions = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ]
      resources = ["*"]
    }
  }
}

resource "aws_iam_role_policy" "data" {
  for_each = local.jobs

  name   = "data"
  role   = aws_iam_role.job[each.key].id
  policy = data.aws_iam_policy_document.data[each.key].json
}

resource "aws_iam_role_policy" "platform" {
  for_each = local.jobs

  name   = "platform"
  role   = aws_iam_role.job[each.key].id
  policy = data.aws_iam_policy_document.platform[each.key].json
}

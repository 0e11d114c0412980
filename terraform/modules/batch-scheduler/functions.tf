resource "aws_lambda_function" "job" {
  for_each = local.jobs

  function_name    = "${var.name}-${each.key}"
  description      = "The ${each.value.title}, all tenants in one invocation"
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  handler          = "main.handler"
  runtime          = "nodejs22.x"
  architectures    = ["arm64"]
  timeout          = 900
  memory_size      = var.memory_mb
  role             = aws_iam_role.job[each.key].arn

  environment {
    # The certificates of RDS, which Lambda has and Node does not read by itself.
    variables = merge(local.settings, each.key == "youtube" ? { NODE_EXTRA_CA_CERTS = "/var/runtime/ca-cert.pem" } : {})
  }

  dynamic "vpc_config" {
    for_each = var.vpc == null ? [] : [var.vpc]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  # Lambda looks whether the role may make network interfaces. The log group is the one that Lambda writes to unless told otherwise.
  depends_on = [aws_iam_role_policy.data, aws_iam_role_policy.platform, aws_cloudwatch_log_group.job]
}

# A run that was stopped before its end goes on where it was.
resource "aws_lambda_function_event_invoke_config" "job" {
  for_each = local.jobs

  function_name                = aws_lambda_function.job[each.key].function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 10800

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead_letters.arn
    }
  }
}

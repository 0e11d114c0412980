resource "aws_cloudwatch_log_group" "job" {
  for_each = local.jobs

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = each.value.log_days
}

# By hand: `aws events put-events` with the source batch-scheduler and the detail type manual-trigger.

locals {
  # Whatever is no sync goes to the export, to be refused with a message: an event that no rule takes is lost without a word.
  manual_details = {
    export  = contains(keys(local.jobs), "youtube") ? { job = [{ anything-but = "youtube" }, { exists = false }] } : null
    youtube = { job = ["youtube"] }
  }
}

resource "aws_cloudwatch_event_rule" "manual" {
  for_each = local.jobs

  name        = "${var.name}-manual-${each.key}"
  description = "Starts the ${each.value.title} by hand"
  event_pattern = jsonencode(merge(
    { source = ["batch-scheduler"], detail-type = ["manual-trigger"] },
    local.manual_details[each.key] == null ? {} : { detail = local.manual_details[each.key] },
  ))
}

resource "aws_cloudwatch_event_target" "manual" {
  for_each = local.jobs

  rule      = aws_cloudwatch_event_rule.manual[each.key].name
  target_id = each.key
  arn       = aws_lambda_function.job[each.key].arn

  retry_policy {
    maximum_retry_attempts       = 20
    maximum_event_age_in_seconds = 3600
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_lambda_permission" "manual" {
  for_each = local.jobs

  statement_id  = "manual-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.job[each.key].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.manual[each.key].arn
}

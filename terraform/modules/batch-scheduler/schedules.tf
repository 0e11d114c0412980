# `aws events disable-rule --name NAME-export` is the emergency stop, hence rules, and not schedules of EventBridge Scheduler.

resource "aws_cloudwatch_event_rule" "schedule" {
  for_each = local.schedules

  name                = "${var.name}-${each.key}"
  description         = "Starts the ${local.jobs[each.value.job].title} at ${each.value.at} in Tokyo"
  schedule_expression = each.value.cron
  state               = var.schedules_enabled && each.value.wanted ? "ENABLED" : "DISABLED"
}

resource "aws_cloudwatch_event_target" "schedule" {
  for_each = local.schedules

  rule      = aws_cloudwatch_event_rule.schedule[each.key].name
  target_id = each.value.job
  arn       = aws_lambda_function.job[each.value.job].arn

  # The day is counted from the time that was meant, also where the event was held up.
  input_transformer {
    input_paths    = { time = "$.time" }
    input_template = "{\"job\": \"${each.value.job}\", \"scheduled_at\": <time>}"
  }

  retry_policy {
    maximum_retry_attempts       = 20
    maximum_event_age_in_seconds = 3600
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_lambda_permission" "schedule" {
  for_each = local.schedules

  statement_id  = "schedule-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.job[each.value.job].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.schedule[each.key].arn
}

locals {
  function_alarms = {
    errors    = { metric = "Errors", statistic = "Sum", above = 0, says = "was not completed: its log says which tenants failed, and why" }
    duration  = { metric = "Duration", statistic = "Maximum", above = 600000, says = "took over 10 minutes" }
    throttles = { metric = "Throttles", statistic = "Sum", above = 0, says = "found no capacity of Lambda" }
  }
  job_alarms = merge([
    for job, about in local.jobs : {
      for name, alarm in local.function_alarms : "${job}-${name}" => merge(alarm, { job = job, title = about.title })
    }
  ]...)
}

resource "aws_sns_topic" "alarms" {
  name = "${var.name}-alarms"
}

resource "aws_sns_topic_subscription" "email" {
  count = var.alarm_email == null ? 0 : 1

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = local.job_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "A ${each.value.title} ${each.value.says}"
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = aws_lambda_function.job[each.value.job].function_name }
  statistic           = each.value.statistic
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.above
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = each.value.metric == "Errors" ? [aws_sns_topic.alarms.arn] : []
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name          = "${var.name}-dead-letters"
  alarm_description   = "An event was given up. The queue has it"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

# The two hours that begin at 16:00 UTC end at 03:00 in Tokyo. Whether CloudWatch takes its periods from the clock or ends them at each
# evaluation, one that begins within that hour holds the whole hour from 02:00 to 03:00.
resource "aws_cloudwatch_metric_alarm" "day_not_sealed" {
  alarm_name          = "${var.name}-day-not-sealed"
  alarm_description   = "It is 03:00, and the export has sealed no day"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "sealed"
    return_data = false

    metric {
      namespace   = "makoto-daily-batch"
      metric_name = "day_sealed"
      dimensions  = { job = "export" }
      period      = 7200
      stat        = "Sum"
    }
  }

  metric_query {
    id          = "missing"
    label       = "Days that are not sealed"
    expression  = "IF(HOUR(sealed) == 16 AND FILL(sealed, 0) < 1, 1, 0)"
    return_data = true
  }
}

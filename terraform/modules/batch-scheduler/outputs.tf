output "function_names" {
  description = "The function of each job, to be invoked by hand."
  value       = { for job, function in aws_lambda_function.job : job => function.function_name }
}

output "schedule_rules" {
  description = "The rules that `aws events disable-rule` stops."
  value       = { for name, rule in aws_cloudwatch_event_rule.schedule : name => rule.name }
}

output "manual_rules" {
  description = "The rules that take manual-trigger."
  value       = { for job, rule in aws_cloudwatch_event_rule.manual : job => rule.name }
}

output "log_groups" {
  description = "The log group of each job."
  value       = { for job, group in aws_cloudwatch_log_group.job : job => group.name }
}

output "dead_letters_url" {
  description = "The queue of events that were given up."
  value       = aws_sqs_queue.dead_letters.url
}

output "alarms_topic_arn" {
  description = "The topic that alarms go to."
  value       = aws_sns_topic.alarms.arn
}

output "secret_names" {
  description = "Where the secrets are to be put that were made without a value."
  value       = { for name, secret in aws_secretsmanager_secret.made : name => secret.name }
}

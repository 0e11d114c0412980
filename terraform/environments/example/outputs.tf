output "batch" {
  description = "What the batch's module gives."
  value       = module.batch_scheduler
}

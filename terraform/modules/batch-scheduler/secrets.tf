# Secrets without a value: it is put in by hand, and stands in no state.

locals {
  given_secrets = { database = try(var.database.secret_name, null), youtube = var.youtube_secret_name }
  new_secrets   = var.database == null ? {} : { for name, given in local.given_secrets : name => given if given == null }
  secret_texts  = { database = "The password of the batch", youtube = "The key of the YouTube Data API" }

  secret_names = {
    for name, given in local.given_secrets : name => given == null ? "${var.name}/${name}" : given
  }
  secret_arns = {
    for name, given in local.given_secrets : name => (
      # Secrets Manager adds six characters to a name.
      contains(keys(local.new_secrets), name) ? aws_secretsmanager_secret.made[name].arn :
      "arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${local.secret_names[name]}-??????"
    )
  }
}

resource "aws_secretsmanager_secret" "made" {
  for_each = local.new_secrets

  name                    = local.secret_names[each.key]
  description             = local.secret_texts[each.key]
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = 7
}

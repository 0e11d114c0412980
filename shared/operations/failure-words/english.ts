import type { WordsByCode, WordsByKind } from './failure-words';

const DEFECT = 'This is a defect of the batch: report it with the log of the run.';
const AGAIN = 'Run the day again; running a day again is always safe.';
const SYNC_AGAIN = 'Run the sync again: it goes on from where it stopped.';
const NOT_ANSWERED = 'did not answer in time, although it was asked several times.';
const API_CERTIFICATE = 'The certificate behind YOUTUBE_API_URL is not one that this machine trusts.';

export const ENGLISH_BY_CODE: WordsByCode = {
  settings_invalid: ['Settings are wrong.', 'Correct every setting that the message names.'],
  tenant_id_invalid: ['This cannot be the id of a tenant.', 'Correct the id in TENANT_ID or the registry.'],
  tenant_unknown: [
    'The tenant is listed, and is not in the registry.',
    'Write its registry entry, or take it out of TENANT_ID or --tenant.',
  ],
  tenant_disabled: [
    'The tenant is switched off in the registry.',
    'Switch it on in the registry, or take it out of TENANT_ID or --tenant.',
  ],
  tenant_registry_invalid: ['The registry entry of the tenant cannot be used.', 'Correct the registry entry.'],
  tenant_container_invalid: [
    "The tenant's id makes no name of a container.",
    'Correct DATA_CONTAINER or ANALYTICS_CONTAINER, or give the tenant another id.',
  ],
  tenant_registry_empty: [
    'Every tenant was asked for, and the registry has none.',
    'List the tenants in TENANT_ID, or write their registry entries.',
  ],
  no_tenants: ['There was no tenant to run.', 'Enable a tenant in the registry.'],
  access_denied: [
    'The storage refused the identity or the key of the batch.',
    'Give the identity the role Storage Blob Data Contributor on the container, or correct the key; on AWS, let its policy allow the bucket.',
  ],
  metadata_access_denied: [
    'The metadata store refused the identity or the key of the batch.',
    'Give the identity the role Cosmos DB Built-in Data Contributor, or correct COSMOS_KEY; on AWS, let its policy allow the table.',
  ],
  container_not_found: [
    'The container does not exist.',
    'Create the container, or correct DATA_CONTAINER or ANALYTICS_CONTAINER; on AWS, the bucket of S3_BUCKET_NAME.',
  ],
  metadata_not_found: [
    'The database or table of the metadata does not exist.',
    'Create the Cosmos database and container, or correct COSMOS_DATABASE_NAME or COSMOS_CONTAINER_NAME; on AWS, the table of DYNAMODB_TABLE_NAME.',
  ],
  metadata_item_invalid: [
    'An item in the metadata store cannot be used.',
    'Correct or remove the item, then run the day again.',
  ],
  'storage_request_invalid/configuration': [
    'The address or name of the storage is none.',
    'Correct the setting that the message names.',
  ],
  'metadata_request_invalid/configuration': [
    'The address or name of the metadata store is none.',
    'Correct the setting that the message names.',
  ],
  storage_request_invalid: ['The storage refused a request as wrong.', DEFECT],
  metadata_request_invalid: ['The metadata store refused a request as wrong.', DEFECT],
  column_value_invalid: ['A value could not be written to its column.', DEFECT],
  'storage_connection_lost/configuration': [
    'The certificate of the storage is not one that this machine trusts.',
    'Check the address of the storage.',
  ],
  'metadata_connection_lost/configuration': [
    'The certificate of the metadata store is not one that this machine trusts.',
    'Check the address of the metadata store.',
  ],
  storage_throttled: ['The storage asked for fewer requests, and went on doing so.', AGAIN],
  storage_unavailable: [`The storage ${NOT_ANSWERED}`, AGAIN],
  storage_timeout: [`The storage ${NOT_ANSWERED}`, AGAIN],
  storage_connection_lost: ['The connection to the storage was lost again and again.', AGAIN],
  metadata_throttled: ['The metadata store asked for fewer requests, and went on doing so.', AGAIN],
  metadata_unavailable: [`The metadata store ${NOT_ANSWERED}`, AGAIN],
  metadata_timeout: [`The metadata store ${NOT_ANSWERED}`, AGAIN],
  metadata_connection_lost: ['The connection to the metadata store was lost again and again.', AGAIN],
  object_not_found: ['Something removed a file that the run was about to read.', AGAIN],
  precondition_failed: ['Something else wrote the same object at the same time.', AGAIN],
  'metadata_precondition_failed/permanent': ['Something else wrote the same item at the same time.', AGAIN],
  metadata_precondition_failed: ['Too many syncs counted their quota at the same moment.', SYNC_AGAIN],
  input_changed: ['Messages were changed or removed faster than they could be read.', AGAIN],
  input_invalid: ['The arguments of the run were wrong.', 'Correct the arguments.'],
  published_meanwhile: ['Another run of the same day published it meanwhile, at every try.', AGAIN],
  day_in_use: ['Another run was at work on the same day.', 'Wait until it is through, then run the day again.'],
  day_not_begun: ['The date is still to come in the zone of the tenant.', 'Wait for the day, or correct the date.'],
  repair_unreadable: [
    'A file among the corrected copies of quarantined messages is none.',
    'Remove the file that the message names, then replay its message and run the day again.',
  ],
  part_missing: ['Another run of the same day took parts away, twice in a row.', AGAIN],
  part_file_failed: ['A file could not be written on the local disk.', AGAIN],
  csv_file_failed: ['A file could not be written on the local disk.', SYNC_AGAIN],
  encoding_thread_lost: [
    'The thread that encodes Parquet ended, mostly for want of memory.',
    'Run the day again; where it comes again, give the instance more memory.',
  ],
  compression_unsupported: ['The encoder cannot write this compression.', 'Correct PARQUET_COMPRESSION.'],
  out_of_time: [
    'The time of the function ran out before the work could begin.',
    'Run the same again: it goes on with what is left.',
  ],
  step_cut_off: ['The host ended a step: a timeout, too little memory, or a deployment.', AGAIN],
  run_cut_off: ['The host ended the run: a timeout, too little memory, or a deployment.', AGAIN],
  proof_failed: [
    'What was to be published is not what was read. Nothing was published.',
    'Keep the containers as they are, and report it with the log of the run.',
  ],
  part_invalid: [
    'A part that was read back is not what was written. Nothing was published.',
    'Keep the containers as they are, and report it with the log of the run.',
  ],
  shards_incomplete: [
    'The shards of the day are not complete. Nothing was published.',
    'Keep the containers as they are, and report it with the log of the run.',
  ],
  schema_newer: ['A newer version of this program has written the day.', 'Update this one.'],
  month_incomplete: [
    'The month that was to be compacted has days that are not published.',
    'Run the days that the message names, or compact the month with --partial.',
  ],
  erasure_incomplete: [
    'Not everything of the user is erased yet.',
    'Run the same erasure again: it goes on with what is left.',
  ],
  internal_error: ['Something went wrong that the batch has no name for.', DEFECT],
  no_channels: [
    'No tenant has a YouTube channel.',
    'Set YOUTUBE_CHANNEL_IDS, or youtube_channel_ids in a registry entry.',
  ],
  youtube_key_invalid: ['The YouTube Data API refuses the key.', 'Correct the key.'],
  youtube_access_not_configured: [
    "The YouTube Data API is not switched on for the key's project.",
    'Switch it on for the project.',
  ],
  youtube_access_denied: [
    'The YouTube Data API refuses the key.',
    "Loosen the key's restrictions; the message says which.",
  ],
  youtube_channel_not_found: [
    'No channel has this id or handle.',
    'Correct the registry entry or YOUTUBE_CHANNEL_IDS.',
  ],
  'youtube_request_invalid/configuration': [
    'Something answers behind YOUTUBE_API_URL, but not as the API does.',
    'Correct YOUTUBE_API_URL, or what stands in between.',
  ],
  'youtube_connection_lost/configuration': [API_CERTIFICATE, 'Check the address.'],
  youtube_quota_spent: [
    'The units of the Pacific day are spent. What was read is kept.',
    'Nothing: the next run after the reset goes on from there.',
  ],
  youtube_quota_exceeded: [
    'The API says that the units of the Pacific day are spent. What was read is kept.',
    'Nothing: the next run after the reset goes on from there.',
  ],
  youtube_rate_limited: ['The API asked for fewer requests, and went on doing so.', SYNC_AGAIN],
  youtube_unavailable: [`The API ${NOT_ANSWERED}`, SYNC_AGAIN],
  youtube_timeout: [`The API ${NOT_ANSWERED}`, SYNC_AGAIN],
  youtube_connection_lost: ['The connection to the API was lost again and again.', SYNC_AGAIN],
  youtube_video_not_found: ['The one video that was asked for is not there.', 'Correct the id of the video.'],
  youtube_video_of_other_channel: [
    'The one video that was asked for is of no channel of this tenant.',
    'Correct the id of the video, or the tenant.',
  ],
  youtube_playlist_not_found: [
    "The API denies a channel's own list of uploads.",
    'Look whether the channel still exists.',
  ],
  youtube_page_token_invalid: [
    'The API answered what cannot be used, more than once.',
    'Run the sync again with --force, and report it if that does not help.',
  ],
  youtube_answer_invalid: [
    'The API answered what cannot be used, more than once.',
    'Run the sync again with --force, and report it if that does not help.',
  ],
  youtube_request_invalid: [
    'The API refused a request as wrong.',
    'Run the sync again with --force, and report it if that does not help.',
  ],
  sync_overlaps: [
    'Another sync of the same channel was at work.',
    'Wait until it is through, then run the sync again.',
  ],
  database_unavailable: [`The database ${NOT_ANSWERED}`, SYNC_AGAIN],
  database_timeout: [`The database ${NOT_ANSWERED}`, SYNC_AGAIN],
  database_conflict: ['Something else held the same rows of the database.', SYNC_AGAIN],
  database_access_denied: ['The database refused the login.', 'Correct DB_USERNAME or the password.'],
  database_not_found: ['The database does not exist.', 'Create it, or correct DB_NAME.'],
  database_tls_failed: ['The connection to the database cannot be made safe.', 'Correct DB_SSL; the message says how.'],
  database_full: ['The disk of the database is full.', 'Make room on it, then run the sync again.'],
  database_schema_outdated: [
    'The login may not bring the tables up to date.',
    "Run a sync once with the owner's login.",
  ],
  database_schema_newer: ['A newer version of this program has migrated the database.', 'Update this one.'],
  database_schema_foreign: [
    "The database has tables of these names that are not this program's.",
    'Give the sync a database of its own, or rename those tables.',
  ],
  'database_request_invalid/configuration': [
    'The address or name of the database is none.',
    'Correct the setting that the message names.',
  ],
  database_request_invalid: ['The database refused a request as wrong.', DEFECT],
  database_value_invalid: ['The database refused a value.', DEFECT],
  secret_not_found: ['The store of secrets has no such secret.', 'Put it there, or correct its name.'],
  secret_access_denied: [
    'The identity may not read the secret.',
    'Give it the role Key Vault Secrets User, or the permission to read the secret.',
  ],
  'secret_unavailable/configuration': ['KEY_VAULT_URL is no address of a key vault.', 'Correct KEY_VAULT_URL.'],
  secret_unavailable: [`The store of secrets ${NOT_ANSWERED}`, 'Run it again.'],
};

export const ENGLISH_BY_KIND: WordsByKind = {
  transient: [
    'A service did not do its part, although it was asked several times.',
    'It may succeed when the day is run again; running a day again is always safe.',
  ],
  quota: ['A quota is used up.', 'Run the day again when the quota is renewed.'],
  configuration: [
    'A setting, a permission or a resource is not as the batch needs it.',
    'Correct what the message names, then run the day again.',
  ],
  permanent: [
    'The batch could not work with what it was given.',
    'The same input will fail again: look at the log of the run for the cause.',
  ],
};

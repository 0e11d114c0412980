import type { Failure } from '../../shared/errors';

/** What a person can do about a failure that its own message does not tell. */
const BY_CODE: Readonly<Record<string, string>> = {
  container_not_found: 'Create the container, or correct DATA_CONTAINER or ANALYTICS_CONTAINER.',
  access_denied: 'Give the identity the role Storage Blob Data Contributor on the container, or correct the key.',
  metadata_not_found:
    'Create the Cosmos database and container, or correct COSMOS_DATABASE_NAME or COSMOS_CONTAINER_NAME.',
  metadata_access_denied: 'Give the identity the role Cosmos DB Built-in Data Contributor, or correct COSMOS_KEY.',
  metadata_item_invalid: 'Correct or remove the item, then run the day again.',
  tenant_unknown: 'Write its registry entry, or take it out of TENANT_ID or --tenant.',
  tenant_disabled: 'Switch it on in the registry, or take it out of TENANT_ID or --tenant.',
  tenant_id_invalid: 'Correct the id in TENANT_ID or the registry.',
  tenant_container_invalid: 'Correct DATA_CONTAINER or ANALYTICS_CONTAINER, or give the tenant another id.',
  tenant_registry_invalid: 'Correct the registry entry.',
  tenant_registry_empty: 'List the tenants in TENANT_ID, or write their registry entries.',
  input_invalid: 'Correct the arguments.',
  internal_error: 'This is a defect of the batch: report it with the log of the run.',
};

export function adviceFor({ code, kind }: Failure): string {
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  switch (kind) {
    case 'transient':
      return 'It may succeed when the day is run again; running a day again is always safe.';
    case 'quota':
      return 'Run the day again when the quota is renewed.';
    case 'configuration':
      return 'Correct what the message names, then run the day again.';
    case 'permanent':
      return 'The same input will fail again: look at the log of the run for the cause.';
  }
}

/** Why a message cannot be a row. The codes stand in quarantine files, manifests and run records. */
export const QUARANTINE_REASONS = [
  'too_large',
  'bad_encoding',
  'bad_json',
  'not_an_object',
  'missing_field',
  'wrong_type',
  'out_of_range',
  'bad_timestamp',
  'key_mismatch',
] as const;

export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

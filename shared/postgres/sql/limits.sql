-- $1 to $3: milliseconds. For this transaction only, so that a connection goes back to the pool (ours or one in between) as it was.
SELECT
  set_config('TimeZone', 'UTC', TRUE),
  set_config('client_encoding', 'UTF8', TRUE),
  set_config('statement_timeout', $1, TRUE),
  set_config('lock_timeout', $2, TRUE),
  -- A process that is frozen or cut off in the middle of a load must not keep the tenant locked.
  set_config('idle_in_transaction_session_timeout', $3, TRUE);

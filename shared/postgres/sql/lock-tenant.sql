-- Held to the end of the transaction. $1: the tenant
SELECT pg_advisory_xact_lock(hashtextextended('makoto-batch catalogue of ' || $1, 0));

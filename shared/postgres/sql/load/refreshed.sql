-- $2: the business date. Once a day, so that a sync that finds everything as it was writes nothing.
UPDATE public.channels AS channel
SET refreshed_on = $2::DATE
FROM pg_temp.incoming_channels AS new
WHERE channel.tenant_id = $1 AND channel.id = new.id AND channel.refreshed_on IS DISTINCT FROM $2::DATE;

-- SET LOCAL ROLE, and the tenant ($1) whose rows row-level security shows and takes.
SELECT set_config('app.tenant_id', $1, TRUE), set_config('role', 'makoto_batch', TRUE);

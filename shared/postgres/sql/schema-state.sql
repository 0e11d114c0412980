-- What prepare() decides by, for any login. $1: the names of the catalogue's tables
SELECT
  current_user::TEXT AS login,
  current_setting('server_version_num')::INTEGER AS server_version,
  current_setting('server_encoding') AS encoding,
  migrations.oid IS NOT NULL AS has_migrations,
  ARRAY(
    SELECT relname::TEXT FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relname = ANY ($1) ORDER BY 1
  ) AS names_taken,
  COALESCE(has_schema_privilege(to_regnamespace('public')::OID, 'CREATE'), FALSE)
    AND (migrations.oid IS NULL OR pg_has_role(migrations.relowner, 'USAGE')) AS may_migrate,
  COALESCE(
    pg_has_role(
      to_regrole('makoto_batch')::OID,
      CASE WHEN current_setting('server_version_num')::INTEGER >= 160000 THEN 'SET' ELSE 'MEMBER' END
    ),
    FALSE
  ) AS may_work_as_batch,
  EXISTS (SELECT FROM pg_roles WHERE rolname = 'makoto_batch' AND (rolsuper OR rolbypassrls)) AS batch_unbound
FROM (SELECT to_regclass('public.makoto_batch_migrations') AS name) AS wanted
LEFT JOIN pg_class AS migrations ON migrations.oid = wanted.name;

import { newDatabase, newLogin, query, withClient } from '../../support/postgres-databases';
import { sharedDatabase } from '../../support/services';

test('databases are new, empty and apart from each other', async () => {
  const [one, two] = await Promise.all([newDatabase('Some-Label'), newDatabase('Some-Label')]);

  await query(one, 'CREATE TABLE t (n int)');

  const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
  expect(one.DB_NAME).not.toBe(two.DB_NAME);
  expect(await query(one, tables)).toEqual([{ tablename: 't' }]);
  expect(await query(two, tables)).toEqual([]);
});

test('a login has the rights it was given, and row-level security holds for it', async () => {
  const database = await newDatabase();
  await query(database, 'CREATE TABLE t (tenant text)');
  await query(database, "INSERT INTO t VALUES ('a'), ('b')");
  await query(database, 'ALTER TABLE t ENABLE ROW LEVEL SECURITY');
  await query(database, "CREATE POLICY own ON t USING (tenant = current_setting('app.tenant_id', true))");

  const login = await newLogin(database, ['GRANT SELECT ON t TO {role}']);

  const seen = await withClient(login, async (client) => {
    await client.query("SET app.tenant_id = 'a'");
    return (await client.query('SELECT tenant FROM t')).rows;
  });
  expect(seen).toEqual([{ tenant: 'a' }]);
  await expect(query(login, "INSERT INTO t VALUES ('a')")).rejects.toThrow('permission denied for table t');
  await expect(query(login, 'CREATE TABLE u (n int)')).rejects.toThrow('permission denied for schema public');
});

test('the database of the services is there, and its letters have an order and a case that no system changes', async () => {
  const [row] = await query(
    sharedDatabase(),
    `SELECT current_database() AS name, datlocprovider AS provider, datcollate AS collate, pg_encoding_to_char(encoding) AS encoding,
      current_setting('TimeZone') AS zone, lower('ÀÉ') AS lower
     FROM pg_database WHERE datname = current_database()`,
  );

  expect(row).toEqual({ name: 'shirogane', provider: 'b', collate: 'C', encoding: 'UTF8', zone: 'UTC', lower: 'àé' });
});

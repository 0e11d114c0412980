import { unusable } from '../../../shared/postgres/schema-problems';
import type { SchemaState } from '../../../shared/postgres/schema-state';

const CURRENT: SchemaState = {
  login: 'batch',
  serverVersion: 150_000,
  encoding: 'UTF8',
  applied: ['0001_catalogue'],
  missing: [],
  unknown: [],
  namesTaken: ['videos'],
  mayMigrate: false,
  mayWorkAsBatch: true,
  batchUnbound: false,
};

const EMPTY: SchemaState = { ...CURRENT, applied: [], missing: ['0001_catalogue'], namesTaken: [] };

test.each([
  ['that is current', CURRENT],
  ['without tables', EMPTY],
  ['whose tables are older', { ...CURRENT, missing: ['0002_later'] }],
])('a database %s can be used', (_, state) => {
  expect(unusable(state, 'db')).toBeUndefined();
});

test.each([
  [
    'of an older server',
    { ...CURRENT, serverVersion: 140_012 },
    'database_request_invalid',
    /version 14 .*PostgreSQL 15/,
  ],
  ['in another encoding', { ...EMPTY, encoding: 'EUC_JP' }, 'database_request_invalid', /EUC_JP.*UTF8/],
  ['of a newer program', { ...CURRENT, unknown: ['0002_later'] }, 'database_schema_newer', /0002_later/],
  [
    'with tables of others',
    { ...EMPTY, namesTaken: ['videos'] },
    'database_schema_foreign',
    /public\.videos SET SCHEMA/,
  ],
  ['whose role is not bound', { ...CURRENT, batchUnbound: true }, 'database_access_denied', /NOBYPASSRLS/],
])('a database %s cannot', (_, state, code, message) => {
  expect(unusable(state, 'db')).toMatchObject({ code, kind: 'configuration', message: expect.stringMatching(message) });
});

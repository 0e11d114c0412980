import { inspect } from 'node:util';
import fc from 'fast-check';
import { DatabaseError as PgError } from 'pg-protocol';
import { SecretError } from '../../../shared/errors';
import { toDatabaseError } from '../../../shared/postgres/database-errors';

const CALL = { action: 'Loading the catalogue of acme', database: 'shirogane on db.example.org:5432' };

/** An answer of the server as pg throws it. */
function answer(sqlState: string, facts: Partial<PgError> = {}, message = 'the words of the server'): PgError {
  const error = new PgError(message, message.length, 'error');
  return Object.assign(error, { code: sqlState, severity: 'ERROR', ...facts });
}

test.each([
  ['08006', 'database_unavailable', 'transient'],
  ['08P01', 'database_request_invalid', 'permanent'],
  ['0A000', 'database_request_invalid', 'permanent'],
  ['22001', 'database_value_invalid', 'permanent'],
  ['22021', 'database_value_invalid', 'permanent'],
  ['22P02', 'database_value_invalid', 'permanent'],
  ['23505', 'database_value_invalid', 'permanent'],
  ['25006', 'database_unavailable', 'transient'],
  ['25P03', 'database_timeout', 'transient'],
  ['28000', 'database_access_denied', 'configuration'],
  ['28P01', 'database_access_denied', 'configuration'],
  ['3D000', 'database_not_found', 'configuration'],
  ['40001', 'database_conflict', 'transient'],
  ['40P01', 'database_conflict', 'transient'],
  ['42501', 'database_access_denied', 'configuration'],
  ['42601', 'database_request_invalid', 'permanent'],
  ['42703', 'database_schema_outdated', 'configuration'],
  ['42P01', 'database_schema_outdated', 'configuration'],
  ['53100', 'database_full', 'configuration'],
  ['53200', 'database_unavailable', 'transient'],
  ['53300', 'database_unavailable', 'transient'],
  ['55P03', 'database_conflict', 'transient'],
  ['57014', 'database_timeout', 'transient'],
  ['57P01', 'database_unavailable', 'transient'],
  ['57P02', 'database_unavailable', 'transient'],
  ['57P03', 'database_unavailable', 'transient'],
  ['57P04', 'database_not_found', 'configuration'],
  ['58030', 'database_unavailable', 'transient'],
  ['P0001', 'database_request_invalid', 'permanent'],
  ['XX000', 'database_request_invalid', 'permanent'],
])('SQLSTATE %s is %s, %s', (sqlState, code, kind) => {
  const error = toDatabaseError(answer(sqlState), CALL);

  expect(error).toMatchObject({ name: 'DatabaseError', code, kind });
  expect(error.message).toMatch(/^Loading the catalogue of acme in shirogane on db\.example\.org:5432 failed: /);
  expect(error.message).toContain(`SQLSTATE ${sqlState}`);
});

test.each([
  ['ECONNREFUSED', '', 'database_unavailable', 'transient'],
  ['ECONNRESET', 'read ECONNRESET', 'database_unavailable', 'transient'],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND db', 'database_unavailable', 'transient'],
  ['EAI_AGAIN', 'getaddrinfo EAI_AGAIN db', 'database_unavailable', 'transient'],
  ['ETIMEDOUT', 'connect ETIMEDOUT', 'database_timeout', 'transient'],
  ['CERT_HAS_EXPIRED', 'certificate has expired', 'database_tls_failed', 'configuration'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', 'database_tls_failed', 'configuration'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'altnames', 'database_tls_failed', 'configuration'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'no issuer', 'database_tls_failed', 'configuration'],
  ['EPROTO', 'wrong version number', 'database_tls_failed', 'configuration'],
  [undefined, 'The server does not support SSL connections', 'database_tls_failed', 'configuration'],
  [undefined, 'There was an error establishing an SSL connection', 'database_tls_failed', 'configuration'],
  [undefined, 'Connection terminated unexpectedly', 'database_unavailable', 'transient'],
  [undefined, 'Connection terminated due to connection timeout', 'database_timeout', 'transient'],
  [undefined, 'timeout exceeded when trying to connect', 'database_timeout', 'transient'],
  [undefined, 'Query read timeout', 'database_timeout', 'transient'],
  [undefined, 'SASL: SCRAM-SERVER-FIRST-MESSAGE: no password', 'database_access_denied', 'configuration'],
  ['ENOENT', 'no such file', 'database_request_invalid', 'permanent'],
  [undefined, 'something else', 'database_request_invalid', 'permanent'],
])('the error %s "%s" is %s, %s', (code, message, expected, kind) => {
  const error = toDatabaseError(Object.assign(new Error(message), code === undefined ? {} : { code }), CALL);

  expect(error).toMatchObject({ code: expected, kind });
  expect(error.message).not.toMatch(/: \.|undefined/);
});

test('an error of the family passes as it is', () => {
  const secret = new SecretError('The vault is closed.', { code: 'secret_unavailable', kind: 'transient' });

  expect(toDatabaseError(secret, CALL)).toBe(secret);
});

test.each([undefined, null, 'text', 7, { code: '23505', severity: 'ERROR' }])(
  '%p is an error of no known kind',
  (thrown) => {
    expect(toDatabaseError(thrown, CALL)).toMatchObject({ code: 'database_request_invalid', kind: 'permanent' });
  },
);

const DATA = 'row-value';
/** States whose words may hold data: everything but what is about logins, names, rights, resources and the server itself. */
const tellingStates = fc.constantFrom(
  '22P02',
  '22007',
  '22001',
  '23502',
  '23503',
  '23505',
  '23514',
  '40001',
  '54000',
  'P0001',
  'XX000',
  '0A000',
);
const around = fc.string().filter((text) => !text.includes('\0'));

test('no word of a row gets into the error, its cause or its stack', () => {
  fc.assert(
    fc.property(
      tellingStates,
      around,
      around,
      fc.constantFrom('', '\n', '\n    at '),
      (sqlState, before, after, gap) => {
        const data = `${before}${gap}${DATA}${after}`;
        const thrown = answer(
          sqlState,
          {
            detail: data,
            hint: data,
            where: `COPY incoming_videos, line 3, column title: "${data}"`,
            internalQuery: data,
            table: 'incoming_videos',
          },
          data,
        );

        const error = toDatabaseError(thrown, CALL);

        expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(DATA);
        expect(error.message).toContain('table incoming_videos, line 3, column title');
      },
    ),
  );
});

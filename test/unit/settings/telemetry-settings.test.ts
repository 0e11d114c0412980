import { inspect } from 'node:util';
import { SettingsError } from '../../../shared/errors';
import { Masker } from '../../../shared/logging/masking';
import { Secret } from '../../../shared/secret';
import { loadSettings, loadTelemetrySettings, secretsOf, telemetrySecretsOf } from '../../../shared/settings';

const KEY = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';
const CONNECTION_STRING = `InstrumentationKey=${KEY};IngestionEndpoint=https://japaneast-1.in.applicationinsights.azure.com/`;
const least = {
  AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  COSMOS_ENDPOINT: 'http://127.0.0.1:8081',
};

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadTelemetrySettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

test('telemetry goes nowhere unless it is said where', () => {
  expect(loadTelemetrySettings({})).toEqual({ console: false, sampling: 1 });
  // Alone, they mean nothing.
  const idle = { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD', OTEL_EXPORTER_OTLP_HEADERS: 'a=b' };
  expect(loadTelemetrySettings(idle)).toEqual({ console: false, sampling: 1 });
});

test('everything that is given is taken, and is the same among all settings', () => {
  const env = {
    APPLICATIONINSIGHTS_CONNECTION_STRING: CONNECTION_STRING,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=11111111-2222-3333-4444-555555555555;Authorization=AAD',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.com:4318/',
    OTEL_EXPORTER_OTLP_HEADERS: ' api-key = s%20cret , x-team=makoto ',
    TELEMETRY_CONSOLE: 'ON',
    TELEMETRY_SAMPLING: '0.25',
  };

  const settings = loadTelemetrySettings(env);

  expect(settings).toEqual({
    applicationInsights: {
      connectionString: expect.any(Secret),
      identity: { clientId: '11111111-2222-3333-4444-555555555555' },
    },
    otlp: {
      endpoint: 'https://collector.example.com:4318',
      headers: [
        { name: 'api-key', value: expect.any(Secret) },
        { name: 'x-team', value: expect.any(Secret) },
      ],
    },
    console: true,
    sampling: 0.25,
  });
  expect(telemetrySecretsOf(settings).map((secret) => secret.reveal())).toEqual([
    CONNECTION_STRING,
    's cret',
    'makoto',
  ]);
  expect(loadSettings({ ...least, ...env }).telemetry).toEqual(settings);
  expect(secretsOf(loadSettings({ ...least, ...env })).map((secret) => secret.reveal())).toContain(CONNECTION_STRING);
  expect(`${JSON.stringify(settings)}${inspect(settings)}`).not.toContain(KEY);
});

test.each(['Authorization=AAD', ' authorization = aad '])(
  'an identity without an id of its own: %j',
  (APPLICATIONINSIGHTS_AUTHENTICATION_STRING) => {
    const settings = loadTelemetrySettings({
      APPLICATIONINSIGHTS_CONNECTION_STRING: CONNECTION_STRING,
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING,
    });

    expect(settings.applicationInsights?.identity).toEqual({});
  },
);

test('on this machine, and only there, an endpoint may do without TLS', () => {
  const local = `InstrumentationKey=${KEY};IngestionEndpoint=http://127.0.0.1:4000/`;
  const otlp = 'http://localhost:4318';
  const far = 'http://collector.internal:4318';

  expect(problemsOf({ APPLICATIONINSIGHTS_CONNECTION_STRING: local, OTEL_EXPORTER_OTLP_ENDPOINT: otlp })).toEqual([]);
  expect(
    problemsOf({
      APPLICATIONINSIGHTS_CONNECTION_STRING: local.replace('127.0.0.1', 'insights.example.com'),
      OTEL_EXPORTER_OTLP_ENDPOINT: far,
    }),
  ).toEqual([
    'APPLICATIONINSIGHTS_CONNECTION_STRING: expected the connection string of an Application Insights resource; its IngestionEndpoint must begin with https://, or with http:// on this machine (127.0.0.1)',
    'OTEL_EXPORTER_OTLP_ENDPOINT: expected https://, or http:// on this machine (127.0.0.1)',
  ]);
});

test.each([
  [KEY, 'this one is not made of name=value, separated by semicolons'],
  [`InstrumentationKey=${KEY.slice(1)}`, 'this one has no InstrumentationKey'],
  ['IngestionEndpoint=https://x.example.com/', 'this one has no InstrumentationKey'],
  [
    `InstrumentationKey=${KEY};IngestionEndpoint=https://x/?a=b`,
    'this one is not made of name=value, separated by semicolons',
  ],
])('a connection string that the exporter could not use says why, and nothing of itself: %s', (text, problem) => {
  const problems = problemsOf({ APPLICATIONINSIGHTS_CONNECTION_STRING: text });

  expect(problems).toEqual([
    `APPLICATIONINSIGHTS_CONNECTION_STRING: expected the connection string of an Application Insights resource; ${problem}`,
  ]);
  expect(problems.join()).not.toContain(KEY.slice(1));
});

test('headers and identities that are wrong are told, headers without what they hold', () => {
  expect(
    problemsOf({
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=1',
      OTEL_EXPORTER_OTLP_HEADERS: 'a-secret-without-a-name',
      TELEMETRY_CONSOLE: 'yes',
      TELEMETRY_SAMPLING: '2',
    }),
  ).toEqual([
    'APPLICATIONINSIGHTS_AUTHENTICATION_STRING: expected AAD for Authorization, with a ClientId or without one, got "ClientId=1"',
    'OTEL_EXPORTER_OTLP_HEADERS: expected name=value, separated by commas',
    'TELEMETRY_CONSOLE: expected on or off, got "yes"',
    'TELEMETRY_SAMPLING: expected 0, or a number from 0.001 to 1, got "2"',
  ]);
});

test('the key in a connection string is masked by itself, too', () => {
  const masker = new Masker([new Secret(CONNECTION_STRING)]);

  expect(masker.maskText(`sent to ${CONNECTION_STRING} by ${KEY}`)).not.toContain(KEY);
});

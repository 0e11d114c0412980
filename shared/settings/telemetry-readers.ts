import { Secret } from '../secret';
import { Expected, isThisMachine, type Reader, reader } from './readers';
import type { ApplicationInsightsIdentity, OtlpHeader } from './types';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Checked for what the exporter needs, which throws where the key is none, and takes another endpoint where it cannot read one. No part is
 * shown: the key in it lets anybody write telemetry.
 */
export const connectionString: Reader<Secret> = reader((text) => {
  const wrong = (problem: string) =>
    new Expected(`expected the connection string of an Application Insights resource; ${problem}`, 'told');
  const parts = readPairs(text);
  if (parts === undefined) return wrong('this one is not made of name=value, separated by semicolons');
  if (!UUID.test(parts.get('instrumentationkey') ?? '')) return wrong('this one has no InstrumentationKey');
  const endpoint = parts.get('ingestionendpoint');
  if (endpoint !== undefined && !isGuarded(endpoint)) {
    return wrong('its IngestionEndpoint must begin with https://, or with http:// on this machine (127.0.0.1)');
  }
  return new Secret(text);
});

/** The parts of a connection string by their names in lower case, or undefined where it is none. */
export function readPairs(text: string): ReadonlyMap<string, string> | undefined {
  const parts = new Map<string, string>();
  for (const part of text.split(';').filter((each) => each.trim() !== '')) {
    const [, name, value] = /^\s*([^=]+?)\s*=\s*([^=]*?)\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined) return undefined;
    parts.set(name.toLowerCase(), value);
  }
  return parts;
}

function isGuarded(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname));
}

/** As the Functions host reads it: learn.microsoft.com, "App settings reference for Azure Functions". */
export const applicationInsightsIdentity: Reader<ApplicationInsightsIdentity> = reader((text) => {
  const parts = readPairs(text);
  if (parts?.get('authorization')?.toUpperCase() !== 'AAD') {
    return new Expected('expected AAD for Authorization, with a ClientId or without one');
  }
  const clientId = parts.get('clientid');
  return clientId === undefined || clientId === '' ? {} : { clientId };
});

/** As OpenTelemetry's exporters read it: values are percent-encoded where they must be. */
export const otlpHeaders: Reader<readonly OtlpHeader[]> = reader((text) => {
  const headers: OtlpHeader[] = [];
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [, name, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*([\x21-\x7e]+(?: [\x21-\x7e]+)*)\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined) {
      return new Expected('expected name=value, separated by commas', 'told');
    }
    headers.push({ name, value: new Secret(decoded(value)) });
  }
  return headers;
});

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

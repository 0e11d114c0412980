import type { SecretName } from '../ports/secret-source';
import { property } from '../service-failure';

/**
 * The names under which a secret that is JSON has what is needed: as in the secrets that Secrets Manager makes and rotates for
 * databases (user guide, "JSON structure of Secrets Manager database credential secrets"), or as in the settings.
 */
const FIELDS: Readonly<Record<SecretName, readonly string[]>> = {
  DB_PASSWORD: ['password', 'DB_PASSWORD'],
  YOUTUBE_API_KEY: ['api_key', 'YOUTUBE_API_KEY'],
};

/** What is wrong with a secret's text, as a part of a sentence, and what to do. Nothing of the text. */
export interface UnusableText {
  readonly what: string;
  readonly advice: string;
}

/** The value in a secret's text: in a field of it where it is a JSON object, else the text itself without a line's end behind it. */
export function valueIn(text: string, name: SecretName): string | UnusableText {
  const object = jsonObject(text);
  if (object === undefined) return text.replace(/[\r\n]+$/, '') || unusable('gave an empty text', name);
  const fields = FIELDS[name];
  const field = fields.find((one) => Object.hasOwn(object, one));
  if (field === undefined) {
    const wanted = fields.map((one) => JSON.stringify(one)).join(' nor ');
    return unusable(`gave a JSON object that has neither ${wanted}`, name);
  }
  const value = property(object, field);
  if (typeof value === 'string' && value !== '') return value;
  return unusable(`gave a JSON object whose ${JSON.stringify(field)} is empty or no text`, name);
}

export function unusable(what: string, name: SecretName): UnusableText {
  const [field] = FIELDS[name];
  return { what, advice: `Store {"${field}": "…"} in it, or the bare text.` };
}

/** Any text may be a password: also one that begins like JSON and is none. */
function jsonObject(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

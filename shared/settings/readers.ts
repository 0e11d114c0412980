import { z } from 'zod';
import { timeZoneName } from '../calendar';
import type { ChannelName } from '../ports/youtube-api';
import { Secret } from '../secret';
import { parseChannelName } from '../youtube/channel-names';
import { CONTAINER_NAME_RULES, isContainerTemplate, TENANT_PLACEHOLDER } from './container-name';
import { parseSchedule } from './ncrontab';

/** Turns a setting's text, trimmed and not empty, into its value; its issues say what was expected, and what was found. */
export type Reader<T> = z.ZodType<T, string>;

/** What a reader answers where the text is wrong: what was expected. */
export class Expected {
  constructor(
    readonly text: string,
    readonly found?: 'told',
  ) {}
}

export function reader<T>(read: (text: string) => T | Expected): Reader<T> {
  return z.string().transform((text, context) => {
    const value = read(text);
    if (!(value instanceof Expected)) return value;
    const found = value.found === undefined ? `, got ${shown(text)}` : '';
    context.addIssue({ code: 'custom', message: `${value.text}${found}` });
    return z.NEVER;
  });
}

/** A long text is not shown at all rather than in part: half a secret would pass the masking. */
function shown(text: string): string {
  return text.length > 120 ? `${text.length} characters` : JSON.stringify(text);
}

export function integer(min: number, max: number): Reader<number> {
  return reader((text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    // The sum turns -0 into 0.
    return value >= min && value <= max ? value + 0 : new Expected(`expected a whole number from ${min} to ${max}`);
  });
}

export const share: Reader<number> = reader((text) => {
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  return value === 0 || (value >= 0.001 && value <= 1)
    ? value
    : new Expected('expected 0, or a number from 0.001 to 1');
});

/** One of the words, in any letter case; the value is the word as it is written here. */
export function choice<const T extends string>(...words: readonly T[]): Reader<T> {
  return reader((text) => {
    const word = words.find((each) => each.toLowerCase() === text.toLowerCase());
    return word ?? new Expected(`expected ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`);
  });
}

export const timeZone: Reader<string> = reader(
  (text) => timeZoneName(text) ?? new Expected('expected the name of an IANA time zone such as Asia/Tokyo'),
);

export const schedule: Reader<string> = reader((text) => {
  const result = parseSchedule(text);
  return 'expression' in result ? result.expression : new Expected(result.problem, 'told');
});

/** `*`, or the ids as they are listed. A bad id is that tenant's failure and not everybody's: the tenants are judged one by one. */
export const tenantList: Reader<'*' | readonly string[]> = reader((text) => {
  const ids = text.split(',').map((id) => id.trim());
  if (ids.length === 1 && ids[0] === '*') return '*';
  return ids.includes('*') ? new Expected('expected * alone, or tenant ids separated by commas') : ids;
});

export const containerTemplate: Reader<string> = reader((text) =>
  isContainerTemplate(text)
    ? text
    : new Expected(`expected ${CONTAINER_NAME_RULES}, where ${TENANT_PLACEHOLDER} may stand for the tenant`),
);

/** An address without a trailing slash, and without anything that could be a credential. */
export function address(protocols: readonly ('http' | 'https')[], example: string): Reader<string> {
  const expected = `expected an address such as ${example}, beginning with ${protocols.map((each) => `${each}://`).join(' or ')}`;
  return reader((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined) return new Expected(expected);
    if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) {
      return new Expected(`${expected}, without user name, password, query or fragment`, 'told');
    }
    return protocols.some((each) => url.protocol === `${each}:`) ? text.replace(/\/+$/, '') : new Expected(expected);
  });
}

/** As {@link address}; `http` only on this machine, because a key travels with every request. */
export function guardedAddress(example: string): Reader<string> {
  return address(['http', 'https'], example).transform((text, context) => {
    const { protocol, hostname } = new URL(text);
    if (protocol === 'https:' || isThisMachine(hostname)) return text;
    context.addIssue({ code: 'custom', message: 'expected https://, or http:// on this machine (127.0.0.1)' });
    return z.NEVER;
  });
}

/** Whether a host's name always means this machine. A path is that of a Unix socket's folder, as PostgreSQL's clients take it. */
export function isThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host) || host.startsWith('/');
}

export const hostName: Reader<string> = reader((text) =>
  /^[A-Za-z0-9._:-]+$/.test(text) || /^\/[^\s?#@]+$/.test(text)
    ? text
    : new Expected('expected the name or address of a server, without user, port or path'),
);

/** PostgreSQL cuts longer names off without a word (NAMEDATALEN is 64). */
export const databaseName: Reader<string> = reader((text) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  Buffer.byteLength(text) <= 63 && !/[\u0000-\u001f\u007f]/.test(text)
    ? text
    : new Expected('expected a name of at most 63 bytes'),
);

export const channelList: Reader<readonly ChannelName[]> = reader((text) => {
  const names: ChannelName[] = [];
  for (const each of text.split(',').map((part) => part.trim())) {
    const name = parseChannelName(each);
    if (name === undefined) {
      return new Expected(
        `expected channel ids (UC…) or handles (@…) separated by commas, got ${shown(each)} among them`,
        'told',
      );
    }
    names.push(name);
  }
  return names;
});

/** Source: the restrictions on `Resource.Id` in the .NET and REST references of Azure Cosmos DB. */
export const cosmosName: Reader<string> = reader((text) =>
  text.length <= 255 && !/[/\\#?]/.test(text)
    ? text
    : new Expected('expected a name of at most 255 characters without / \\ # ?'),
);

export const secret: Reader<Secret> = z.string().transform((text) => new Secret(text));

/** Checked for the parts that the storage client needs, which says of a missing one only that another is invalid. */
export const storageConnectionString: Reader<Secret> = reader((text) => {
  const parts = new Set(text.split(';').map((part) => (/^([^=]+)=./.exec(part.trim())?.[1] ?? '').toLowerCase()));
  const lacking = (...names: string[]) => names.filter((name) => !parts.has(name.toLowerCase()));
  if (/^UseDevelopmentStorage=true/.test(text)) return new Secret(text);

  const missing = parts.has('sharedaccesssignature')
    ? lacking('BlobEndpoint')
    : [
        ...lacking('DefaultEndpointsProtocol', 'AccountName', 'AccountKey'),
        ...(parts.has('blobendpoint') ? [] : lacking('EndpointSuffix')),
      ];
  if (missing.length === 0) return new Secret(text);
  return new Expected(
    `expected a storage account's connection string; this one has no ${missing.join(', no ')}`,
    'told',
  );
});

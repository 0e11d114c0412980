const SECRET_ENDINGS = [
  'authorization',
  'connectionstring',
  'cookie',
  'credential',
  'credentials',
  'key',
  'passphrase',
  'passwd',
  'password',
  'pwd',
  'secret',
  'signature',
  'token',
];

const SECRET_WORDS = new Set(['sas', 'sig']);

/** Keys that say where something is, and open nothing. A bare `key` is not among them: log an object's key as `storage_key`. */
const PLACES = new Set(['blob_key', 'object_key', 'partition_key', 'row_key', 'sort_key', 'storage_key']);

/**
 * Whether what stands under this name is a secret by its name, in any spelling: `COSMOS_KEY`, `accountKey`, `x-functions-key`.
 *
 * `code` is a credential in a function's URL and an error's code elsewhere, so it depends on the value.
 */
export function isSecretName(name: string, value = ''): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const snake = words.join('_');
  const last = words.at(-1) ?? '';
  if (snake === 'code') return !isErrorCode(value);
  if (PLACES.has(snake)) return false;
  return (
    SECRET_WORDS.has(last) || SECRET_ENDINGS.some((ending) => last.endsWith(ending)) || /connection_string$/.test(snake)
  );
}

/** Words (`tenant_unknown`, `BlobNotFound`, `ECONNRESET`) or an HTTP status: what no generated key looks like. */
function isErrorCode(value: string): boolean {
  return value.length <= 64 && /^(?:[a-z]+(?:[_-][a-z]+)*|[A-Z]+(?:_[A-Z]+)*|(?:[A-Z][a-z]+)+|[1-5]\d\d)$/.test(value);
}

import { MASK } from '../secret';

/**
 * What a credential looks like in the messages of clients and services. Each pattern keeps what names the credential (its
 * groups) and masks the rest. None repeats a group inside a repetition, so that a hostile text cannot make them slow.
 */
const PATTERNS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // name=value, in connection strings, query strings and assignments
  [
    /((?:account_?key|shared_?access_?key|shared_?access_?signature|access_?key|api[_-]?key|master_?key|password|passwd|pwd|secret|token)\s*=\s*)(?:"[^"]*"|'[^']*'|[^\s;&"',]+)/gi,
    `$1${MASK}`,
  ],
  // the signature of a SAS; Cosmos DB sends its own URL-encoded, in a header
  [/(sig(?:=|%3d))[^\s&"'#;,]+/gi, `$1${MASK}`],
  [
    /([?&](?:code|key|subscription-key|x-amz-signature|x-amz-security-token|x-amz-credential)=)[^\s&"'#]+/gi,
    `$1${MASK}`,
  ],
  // headers, to the end of the line or of the JSON string
  [
    /\b((?:proxy-)?authorization|x-functions-key|x-api-key|api-key|ocp-apim-subscription-key|set-cookie|cookie)(["']?\s*[:=]\s*["']?)[^"'\r\n]+/gi,
    `$1$2${MASK}`,
  ],
  // an authorization without its header's name; words alone ("Bearer authentication") are none
  [/\b((?:Bearer|Basic|SharedKey(?:Lite)?)\s+)(?=\S*[\d=])[\w.~+/=:%-]{8,}/gi, `$1${MASK}`],
  // the password of a URL
  [/(:\/\/[^\s/:@]{0,256}:)[^\s/@]+@/g, `$1${MASK}@`],
  // JSON
  [
    /((?:password|passwd|pwd|secret|token|account_?key|access_?key|api_?key|master_?key|connection_?string|signature)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi,
    `$1"${MASK}"`,
  ],
  // a JSON web token
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, MASK],
];

export function maskCredentials(text: string): string {
  return PATTERNS.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text);
}

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface ServerCertificate {
  /** The certificate (PEM), which is its own authority. */
  readonly cert: string;
  /** Its private key (PEM). */
  readonly key: string;
}

const ECDSA_WITH_SHA256 = '06082a8648ce3d040302';
const COMMON_NAME = '0603550403';
const BASIC_CONSTRAINTS = '0603551d13';
const SUBJECT_ALT_NAME = '0603551d11';

/** A certificate for TLS servers on 127.0.0.1 and localhost, good for a day (X.509 version 3, RFC 5280, in DER by hand). */
export function selfSignedCertificate(now: Date = new Date()): ServerCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(hex(ECDSA_WITH_SHA256));
  const name = sequence(tagged(0x31, sequence(hex(COMMON_NAME), tagged(0x0c, Buffer.from('makoto test')))));
  const day = 24 * 60 * 60 * 1000;
  const validity = sequence(time(new Date(now.getTime() - day)), time(new Date(now.getTime() + day)));
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(isAuthority(), namesOfServer())),
  );
  const signature = tagged(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  return {
    cert: pem('CERTIFICATE', sequence(body, algorithm, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function isAuthority(): Buffer {
  const yes = tagged(0x01, Buffer.from([0xff]));
  return sequence(hex(BASIC_CONSTRAINTS), yes, tagged(0x04, sequence(yes)));
}

function namesOfServer(): Buffer {
  const names = sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.from([127, 0, 0, 1])));
  return sequence(hex(SUBJECT_ALT_NAME), tagged(0x04, names));
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

/** UTCTime: YYMMDDHHMMSSZ. */
function time(date: Date): Buffer {
  return tagged(0x17, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
}

function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const lengthBytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content]);
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

const WHEN = 'Mon, 11 Aug 2025 03:00:00 GMT';
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  206: 'Partial Content',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  416: 'Range Not Satisfiable',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

/** What the service says with every blob that does not differ between them. */
export const BLOB_FIELDS =
  `Content-Type: application/json\r\nLast-Modified: ${WHEN}\r\nAccept-Ranges: bytes\r\nx-ms-creation-time: ${WHEN}\r\n` +
  'x-ms-lease-status: unlocked\r\nx-ms-lease-state: available\r\nx-ms-blob-type: BlockBlob\r\nx-ms-server-encrypted: true\r\n';

const BEFORE_ID = 'Server: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0\r\nx-ms-request-id: 00000000-0000-0000-0000-';
const AFTER_ID = `\r\nx-ms-version: 2026-04-06\r\nDate: ${WHEN}\r\n\r\n`;

/** Makes answers, each with a number of its own. */
export class Answers {
  #answered = 0;

  /** @param fields lines, each with its end; the body's length is not among them */
  head(status: number, fields: string, length: number): string {
    this.#answered += 1;
    const id = this.#answered.toString(16).padStart(12, '0');
    return `HTTP/1.1 ${status} ${REASONS[status] ?? 'Other'}\r\nContent-Length: ${length}\r\n${fields}${BEFORE_ID}${id}${AFTER_ID}`;
  }

  empty(status: number, fields = ''): Buffer {
    return Buffer.from(this.head(status, fields, 0), 'latin1');
  }

  /** Head and body in one piece: a write is what costs most. */
  withBody(status: number, fields: string, body: Buffer): Buffer {
    const head = this.head(status, fields, body.length);
    const answer = Buffer.allocUnsafe(head.length + body.length);
    answer.write(head, 'latin1');
    answer.set(body, head.length);
    return answer;
  }

  xml(status: number, fields: string, text: string): Buffer {
    return this.withBody(status, `Content-Type: application/xml\r\n${fields}`, Buffer.from(text));
  }

  written(etag: string): Buffer {
    return this.empty(201, `ETag: "${etag}"\r\nLast-Modified: ${WHEN}\r\nx-ms-request-server-encrypted: true\r\n`);
  }

  /** @param method of the request: HEAD gets the code in a header alone */
  refusal(status: number, code: string, method: string): Buffer {
    const text = `\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
    const fields = `x-ms-error-code: ${code}\r\n`;
    if (method !== 'HEAD') return this.xml(status, fields, text);
    return Buffer.from(this.head(status, fields, Buffer.byteLength(text)), 'latin1');
  }
}

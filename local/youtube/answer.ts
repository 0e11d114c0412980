import type { ServerResponse } from 'node:http';
import type { ApiError } from './api-error';

/** An answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How the connection ends: with the whole answer, with a share of its body, or with none of it. */
  readonly ending: 'whole' | 'reset' | { readonly kept: number };
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
    body: JSON.stringify(value),
    ending: 'whole',
  };
}

/** An answer with an etag, in its header and, where a `fields` mask did not leave it out, in its body. */
export function withEtag(answer: Answer, etag: string): Answer {
  const body: object = JSON.parse(answer.body);
  return {
    ...answer,
    headers: { ...answer.headers, etag: `"${etag}"` },
    body: JSON.stringify('etag' in body ? { ...body, etag } : body),
  };
}

export function errorAnswer(error: ApiError, headers: Readonly<Record<string, string>> = {}): Answer {
  return jsonAnswer(error.code, { error }, headers);
}

export function htmlAnswer(status: number): Answer {
  const title = `Error ${status}`;
  const body = `<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>${title}!!1</title>\n<p><b>${status}.</b> <ins>That’s an error.</ins>\n`;
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8' }, body, ending: 'whole' };
}

export function sendAnswer({ status, headers, body, ending }: Answer, response: ServerResponse): void {
  if (ending === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const bytes = Buffer.from(body);
  // A 304 has no body, and so no length of one.
  response.writeHead(status, status === 304 ? headers : { ...headers, 'content-length': bytes.length });
  if (ending === 'whole') {
    response.end(bytes);
    return;
  }
  response.flushHeaders();
  const part = bytes.subarray(0, Math.floor(bytes.length * ending.kept));
  response.write(part, () => response.destroy());
}

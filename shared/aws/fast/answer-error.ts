import { StorageError } from '../../errors';
import type { HttpAnswer } from '../../http/http-pool';
import { poolError } from '../../http/pool-error';
import { property } from '../../service-failure';
import { type StorageCall, truncatedBody } from '../../storage-call';
import { toS3Error } from '../s3-errors';

/** An answer that is not the one that was wanted, in the form in which the SDK throws it, so that both are translated by the same rules. */
class AnswerError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $response: { readonly headers: Readonly<Record<string, unknown>> };
  /** Where the bucket is, in answers that say so. */
  readonly Region: string | undefined;

  constructor({ status, headers, body }: HttpAnswer) {
    super(`an answer with the status ${status}`);
    this.name = elementOf(body, 'Code') ?? 'UnknownError';
    this.$metadata = { httpStatusCode: status };
    this.$response = { headers: headers.all() };
    this.Region = elementOf(body, 'Region');
  }
}

/** The error of an answer that says that something could not be done. */
export function answerError(answer: HttpAnswer, call: StorageCall): Error {
  // Below 300 it is done, but not what was asked for.
  if (answer.status >= 300) return toS3Error(new AnswerError(answer), call);
  return new StorageError(
    `${call.action} in ${call.store} was answered with ${answer.status}, which was not asked for.`,
    {
      code: 'storage_request_invalid',
      kind: 'permanent',
    },
  );
}

/** The name that an answer gives to what is wrong. */
export function errorCodeOf({ body }: HttpAnswer): string | undefined {
  return elementOf(body, 'Code');
}

/** The error of a request whose credentials were good before: they have ended early or were exchanged, and the next try looks for new ones. */
export function credentialsEnded(answer: HttpAnswer, { action, store }: StorageCall): StorageError {
  const what = [answer.status, errorCodeOf(answer)].join(' ');
  return new StorageError(
    `${action} in ${store} was answered with ${what}: the credentials that had let requests in before are no longer taken. ` +
      'The next try gets them anew.',
    { code: 'storage_unavailable', kind: 'transient' },
  );
}

/** The error of a request that got no answer, or not all of it. */
export function requestError(error: unknown, call: StorageCall, timeoutMs: number): Error {
  if (property(error, 'code') === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return truncatedBody(call, error);
  return poolError(error, call, timeoutMs, toS3Error);
}

/** Error answers are short; an object that is no answer of S3 may be long. */
function elementOf(body: Buffer, name: string): string | undefined {
  return new RegExp(`<${name}>([\\w.-]{1,100})</${name}>`).exec(body.toString('latin1', 0, 2000))?.[1];
}

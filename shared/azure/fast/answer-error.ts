import { StorageError } from '../../errors';
import type { HttpAnswer } from '../../http/http-pool';
import { poolError } from '../../http/pool-error';
import type { StorageCall } from '../../storage-call';
import { toStorageError } from '../storage-errors';

/** An answer that is not the one that was wanted, in the form in which the SDK throws it, so that both are translated by the same rules. */
class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly statusCode: number;
  readonly code: string | undefined;
  readonly response: { readonly headers: { get(name: string): string | undefined } };

  constructor({ status, headers, body }: HttpAnswer) {
    super(`an answer with the status ${status}`);
    this.statusCode = status;
    this.code = codeOf(body);
    this.response = { headers: { get: (name) => headers.get(name.toLowerCase()) } };
  }
}

/** The error of an answer that says that something could not be done. */
export function answerError(answer: HttpAnswer, call: StorageCall): Error {
  return toStorageError(new AnswerError(answer), call);
}

/** The error of a request whose signature or token was good before: it has ended early or was revoked, and the next try has a new one. */
export function grantEnded({ status }: HttpAnswer, { action, store }: StorageCall): StorageError {
  return new StorageError(
    `${action} in ${store} was answered with ${status}: what had let requests in before is no longer taken. The next try gets it anew.`,
    { code: 'storage_unavailable', kind: 'transient' },
  );
}

/** The error of a request that got no answer, or not all of it. */
export function requestError(error: unknown, call: StorageCall, timeoutMs: number): Error {
  return poolError(error, call, timeoutMs, toStorageError);
}

/** Most error answers say their code in a header too; this is for those that do not. */
function codeOf(body: Buffer): string | undefined {
  return /<Code>(\w{1,100})<\/Code>/.exec(body.toString('latin1', 0, 2000))?.[1];
}

import type { BlobRequests } from './blob-requests';
import type { Answer, Reply } from './http-connection';
import { randomFrom } from './random';
import type { ServerRequest } from './server-request';

/** What is wrong with the service on purpose. Shares are of all requests, 0 to 1, and of different ones. */
export interface BlobServerFaults {
  /** Before every answer. */
  readonly latencyMs?: number;
  /** Answered with 503. */
  readonly busyShare?: number;
  /** Connections reset in place of an answer. */
  readonly resetShare?: number;
  /** Bodies that end in the middle, with the connection. */
  readonly truncatedShare?: number;
  /** Bodies that come in two halves, so many milliseconds apart. */
  readonly slowShare?: number;
  readonly slowMs?: number;
  readonly seed?: number;
}

const SLOW_MS = 100;
const END_OF_HEAD = '\r\n\r\n';

/** Answers requests with the faults that are wanted, in the same order for the same seed. */
export function answerWith(requests: BlobRequests, faults: BlobServerFaults): Answer {
  const { latencyMs = 0 } = faults;
  const reply = replying(requests, faults);
  if (latencyMs === 0) return reply;
  return (request) => new Promise((resolve) => setTimeout(() => resolve(reply(request)), latencyMs));
}

function replying(requests: BlobRequests, faults: BlobServerFaults): (request: ServerRequest) => Reply {
  const { busyShare = 0, resetShare = 0, truncatedShare = 0, slowShare = 0, slowMs = SLOW_MS, seed = 1 } = faults;
  if (busyShare + resetShare + truncatedShare + slowShare === 0) return (request) => requests.answer(request);
  const random = randomFrom(seed);
  return (request) => {
    let chance = random();
    const falls = (share: number) => {
      chance -= share;
      return chance < 0;
    };
    if (falls(busyShare)) return requests.fault(503, 'ServerBusy', request);
    if (falls(resetShare)) {
      requests.counter.count('fault');
      return { pieces: [], pauseMs: 0, end: 'reset' };
    }
    const answer = requests.answer(request);
    if (falls(truncatedShare)) return { pieces: halves(answer).slice(0, 1), pauseMs: 0, end: 'close' };
    return falls(slowShare) ? { pieces: halves(answer), pauseMs: slowMs, end: 'go on' } : answer;
  };
}

/** An answer up to the middle of its body, and the rest. */
function halves(answer: Buffer): Buffer[] {
  const bodyStart = answer.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
  const middle = bodyStart + Math.floor((answer.length - bodyStart) / 2);
  return [answer.subarray(0, middle), answer.subarray(middle)];
}

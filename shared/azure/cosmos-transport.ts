import {
  createDefaultHttpClient,
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { MetadataError } from '../errors';
import { isError } from '../logging/is-error';
import { type MetadataCall, toMetadataError } from './metadata-errors';

const QUERY_PLAN_HEADER = 'x-ms-cosmos-is-query-plan-request';

/**
 * The HTTP client below @azure/cosmos. It does three things that the SDK (4.9.3) has no option for:
 *
 * - A query of one partition needs no query plan, and the SDK fetches one for every page all the same and throws it away:
 *   it is answered here, which halves the requests.
 * - Failures of the connection become errors that the SDK does not know. It would try those again itself, up to 120 times
 *   a second apart (defaultRetryPolicy, endpointDiscoveryRetryPolicy), out of sight of our own retries.
 * - An error whose body is no JSON, as a gateway or proxy in between sends it, would end in a TypeError or SyntaxError.
 */
export function cosmosTransport(store: string): HttpClient {
  const client = createDefaultHttpClient();
  const call: MetadataCall = { action: 'A request', store };
  return {
    sendRequest: async (request) => {
      if (request.headers.has(QUERY_PLAN_HEADER)) return answer(request, 400, 'no query plan is needed');
      try {
        const response = await client.sendRequest(request);
        return response.status < 400 ? response : withReadableError(request, response);
      } catch (error) {
        if (isError(error) && error.name === 'AbortError') throw abandoned(store);
        throw toMetadataError(error, call);
      }
    },
  };
}

function withReadableError(request: PipelineRequest, response: PipelineResponse): PipelineResponse {
  try {
    const body: unknown = JSON.parse(response.bodyAsText ?? '');
    if (typeof body === 'object' && body !== null) return response;
  } catch {
    // Replaced below.
  }
  return { ...answer(request, response.status, 'no reason given'), headers: response.headers };
}

function answer(request: PipelineRequest, status: number, message: string): PipelineResponse {
  return { request, headers: createHttpHeaders(), status, bodyAsText: JSON.stringify({ message }) };
}

/** Seen only where the SDK's own time is up: when ours is, nobody waits for this any more. */
function abandoned(store: string): MetadataError {
  return new MetadataError(`A request to ${store} took too long.`, { code: 'metadata_timeout', kind: 'transient' });
}

import { createHttpHeaders, createPipelineRequest, proxyPolicy } from '@azure/core-rest-pipeline';

/**
 * The proxy that the Azure SDK would use for the address, or undefined. The SDK itself is asked (`HTTPS_PROXY`, `ALL_PROXY`,
 * `HTTP_PROXY`, and `NO_PROXY` with its rules), so that both readers go the same way.
 */
export async function azureProxyOf(origin: string): Promise<URL | undefined> {
  const request = createPipelineRequest({ url: origin });
  await proxyPolicy().sendRequest(request, async () => ({ request, status: 200, headers: createHttpHeaders() }));
  const { agent } = request;
  return agent !== undefined && 'proxy' in agent && agent.proxy instanceof URL ? agent.proxy : undefined;
}

import type { AccessKeys } from './access-keys';

/** The path of the durable HTTP API for people and other programs; it needs the system key. */
export const webhookPath = '/runtime/webhooks/durabletask';
/** The path for the app's own durable clients. The library keeps a base URL's path and drops its query: the secret is in the path. */
export const rpcPath = '/durabletask';

const connection = 'Storage';
const idPlaceholder = 'INSTANCEID';

export interface DurableUrlOptions {
  /** Like `http://127.0.0.1:7071`. */
  readonly origin: string;
  readonly hubName: string;
  readonly keys: AccessKeys;
  readonly rpcSecret: string;
}

/** What a durable client binding receives, as JSON. Source: OrchestrationClientInputData of durable-functions 3.5. */
export function durableClientBinding(options: DurableUrlOptions): string {
  const { origin, hubName, rpcSecret } = options;
  const baseUrl = `${origin}${webhookPath}`;
  const requiredQueryStringParameters = keyQuery(options);
  const create = `${baseUrl}/orchestrators/{functionName}[/{instanceId}]?`;
  return JSON.stringify({
    taskHubName: hubName,
    creationUrls: {
      createNewInstancePostUri: create + requiredQueryStringParameters,
      createAndWaitOnNewInstancePostUri: `${create}timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${requiredQueryStringParameters}`,
    },
    managementUrls: managementUrls(idPlaceholder, options),
    baseUrl,
    requiredQueryStringParameters: `code=${options.keys.systemKey}`,
    rpcBaseUrl: `${origin}${rpcPath}/${rpcSecret}/`,
  });
}

/** The URLs at which one instance is looked after, under the names that the answers to a start have. */
export function managementUrls(instanceId: string, options: DurableUrlOptions): Record<string, string> {
  const query = keyQuery(options);
  const id = instanceId === idPlaceholder ? instanceId : encodeURIComponent(instanceId);
  const instance = `${options.origin}${webhookPath}/instances/${id}`;
  const operation = (name: string) => `${instance}/${name}?reason={text}&${query}`;
  return {
    id: instanceId,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: operation('terminate'),
    rewindPostUri: operation('rewind'),
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: operation('suspend'),
    resumePostUri: operation('resume'),
  };
}

function keyQuery({ hubName, keys }: DurableUrlOptions): string {
  return `taskHub=${encodeURIComponent(hubName)}&connection=${connection}&code=${keys.systemKey}`;
}

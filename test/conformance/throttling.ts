import { motoEndpoint, sharedAws } from '../support/aws-services';
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from '../support/fault-proxy';

/** S3 and DynamoDB behind proxies, and the settings that lead there. */
export interface SpoiledAws {
  readonly s3: FaultProxy;
  readonly dynamodb: FaultProxy;
  readonly settings: Readonly<Record<string, string>>;
  reset(): void;
  stop(): Promise<void>;
}

export async function spoiledAws(): Promise<SpoiledAws> {
  const s3 = await startFaultProxy(motoEndpoint());
  const dynamodb = await startFaultProxy(sharedAws().dynamodb.endpoint);
  return {
    s3,
    dynamodb,
    settings: { AWS_ENDPOINT_URL: s3.origin, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.origin },
    reset: () => {
      s3.reset();
      dynamodb.reset();
    },
    stop: async () => {
      await s3.stop();
      await dynamodb.stop();
    },
  };
}

/** An answer of S3 that refuses. Source: S3 API reference, "Error responses". */
export function s3Refusal(status: number, code: string): Fault {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
  return { kind: 'status', status, headers: { 'content-type': 'application/xml' }, body };
}

/** An answer of DynamoDB that refuses. Source: DynamoDB developer guide, "Error handling". */
export function dynamoRefusal(code: string): Fault {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: 'no' });
  return { kind: 'status', status: 400, headers: { 'content-type': 'application/x-amz-json-1.0' }, body };
}

/** Both services refuse one request of some, for being asked too much. */
export function throttle({ s3, dynamodb }: SpoiledAws): void {
  const every = (share: number) => {
    let seen = 0;
    return () => ++seen % share === 0;
  };
  s3.inject({ fault: s3Refusal(503, 'SlowDown'), when: every(7), times: 1e9 });
  dynamodb.inject({ fault: dynamoRefusal('ProvisionedThroughputExceededException'), when: every(3), times: 1e9 });
}

export const readsMessage = ({ method, url }: SeenRequest) => method === 'GET' && /\/chat\/.+\.json/.test(url);

/** What DynamoDB is asked to do: `PutItem`. */
export const operationOf = ({ headers }: SeenRequest) => String(headers['x-amz-target']).split('.').at(-1);

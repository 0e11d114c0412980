import { GetObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { addressOf } from '../../../shared/aws/fast/bucket-address';
import { openS3Client } from '../../../shared/aws/s3-client';

const REGION = 'ap-northeast-1';
const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };

async function placeOf(client: S3Client, bucket: string, endpoint?: string): Promise<string | undefined> {
  const address = await addressOf(client, endpoint, bucket);
  client.destroy();
  return address && `${address.origin}${address.object('a b/c')} ${address.signing.region} ${address.list}`;
}

test.each([
  ['in the host name on AWS', REGION, 'chat', `https://chat.s3.${REGION}.amazonaws.com/a%20b/c ${REGION} /`],
  [
    'in the path where it fits into no certificate',
    REGION,
    'a.b',
    `https://s3.${REGION}.amazonaws.com/a.b/a%20b/c ${REGION} /a.b`,
  ],
  ['in another partition', 'cn-north-1', 'chat', 'https://chat.s3.cn-north-1.amazonaws.com.cn/a%20b/c cn-north-1 /'],
  ['that needs a session of its own', REGION, 'chat--apne1-az1--x-s3', undefined],
])('a bucket %s', async (_, region, bucket, expected) => {
  expect(await placeOf(openS3Client({ region, tryTimeoutMs: 1000 }), bucket)).toBe(expected);
});

test.each([
  ['http://127.0.0.1:5000', 'http://127.0.0.1:5000/chat/a%20b/c', '/chat'],
  ['https://proxy.example.com/s3/', 'https://proxy.example.com/s3/chat/a%20b/c', '/s3/chat'],
])('a bucket is in the path of the endpoint %s', async (endpoint, object, list) => {
  const client = openS3Client({ region: REGION, endpoint, tryTimeoutMs: 1000 });

  expect(await placeOf(client, 'chat', endpoint)).toBe(`${object} ${REGION} ${list}`);
});

test('the address is the one that the SDK sends to, whatever its settings', async () => {
  const hosts: unknown[] = [];
  const requestHandler: S3ClientConfig['requestHandler'] = {
    handle: async ({ hostname }: { hostname: string }) => {
      hosts.push(hostname);
      throw new Error('sent');
    },
  };
  const some = { region: 'us-east-1', credentials: CREDENTIALS, requestHandler, maxAttempts: 1 };
  for (const settings of [some, { ...some, useFipsEndpoint: true }, { ...some, useDualstackEndpoint: true }]) {
    const client = new S3Client(settings);

    const address = await addressOf(client, undefined, 'chat');
    const sent = hosts.length;
    await client.send(new GetObjectCommand({ Bucket: 'chat', Key: 'x' })).catch(() => undefined);

    expect(hosts.slice(sent)).toEqual([address?.host]);
  }
  expect(new Set(hosts).size).toBe(3);
});

import type { BusinessDay } from '../../../shared/calendar';
import type { Message } from '../../../shared/messages/contract';
import type { Manifest } from '../../../shared/messages/manifest';
import { NO_NOTICES } from '../../../shared/messages/notices';
import { EMPTY_PROOF } from '../../../shared/messages/proof';

/** The day that the samples are of. */
export const DAY: BusinessDay = {
  date: '2025-08-11',
  zone: 'Asia/Tokyo',
  start: Date.UTC(2025, 7, 10, 15),
  end: Date.UTC(2025, 7, 11, 15),
  hours: 24,
};

export function sampleMessage(differing: Partial<Message> = {}): Message {
  const timeMs = DAY.start + 1;
  return {
    key: {
      user: 'alice',
      room: 'r1',
      key: 'acme/chat/alice/r1/messages/2025/08/10/15-00-00.001Z-m1.json',
      folderMs: 0,
      timeMs,
    },
    placedMs: timeMs,
    timestampMs: timeMs,
    messageId: 'm1',
    writtenId: 'm1',
    role: 'user',
    content: 'x',
    contentLength: 1,
    attachmentCount: 0,
    generatedImageCount: 0,
    ragSourceCount: 0,
    agentMode: null,
    agentExecutionTimeMs: null,
    agentTokensUsed: null,
    attachments: null,
    generatedImages: null,
    context: null,
    extra: null,
    clockSkew: false,
    replacedSurrogates: false,
    unknownFields: [],
    ...differing,
  };
}

export function sampleManifest(differing: Partial<Manifest> = {}): Manifest {
  const part = (key: string) => ({ key, rows: 3, bytes: 100, sha256: 'ab' });
  return {
    version: 1,
    tenant_id: 'acme',
    business_date: DAY.date,
    time_zone: DAY.zone,
    day: { start: new Date(DAY.start).toISOString(), end: new Date(DAY.end).toISOString() },
    schema_version: 1,
    contract_version: 1,
    encoder: 'arrow',
    compression: 'ZSTD',
    input_digest: 'cd',
    proof: { ...EMPTY_PROOF, listed: 4, outside: 1, exported: 3 },
    datasets: { messages: [part('m0'), part('m1')], rooms: [part('r0')], users: [part('u0')], summary: [part('s0')] },
    quarantine: [part('q0')],
    notices: { ...NO_NOTICES, drift: { a: 1 } },
    layout: ['0', '1'],
    plan: 'plan',
    shards: [
      { shard: 0, plan: 'plan-0', result: 'result-0' },
      { shard: 1, plan: 'plan-1', result: 'result-1' },
    ],
    ...differing,
  };
}

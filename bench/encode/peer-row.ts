import { epochDay } from '../../shared/calendar';
import { DATE, type StoredMessage, TENANT } from './messages';

const TOKYO_MS = 9 * 3_600_000;
const MS_PER_HOUR = 3_600_000;
const BUSINESS_DATE = epochDay(DATE);

/** The columns of `messages` as a peer fills them: the same values, with nothing looked at that the columns do not need. */
export function peerRow({ key, body }: StoredMessage) {
  const {
    message_id,
    user_id,
    room_id,
    timestamp,
    role,
    content,
    agent_info,
    attachments,
    generated_images,
    context,
    ...rest
  } = JSON.parse(body.toString()) as Body;
  const at = Date.parse(timestamp);
  return {
    tenant_id: TENANT,
    user_id: user_id ?? key.user,
    room_id: room_id ?? key.room,
    message_id,
    timestamp: at,
    business_date: BUSINESS_DATE,
    hour: Math.floor((at + TOKYO_MS) / MS_PER_HOUR) % 24,
    role,
    content,
    content_length: content.length - (content.match(SURROGATE_PAIRS)?.length ?? 0),
    has_attachments: attachments !== undefined && attachments.length > 0,
    attachment_count: attachments?.length ?? 0,
    generated_image_count: generated_images?.length ?? 0,
    rag_source_count: context?.rag_sources?.length ?? 0,
    agent_mode: agent_info?.mode,
    agent_execution_time_ms: agent_info?.execution_time_ms,
    agent_tokens_used: agent_info?.tokens_used,
    attachments: attachments && JSON.stringify(attachments),
    generated_images: generated_images && JSON.stringify(generated_images),
    context: context && JSON.stringify(context),
    extra: Object.keys(rest).length === 0 ? undefined : JSON.stringify(rest),
    storage_key: key.key,
  };
}

const SURROGATE_PAIRS = /[\ud800-\udbff][\udc00-\udfff]/g;

interface Body {
  readonly message_id: string;
  readonly user_id?: string;
  readonly room_id?: string;
  readonly timestamp: string;
  readonly role: string;
  readonly content: string;
  readonly agent_info?: { readonly mode?: string; readonly execution_time_ms?: number; readonly tokens_used?: number };
  readonly attachments?: readonly unknown[];
  readonly generated_images?: readonly unknown[];
  readonly context?: { readonly rag_sources?: readonly unknown[] };
}

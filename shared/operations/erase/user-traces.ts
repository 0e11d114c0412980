import { roomsPrefix } from '../../messages/message-key';

/** Under these names the batch's own JSON objects hold a user's id, or a list of such. */
const USER_FIELDS: ReadonlySet<string> = new Set(['user', 'user_id', 'userId', 'dividedUsers', 'users']);

/**
 * Tells what is one user's. An id is compared as a whole, so that nobody whose id begins with it is taken for the same; and only where ids
 * stand, as what other people write may quote any word.
 */
export class UserTraces {
  /** `{tenant}/chat/{user}/`: what all keys of the user's messages begin with. */
  readonly prefix: string;

  constructor(
    readonly tenant: string,
    readonly user: string,
  ) {
    this.prefix = roomsPrefix(tenant, user);
  }

  isUser(id: unknown): boolean {
    return id === this.user;
  }

  ownsKey(key: unknown): boolean {
    return typeof key === 'string' && key.startsWith(this.prefix);
  }

  /** Whether a value of one of the batch's own JSON objects names the user: by its id, or by a key of its messages. */
  inJson(value: unknown): boolean {
    if (typeof value === 'string') return value.includes(this.prefix);
    if (Array.isArray(value)) return value.some((each) => this.inJson(each));
    if (value === null || typeof value !== 'object') return false;
    return Object.entries(value).some(([name, each]) => {
      const ids = USER_FIELDS.has(name) && (Array.isArray(each) ? each : [each]).some((id) => this.isUser(id));
      return ids || this.inJson(each);
    });
  }

  /** Whether a text may name the user: what does not hold the id at all need not be parsed. */
  mayBeIn(json: Uint8Array): boolean {
    return Buffer.from(json.buffer, json.byteOffset, json.byteLength).includes(JSON.stringify(this.user).slice(1, -1));
  }

  /** Whether a sentence for people names the user: by a key, or by an item of the metadata store. */
  inSentence(text: string): boolean {
    const item = `USER#${this.user}`;
    return (
      text.includes(this.prefix) ||
      text.includes(encodeURI(this.prefix)) ||
      text.split('/').map(decoded).join('/').includes(this.prefix) ||
      [...text.matchAll(/USER#/g)].some(({ index }) => endsThere(text, index, item))
    );
  }
}

/** Whether what begins there is the whole of `item`: followed by no other character that an id may go on with. */
function endsThere(text: string, index: number, item: string): boolean {
  return text.startsWith(item, index) && /^(?:$|["#,;\s.])/.test(text.slice(index + item.length));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

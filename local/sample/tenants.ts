import type { Topic } from './topics';
import { ENGLISH_TOPICS } from './topics-english';
import { JAPANESE_TOPICS } from './topics-japanese';

/** A tenant of the sample: an invented company whose people chat with an assistant. */
export interface SampleTenant {
  readonly id: string;
  /** The IANA zone whose midnight bounds its days. */
  readonly timeZone: string;
  /** Whether its registry entry names the zone, or leaves it to the settings. */
  readonly namesItsZone: boolean;
  readonly topics: readonly Topic[];
  readonly people: readonly string[];
  /** Ordinary messages of the day, at least; a conversation is never cut off. */
  readonly messages: number;
  /** How often each unusual message occurs. */
  readonly oddities: number;
  /** The handles of its YouTube channels, which the stand-in of the API has; one tenant has none. */
  readonly channels: readonly string[];
}

const TOKYO = 'Asia/Tokyo';

const JAPANESE_NAMES = [
  ...[
    'aoi',
    'haruto',
    'yui',
    'sota',
    'hina',
    'ren',
    'mei',
    'minato',
    'sakura',
    'itsuki',
    'rin',
    'kaito',
    'akari',
    'yuma',
  ],
  ...[
    'honoka',
    'riku',
    'tsumugi',
    'asahi',
    'koharu',
    'nagi',
    'emi',
    'takumi',
    'saki',
    'daichi',
    'nao',
    'shiori',
    'makoto',
  ],
];

const ENGLISH_NAMES = [
  ...[
    'alex',
    'bianca',
    'carlos',
    'dana',
    'eli',
    'fatima',
    'grace',
    'hugo',
    'imani',
    'jonah',
    'kira',
    'liam',
    'maya',
    'noor',
  ],
  ...['oscar', 'priya', 'quinn', 'rosa'],
];

/** Two tenants in Tokyo, which is the settings' own zone, and one in New York, which its registry entry says. */
export const SAMPLE_TENANTS: readonly SampleTenant[] = [
  {
    id: 'hinata-books',
    timeZone: TOKYO,
    namesItsZone: false,
    topics: JAPANESE_TOPICS,
    people: JAPANESE_NAMES,
    messages: 1080,
    oddities: 3,
    channels: ['@akari-toshoshitsu'],
  },
  {
    id: 'hudson-kitchen',
    timeZone: 'America/New_York',
    namesItsZone: true,
    topics: ENGLISH_TOPICS,
    people: ENGLISH_NAMES,
    messages: 560,
    oddities: 1,
    channels: [],
  },
  {
    id: 'minato-travel',
    timeZone: TOKYO,
    namesItsZone: false,
    topics: [...JAPANESE_TOPICS, ...ENGLISH_TOPICS],
    people: JAPANESE_NAMES.slice(0, 20),
    messages: 720,
    oddities: 2,
    channels: ['@smallovenbigtable', '@machi-rika'],
  },
];

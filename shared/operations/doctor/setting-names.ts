import { settingsTable } from '../../settings';

/** Names that settings had in earlier versions, or that people know them by from elsewhere, and what they are now. */
export const FORMER_NAMES: Readonly<Record<string, string>> = {
  EXPORT_SHARD_ROOMS: 'EXPORT_SHARD_MESSAGES',
  DB_USER: 'DB_USERNAME',
  DB_DATABASE: 'DB_NAME',
  DB_PASS: 'DB_PASSWORD',
  S3_BUCKET: 'S3_BUCKET_NAME',
  DYNAMODB_TABLE: 'DYNAMODB_TABLE_NAME',
  COSMOS_DATABASE: 'COSMOS_DATABASE_NAME',
  COSMOS_CONTAINER: 'COSMOS_CONTAINER_NAME',
  TENANT_IDS: 'TENANT_ID',
  YOUTUBE_CHANNEL_ID: 'YOUTUBE_CHANNEL_IDS',
};

/** A name in the environment that is no setting, and the setting that was probably meant. */
export interface StrangeName {
  readonly name: string;
  readonly meant: string;
  readonly reason: 'former' | 'misspelled';
}

/** The mistakes that a misspelled name may have. */
const MOST_MISTAKES = 2;
/** Of shorter names, two mistakes make any other one, and of the shortest one does. */
const LONG = 12;
const SHORTEST = 6;

/**
 * Names in an environment that look like settings and are none. An environment is full of names that are nobody's mistake: only what is a mistake
 * or two away from a setting is told, and nothing that other programs are known to read.
 */
export function strangeNames(names: readonly string[]): StrangeName[] {
  const known = settingsTable.map(({ name }) => name as string);
  return names.flatMap((name): StrangeName[] => {
    const plain = name.trim().toUpperCase();
    if (known.includes(name) || OF_OTHERS.has(name)) return [];
    const former = FORMER_NAMES[plain];
    if (former !== undefined) return [{ name, meant: former, reason: 'former' }];
    if (plain.length < SHORTEST) return [];
    const most = plain.length < LONG ? 1 : MOST_MISTAKES;
    const [nearest] = known
      .map((meant) => ({ meant, mistakes: mistakesBetween(plain, meant) }))
      .filter(({ mistakes }) => mistakes <= most)
      .sort((a, b) => a.mistakes - b.mistakes);
    return nearest === undefined ? [] : [{ name, meant: nearest.meant, reason: 'misspelled' }];
  });
}

/** What tools of AWS and of telemetry read, one or two letters from names of ours. */
const OF_OTHERS: ReadonlySet<string> = new Set([
  'AWS_ENDPOINT_URL_SSM',
  'AWS_ENDPOINT_URL_STS',
  'AWS_ENDPOINT_URL_SQS',
]);

/** Letters that are wrong, missing, too many, or in the place of their neighbour; counted up to one more than matter. */
function mistakesBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_MISTAKES) return MOST_MISTAKES + 1;
  let [older, old] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const candidates = [(old[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (old[j - 1] ?? 0) + (same ? 0 : 1)];
      row.push(Math.min(...candidates, ...(swapped ? [(older[j - 2] ?? 0) + 1] : [])));
    }
    [older, old] = [old, row];
  }
  return old[b.length] ?? MOST_MISTAKES + 1;
}

import { Random } from '../sample/random';

/** A text, or the seed of one that is made when it is asked for, so that a large catalogue stays small in memory. */
export type Text = string | GeneratedText;

export interface GeneratedText {
  readonly seed: string;
  /** Its exact length in UTF-8. */
  readonly bytes: number;
}

const LINES: readonly string[] = [
  'ご視聴ありがとうございます!',
  'チャンネル登録と高評価をよろしくお願いします✨',
  '概要欄のタイムスタンプからお好きなところへどうぞ。',
  '00:00 はじめに / 12:30 本編 / 48:15 おわりに',
  '#配信 #まとめ #初見さん歓迎',
  'BGM: フリー音源をお借りしています。',
  '',
  'Thanks for watching, and see you in the next one.',
  'Questions? Leave them in the comments; I read every one of them.',
  'Recipe, measurements and the full list of tools are below.',
  '- 200 g flour, 3 eggs, "a pinch" of salt, and patience',
  'Music: public domain, recorded at home.',
  'https://example.com/links?from=description&lang=ja',
];

export function textOf(text: Text): string {
  return typeof text === 'string' ? text : generate(text);
}

function generate({ seed, bytes }: GeneratedText): string {
  const random = new Random(seed);
  const lines: string[] = [];
  let left = bytes;
  while (left > 0) {
    const line = `${random.pick(LINES)}\n`;
    const size = Buffer.byteLength(line);
    // Padding, where the next line would be too long.
    lines.push(size <= left ? line : '.'.repeat(left));
    left -= Math.min(size, left);
  }
  return lines.join('');
}

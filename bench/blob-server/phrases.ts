import { randomFrom } from './random';

const ENGLISH = [
  'the a our this every another',
  'report meeting contract invoice ticket schedule customer region budget release',
  'is was needs gives changes shows follows',
  'missing ready late approved shared finished unclear new',
  'today tomorrow on Friday before noon after the call with the team in the folder',
].map((words) => words.split(' '));

const JAPANESE = [
  ['会議の', '契約の', '来週の', 'お客様の', '今月の', 'チームの', '新しい', '次回の'],
  ['資料', '予定', '見積もり', '報告書', '請求書', '手順', '画面', '問い合わせ'],
  ['を確認して', 'を共有して', 'を直して', 'について調べて', 'を送って', 'をまとめて'],
  ['ください。', 'おきました。', 'います。', 'もらえますか。', 'おきます。'],
];

const COUNT = 2048;

/** Pieces of text as UTF-8, as they may stand in a JSON string: half of them Japanese, some with what JSON escapes. */
export const PHRASES: readonly Buffer[] = makePhrases();

function makePhrases(): Buffer[] {
  const random = randomFrom(600);
  const oneOf = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  return Array.from({ length: COUNT }, (_, index) => {
    const japanese = JAPANESE.map(oneOf).join('');
    const english = `${ENGLISH.map(oneOf).join(' ')} ${Math.floor(random() * 1000)}. `;
    const text = index % 2 === 0 ? japanese : english;
    if (index % 32 === 1) return Buffer.from(`${text}\\n`);
    return Buffer.from(index % 32 === 17 ? `\\"${text}\\" ` : text);
  });
}

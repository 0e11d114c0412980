/**
 * What a channel is like. In the templates `{name}` of a slot stands for one of its words, and `{number}` for the number of the
 * video in its series.
 */
export interface ChannelVoice {
  readonly title: string;
  readonly handle: string;
  readonly description: string;
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly streams: readonly string[];
  readonly videos: readonly string[];
  /** The share of its videos that were broadcast. */
  readonly streamShare: number;
}

export const VOICES: readonly ChannelVoice[] = [
  {
    title: 'あかり図書室 / Akari Ch.',
    handle: '@akari-toshoshitsu',
    description: '本とゲームと夜更かしのチャンネルです📚\n配信は週に四、五回。初見さんもどうぞ。',
    slots: {
      game: ['星くず農場', '迷宮の灯', '逆さまの塔', 'ことりレーシング', '深海の郵便屋', '雪原クラフト'],
      mood: ['完全初見', '縛りプレイ', '参加型', 'のんびり', '耐久', '最終回'],
      time: ['朝活', '昼活', '夜ふかし', '寝る前'],
      book: ['銀河鉄道の夜', '吾輩は猫である', '山月記', '注文の多い料理店', '羅生門'],
      mark: ['✨', '📚', '🌙', '🔥', ''],
    },
    streams: [
      '【{game}】{mood}!今日はどこまで進めるかな{mark}【#あかり図書室】',
      '#{number}【{game}】{mood}でゆっくり続きから{mark}',
      '【{time}雑談】最近あったことを話すよ{mark} / Free talk',
      '【歌枠】リクエスト聞きます🎤{time}の三十曲 {number}回目【KARAOKE】',
      '【朗読】『{book}』を声に出して読む夜{mark}',
    ],
    videos: [
      '【切り抜き】{game}で叫ぶまで三秒{mark}',
      '『{book}』を五分で語る{mark}',
      '【オリジナル曲】{time}のうた / あかり(Official Video)',
      '{game}のここが好き!七つの理由{mark}',
    ],
    streamShare: 0.75,
  },
  {
    title: 'Small Oven, Big Table',
    handle: '@smallovenbigtable',
    description: 'Home baking without a stand mixer.\nNew recipe every other Sunday, live Q&A once a month.',
    slots: {
      bake: ['Rye Bread', 'Cinnamon Rolls', 'Lemon Tart', 'Focaccia', 'Melon Pan', 'Apple Strudel'],
      claim: ['No Mixer Needed', 'in One Bowl', 'on a Weeknight', 'the Way My Aunt Makes It', 'with Leftovers'],
      count: ['3', '5', '7', '12'],
      mark: ['🍞', '🍋', '🥐', '', '🧈'],
    },
    streams: [
      'LIVE: Baking {bake} Together {mark} (Q&A #{number})',
      'Ask Me Anything about {bake} | Live from the Kitchen',
    ],
    videos: [
      '{bake}, {claim} {mark}',
      '{count} Mistakes Everyone Makes with {bake}',
      'I Made {bake} Every Day for a Week {mark}',
      '{bake} vs. {bake}: Which One Wins? (Ep. {number})',
      'The Only {bake} Recipe You Need {mark}',
    ],
    streamShare: 0.15,
  },
  {
    title: 'まちの理科準備室',
    handle: '@machi-rika',
    description: '身近なもので試す理科の実験と、夜空の中継。\nExperiments with things from around the house.',
    slots: {
      thing: ['ペットボトル', '紫キャベツ', '片栗粉', '磁石', 'シャボン玉', '古いCD'],
      sky: ['皆既月食', 'ペルセウス座流星群', '木星と土星', '初日の出', '国際宇宙ステーション'],
      verb: ['光らせる', '浮かせる', '凍らせる', '回す', '割らずに落とす'],
      mark: ['🔬', '🌌', '🧪', '', '🪐'],
    },
    streams: ['【生中継】{sky}をみんなで見よう{mark} #{number}', '【LIVE】{sky}の観測と質問コーナー'],
    videos: [
      '{thing}を{verb}方法{mark}【自由研究{number}】',
      'なぜ{thing}は{verb}と面白いのか',
      '【1分理科】{thing}だけでできる実験{mark}',
      '{thing}で{verb}: a kitchen-table experiment',
    ],
    streamShare: 0.2,
  },
];

/** A template with its slots filled. The same name twice takes two words. */
export function fill(
  template: string,
  slots: ChannelVoice['slots'],
  number: number,
  pick: (words: readonly string[]) => string,
): string {
  const used = new Set<string>();
  const filled = template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    if (name === 'number') return String(number);
    const word = pick((slots[name] ?? ['']).filter((candidate) => !used.has(candidate)));
    used.add(word);
    return word;
  });
  return filled.replace(/\s+/g, ' ').trim();
}

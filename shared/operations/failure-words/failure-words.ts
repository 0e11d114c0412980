import type { Failure } from '../../errors';
import { ENGLISH_BY_CODE, ENGLISH_BY_KIND } from './english';
import { JAPANESE_BY_CODE, JAPANESE_BY_KIND } from './japanese';

/** A failure as a person reads it: what it means, and what they can do about it. */
export interface FailureWords {
  readonly what: string;
  readonly advice: string;
}

/** By a failure's code; by `code/kind` where one code is of several kinds that mean different things. */
export type WordsByCode = Readonly<Record<string, readonly [what: string, advice: string]>>;

export type WordsByKind = Readonly<Record<Failure['kind'], readonly [what: string, advice: string]>>;

const WORDS = {
  en: { byCode: ENGLISH_BY_CODE, byKind: ENGLISH_BY_KIND },
  ja: { byCode: JAPANESE_BY_CODE, byKind: JAPANESE_BY_KIND },
} as const;

/** Of a code that nobody has words for, what its kind means. */
export function failureWords(language: 'en' | 'ja', { code, kind }: Pick<Failure, 'code' | 'kind'>): FailureWords {
  const { byCode, byKind } = WORDS[language];
  const [what, advice] = own(byCode, `${code}/${kind}`) ?? own(byCode, code) ?? byKind[kind] ?? byKind.permanent;
  return { what, advice };
}

function own(words: WordsByCode, name: string): WordsByCode[string] | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}

import { english } from '../../../shared/operations/dashboard/texts/english';
import { japanese } from '../../../shared/operations/dashboard/texts/japanese';
import { preferredLanguage, Words } from '../../../shared/operations/dashboard/texts/words';
import { ENGLISH_BY_CODE, ENGLISH_BY_KIND } from '../../../shared/operations/failure-words/english';
import { failureWords } from '../../../shared/operations/failure-words/failure-words';
import { JAPANESE_BY_CODE, JAPANESE_BY_KIND } from '../../../shared/operations/failure-words/japanese';
import { readText, section, tableRows } from '../docs/documents';

const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe('the texts of the page', () => {
  test('are the same ones in both languages, none of them empty, and fill in the same', () => {
    expect(Object.keys(japanese)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(english)) {
      const other = Object.entries(japanese).find(([name]) => name === key)?.[1] ?? '';
      expect([key, text.trim(), other.trim()]).not.toContain('');
      expect([key, ...blanks(other)]).toEqual([key, ...blanks(text)]);
    }
  });

  test('are Japanese in Japanese', () => {
    const same = Object.entries(japanese).filter(([, text]) => !/[\u3040-\u30ff\u4e00-\u9fff]/.test(text));

    expect(same.map(([key]) => key).sort()).toEqual(['as_json', 'failure_at', 'nav_youtube', 'youtube_title']);
  });
});

describe('failures in plain words', () => {
  const documented = tableRows(section(readText('docs/operations.md'), '## Failures')).flatMap(
    ([codes = '', kind = '']) =>
      [...codes.matchAll(/`([^`]+)`/g)].map(([, code = '']) => ({ code, kind }) as Parameters<typeof failureWords>[1]),
  );

  test('are there for every code that the operations page explains, in both languages', () => {
    expect(documented.length).toBeGreaterThan(60);
    for (const words of [ENGLISH_BY_CODE, JAPANESE_BY_CODE]) {
      const without = documented.filter(({ code, kind }) => !(code in words) && !(`${code}/${kind}` in words));

      expect(without).toEqual([]);
    }
    expect(Object.keys(JAPANESE_BY_CODE)).toEqual(Object.keys(ENGLISH_BY_CODE));
  });

  test('have something to say in every one', () => {
    const all = [ENGLISH_BY_CODE, ENGLISH_BY_KIND, JAPANESE_BY_CODE, JAPANESE_BY_KIND].flatMap((words) =>
      Object.values(words),
    );

    expect(all.flat().filter((text) => text.trim().length < 5)).toEqual([]);
  });

  test('tell apart what one code means of several kinds, and know what the kind of any other means', () => {
    const lost = failureWords('en', { code: 'storage_connection_lost', kind: 'transient' });
    const certificate = failureWords('en', { code: 'storage_connection_lost', kind: 'configuration' });
    const unknown = failureWords('en', { code: 'constructor', kind: 'quota' });

    expect(lost.what).toContain('lost');
    expect(certificate.what).toContain('certificate');
    expect(unknown.what).toBe('A quota is used up.');
  });
});

describe('words', () => {
  const [en, ja] = [new Words('en', 'Asia/Tokyo'), new Words('ja', 'Asia/Tokyo')];

  test('write dates, times and numbers as each language does, in the business zone', () => {
    expect([en.date('2025-08-11'), ja.date('2025-08-11')]).toEqual(['11 Aug 2025', '2025年8月11日']);
    expect([en.instant('2025-08-11T17:05:00Z'), ja.instant('2025-08-11T17:05:00Z')]).toEqual([
      '12 Aug 2025, 02:05',
      '2025年8月12日 02:05',
    ]);
    expect([en.count(1234567), ja.count(1234567)]).toEqual(['1,234,567', '1,234,567']);
    expect([en.bytes(5_240_000), en.bytes(999_950), en.bytes(712)]).toEqual(['5.2 MB', '1 MB', '712 byte']);
    expect([en.duration(7.25), en.duration(98), en.duration(3_725)]).toEqual(['7.3s', '1m 38s', '1h 2m']);
    expect([en.money(0.0029), en.money(12.5)]).toEqual(['US$0.0029', 'US$12.50']);
    expect(en.change(-3)).toBe('-3');
  });

  test('tell what is no instant as it is', () => {
    expect(en.instant('soon')).toBe('soon');
  });

  test.each([
    ['ja,en;q=0.8', 'ja'],
    ['de-DE, ja-JP;q=0.5, en;q=0.7', 'en'],
    ['en;q=0, ja;q=0.1', 'ja'],
    ['fr', 'en'],
    ['', 'en'],
    [undefined, 'en'],
  ])('are of the language that %p prefers: %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_DOCUMENTS, ROOT, readText } from './documents';

const FOLDER = 'docs/images';
const LARGEST = 200_000;
const PNG = '89504e470d0a1a0a';

const pictures = readdirSync(join(ROOT, FOLDER));

test('the documents have pictures', () => {
  expect(pictures.length).toBeGreaterThan(3);
});

test.each(pictures)('%s is a small picture, and a document shows it', (name) => {
  const path = join(ROOT, FOLDER, name);

  const shown = ALL_DOCUMENTS.filter((document) => readText(document).includes(`images/${name})`));

  expect(shown.length).toBeGreaterThan(0);
  expect(statSync(path).size).toBeLessThan(LARGEST);
  expect(readFileSync(path).subarray(0, 8).toString('hex')).toBe(PNG);
});

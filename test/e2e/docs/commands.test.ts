import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyOutput } from '../../../local/cli/output-copy';
import { writeEnvFile } from '../../../local/cli/services-files';
import { DATA_PAGE } from '../../../local/docs/data-documents';
import { runInline } from '../../../shared/batch/inline-engine';
import { scheduledRequest } from '../../../shared/batch/scheduled-request';
import { queryDuckDb } from '../../support/parquet-readers';
import {
  codeBlocks,
  DOCUMENTS,
  inlineCode,
  ROOT,
  readJson,
  readText,
  section,
  shellCommands,
} from '../../unit/docs/documents';
import { newSampleWorld, type SampleWorld } from './sample-world';
import { runInShell } from './shell';

/** Commands that are run by what is named here, as `file: text in it`, and not by this test. */
const RUN_ELSEWHERE: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'npm ci': ['.ci/run', 'step npm ci'],
  'npm test': ['.ci/run', 'step npm test'],
  'npm run lint': ['.ci/run', 'step npm run lint'],
  'npm run typecheck': ['.ci/run', 'step npm run typecheck'],
  'npm run package:azure': ['test/e2e/packaging/azure-package.test.ts', 'package-azure.js'],
  'npm run package:aws': ['test/e2e/packaging/aws-package.test.ts', 'package-aws.js'],
  // The lint, which would also write into the sources here.
  'npm run format': ['package.json', '"format": "biome check --write ."'],
  'npm start': ['test/e2e/cli/start.test.ts', "start('--json')"],
  'npm start -- --json': ['test/e2e/cli/start.test.ts', "start('--json')"],
  'npm run dev': ['test/e2e/cli/dev.test.ts', "new Program('dev'"],
  'npm run services': ['test/e2e/cli/services.test.ts', "new Program('services'"],
  'npm run services -- --empty': ['test/e2e/cli/services.test.ts', "'--empty'"],
  'npm run bench': ['test/e2e/bench/bench.test.ts', "bench(['--quick', '--json'])"],
  'npm run bench -- sync': ['test/e2e/bench/bench.test.ts', "bench(['sync', '--quick'])"],
  'npm run bench -- sync --json': ['test/e2e/bench/bench.test.ts', "bench(['sync', '--quick', '--json'])"],
  // They measure for minutes, and write the page.
  'npm run bench -- --write': ['test/unit/bench/report.test.ts', 'documentWith('],
  // What the benches write of themselves.
  ...Object.fromEntries(
    Array.from(readText('docs/benchmarks.md').matchAll(/^## (\S+)/gm), ([, name]) => [
      `npm run bench -- ${name} --write`,
      ['test/unit/bench/report.test.ts', 'documentWith('] as const,
    ]),
  ),
  // A message of the sample has another key every day.
  'npx makoto-batch quarantine show --tenant hinata-books --key "$KEY" --save message.json --env-file .makoto/services.env':
    ['test/unit/cli/quarantine.test.ts', "show(world, 'broken', '--save', file)"],
  'npx makoto-batch quarantine replay --tenant hinata-books --key "$KEY" --file message.json --env-file .makoto/services.env':
    ['test/unit/cli/quarantine.test.ts', "replay(world, '--key', keyOf('broken'), '--file', file)"],
  // It changes what the commands after it find.
  'npx makoto-batch erase --tenant hinata-books --user yui --yes --env-file .makoto/services.env': [
    'test/unit/erase/erase-command.test.ts',
    "['--user', 'alice', '--yes', '--json']",
  ],
  // The sample has no finished month.
  'npx makoto-batch compact --month 2025-08 --env-file .makoto/services.env': [
    'test/unit/cli/compact-command.test.ts',
    "['compact', '--month', OUTPUT_MONTH, '--json']",
  ],
  'npx makoto-batch compact --month 2025-08 --tenant hinata-books --partial --env-file .makoto/services.env': [
    'test/unit/cli/compact-command.test.ts',
    "'--partial', '--tenant', OUTPUT_TENANT",
  ],
  // They ask no service.
  ...Object.fromEntries(
    shellCommands([DATA_PAGE])
      .filter(({ command }) => command.includes(' ddl '))
      .map(({ command }) => [command, ['test/unit/docs/data.test.ts', 'test.each(ddlCommands)'] as const]),
  ),
  'npm run docs:data': ['test/unit/docs/data.test.ts', 'writeDataDocuments('],
  // They look at days of the past, which are not published here; bad-morning.test.ts has both on days that are.
  'npx makoto-batch verify --env-file .makoto/services.env': [
    'test/unit/cli/verify.test.ts',
    "world.run(['verify', ...DAY",
  ],
  'npx makoto-batch verify --from 2025-08-01 --to 2025-08-11 --tenant hinata-books --deep --env-file .makoto/services.env':
    ['test/unit/cli/verify.test.ts', "...DAY, '--deep'])"],
  'npx makoto-batch doctor --env-file .makoto/services.env': ['test/unit/cli/doctor.test.ts', "run(['doctor']"],
  // It has the app do it.
  'npx makoto-batch backfill --from 2025-01-01 --to 2025-06-30 --concurrency 4 --url "$BATCH_URL"': [
    'test/e2e/backfill/backfill.test.ts',
    "'--url', host.url",
  ],
  // They would leave their file here.
  'npx makoto-batch report --html report.html --env-file .makoto/services.env': [
    'test/unit/cli/report.test.ts',
    "['report', '--html', '-', '--tenant', 'hinata-books']",
  ],
  'npx makoto-batch report --html report.html --days 90 --lang ja --tenant hinata-books --env-file .makoto/services.env':
    ['test/unit/cli/report.test.ts', "['report', '--html', file, '--days', '7', '--lang', 'ja', '--json']"],
  // It takes the pictures of the documents.
  'npm run screenshots': ['test/unit/docs/pictures.test.ts', 'docs/images'],
  // It writes the histories that this test replays.
  'npm run record-histories': ['test/e2e/replay/replay.test.ts', 'recorded'],
};

/** They are one story, which bad-morning.test.ts plays. */
const ofTheMorning = codeBlocks(section(readText('docs/operations.md'), '## A bad morning')).flatMap(({ content }) =>
  content.trim().split('\n'),
);

const commands = shellCommands()
  .filter(({ document, command }) => document !== 'docs/operations.md' || !ofTheMorning.includes(command))
  .flatMap(({ document, command }) => command.split(' && ').map((each) => ({ document, command: each.trim() })));
const ofTheBatch = commands.filter(
  ({ command }) => command.startsWith('npx makoto-batch ') && !(command in RUN_ELSEWHERE),
);
/** What commands of the batch print first, other than `run` and `plan`. */
const FIRST_LINES: Readonly<Record<string, RegExp>> = {
  backfill: /^backfill of \S+ to \S+, /,
  erase: /^\S+ would be erased; \d+ days? of /,
  quarantine: /^(quarantine of \S+|\S+ has nothing in quarantine) /,
};
const ofJest = commands.filter(({ command }) => command.startsWith('npx jest '));
/** They change the project's files: a copy of them is theirs here. */
const ofUpkeep = commands.filter(({ command }) => command.startsWith('node .ci/'));
/** Azure's own tools are not here: test/unit/bicep/deployment.test.ts checks their commands, options and files. */
const ofAzure = commands.filter(({ command }) => /^(\w+=\$\()?(az|azd|func) |^cd dist\/azure$/.test(command));
/** Nor are those of AWS: see test/unit/aws-infrastructure/commands.test.ts. Terraform is run by test/integration/aws/terraform.test.ts. */
const ofAws = commands.filter(({ command }) => /^(aws|sam|terraform) /.test(command));
/** See requests.test.ts. */
const requests = commands.filter(({ command }) => command.startsWith('curl '));

const OUTPUT = '.makoto/output';
/** Those of the page for analysts are asked of views: see test/unit/docs/data.test.ts. */
const queries = DOCUMENTS.filter((document) => document !== DATA_PAGE).flatMap((document) =>
  codeBlocks(readText(document))
    .filter(({ language }) => language === 'sql')
    .flatMap(({ content }) => content.split(/;\s*$/m))
    .filter((sql) => sql.trim() !== '')
    .map((sql) => ({ document, sql })),
);

let world: SampleWorld;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-docs-'));
  world = await newSampleWorld();
  await writeEnvFile(join(folder, 'services.env'), world.settings);
  // A person's own settings, before those of the services: here they are of the sample too.
  await writeEnvFile(join(folder, 'youtube.env'), { TENANT_ID: 'minato-travel', YOUTUBE_DAILY_QUOTA: '9999' });
  // A cache of its own, so that npx looks at nothing but this project, and asks nobody.
  const npm = {
    npm_config_cache: join(folder, 'npm'),
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  };
  environment = { HOME: folder, ...npm };
});

afterAll(async () => {
  await world?.dispose();
  await rm(folder, { recursive: true, force: true });
});

test('every command of the documents is run, here or elsewhere', () => {
  const here = [...ofTheBatch, ...ofJest, ...ofUpkeep, ...ofAzure, ...ofAws, ...requests];

  const unknown = commands.filter((each) => !here.includes(each) && !(each.command in RUN_ELSEWHERE));

  expect(unknown).toEqual([]);
  expect([ofTheBatch.length, ofJest.length, requests.length, queries.length].every((count) => count > 0)).toBe(true);
});

test('every command within a sentence is one of those, or begins one', () => {
  const inBlocks = [...commands.map(({ command }) => command), ...ofTheMorning, ...Object.keys(RUN_ELSEWHERE)];
  // Sentences speak of the command by its own name.
  const known = inBlocks.flatMap((command) => [command, command.replace(/^npx /, '')]);
  const inSentences = DOCUMENTS.flatMap((document) =>
    inlineCode(readText(document))
      .filter((code) => /^(npm|npx|curl|makoto-batch|node) /.test(code))
      .map((command) => ({ document, command })),
  );

  const unknown = inSentences.filter(({ command }) => !known.some((each) => `${each} `.startsWith(`${command} `)));

  expect(inSentences.length).toBeGreaterThan(5);
  expect(unknown).toEqual([]);
});

test.each(Object.entries(RUN_ELSEWHERE))('"%s" is run elsewhere, as is said here', (command, [file, text]) => {
  const mentioned = DOCUMENTS.map(readText).some((page) => page.includes(command));

  expect(mentioned).toBe(true);
  expect(readText(file)).toContain(text);
});

test('npx may execute what was built', async () => {
  const { bin } = readJson<{ bin: Readonly<Record<string, string>> }>('package.json');

  const { mode } = await stat(join(ROOT, bin['makoto-batch'] ?? ''));

  // Where npx has run the package before, it does not see to this any more.
  expect(mode & 0o100).toBe(0o100);
});

test.each(ofTheBatch)('$document: $command', async ({ command }) => {
  const withFile = command.replaceAll(/--env-file \S*?([\w.]+)(?= |$)/g, `--env-file '${folder}/$1'`);
  expect(withFile).not.toBe(command);

  const { code, stdout, stderr } = await runInShell(withFile, environment);

  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('failed') });
  expect(stdout).toMatch(command.includes('--json') ? /\{"status":"completed".*\}\n$/ : firstLineOf(command));
});

function firstLineOf(command: string): RegExp {
  const [, name = ''] = /^npx makoto-batch (\S+)/.exec(command) ?? [];
  return FIRST_LINES[name] ?? /^(export|youtube) of \d{4}-\d\d-\d\d/;
}

test.each(ofJest)('$document: $command', async ({ command }) => {
  const listing = command.replace('npx jest', 'npx jest --listTests');

  const { code, stdout } = await runInShell(listing, environment);

  expect(code).toBe(0);
  expect(stdout).toMatch(/\.test\.ts$/m);
});

test.each(ofUpkeep)('$document: $command finds nothing to do', async ({ command }) => {
  await cp(join(ROOT, '.ci'), join(folder, '.ci'), { recursive: true });
  await cp(join(ROOT, 'package-lock.json'), join(folder, 'package-lock.json'));

  const { code, stdout } = await runInShell(command, environment, folder);

  expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: '0 added' });
  expect(await readFile(join(folder, 'package-lock.json'), 'utf8')).toBe(readText('package-lock.json'));
});

test.each(queries)('$document: $sql', async ({ sql }) => {
  const report = await runInline(world.platform, scheduledRequest('export', world.platform));
  await copyOutput(world.platform, [report], join(folder, 'output'));
  expect(sql).toContain(`'${OUTPUT}/`);

  const { rows } = await queryDuckDb(sql.replaceAll(OUTPUT, join(folder, 'output')));

  expect(rows.length).toBeGreaterThan(0);
});

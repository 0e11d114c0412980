import { spawnSync } from 'node:child_process';
import { readYaml, type Yaml } from '../../unit/aws-infrastructure/yaml';
import { ROOT, readText } from '../../unit/docs/documents';

const lint = spawnSync('cfn-lint', ['--version']).status === 0;

/** `test` where cfn-lint is there; elsewhere a skipped test that says so. */
function testWithCfnLint(name: string, run: () => void): void {
  if (lint) test(name, run);
  // biome-ignore lint/suspicious/noSkippedTests: told here; a passing test would hide it
  else test.skip(`${name} (not run: there is no cfn-lint; pip install cfn-lint)`, () => {});
}

/** A file as cfn-lint's own reader has it. */
const READ = `
import json, sys
import cfnlint.decode.cfn_yaml
print(json.dumps(cfnlint.decode.cfn_yaml.load(sys.argv[1]), default=str))
`;

testWithCfnLint('cfn-lint finds nothing in template.yaml', () => {
  const { status, stdout, stderr } = spawnSync('cfn-lint', ['template.yaml'], { cwd: ROOT, encoding: 'utf8' });

  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

testWithCfnLint('cfn-lint finds what is wrong in a template', () => {
  const wrong = readText('template.yaml')
    .replace('Runtime: nodejs22.x', 'Runtime: nodejs16.x')
    .replace('!Ref Alarms', '!Ref Alarm');

  const { status, stdout } = spawnSync('cfn-lint', { input: wrong, encoding: 'utf8' });

  expect(status).not.toBe(0);
  expect(stdout).toMatch(/nodejs16\.x/);
  expect(stdout).toMatch(/'Alarm'/);
});

testWithCfnLint('the unit tests read the template as cfn-lint does', () => {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', READ, 'template.yaml'], {
    cwd: ROOT,
    encoding: 'utf8',
  });

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(sorted(readYaml(readText('template.yaml')))).toEqual(sorted(JSON.parse(stdout) as Yaml));
});

/** Numbers as text: CloudFormation does not tell them apart. */
function sorted(value: Yaml): Yaml {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value === null ? null : String(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sorted(each)]));
}

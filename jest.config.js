// Packages that are published as ES modules only: Jest runs CommonJS, so they pass through the compiler too.
const esModulesOnly = [
  'hyparquet',
  'hyparquet-compressors',
  'hysnappy',
  'node-pg-migrate',
  'temporal-polyfill',
  'temporal-utils',
];

const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`node_modules/(?!(${esModulesOnly.join('|')})/)`],
  moduleNameMapper: { '^fast-check$': '<rootDir>/test/support/seeded-fast-check.js' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.makoto/'],
};

const project = (displayName, extra = {}) => ({
  ...shared,
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  ...extra,
});

const embeddedServices = {
  globalSetup: '<rootDir>/test/support/services-setup.ts',
  globalTeardown: '<rootDir>/test/support/services-teardown.ts',
};

module.exports = {
  projects: [
    project('unit'),
    project('integration', embeddedServices),
    project('e2e', embeddedServices),
    project('conformance', embeddedServices),
  ],
  testTimeout: 120_000,
  maxWorkers: 2,
  // Modules are loaded anew for every file, and native ones keep what they had: a worker that has grown is replaced.
  workerIdleMemoryLimit: '1500MB',
};

// Lets a plain Node process of a test load the project's TypeScript: node --require THIS_FILE script.ts
const { transformFileSync } = require('@swc/core');

const options = {
  swcrc: false,
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs' },
};

require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, options).code, file);

/** What every project's tests share: swc for the TypeScript, and the workspace's own import names read from tsconfig.base.json. */
const path = require('node:path');
const { compilerOptions } = require('./tsconfig.base.json');

const moduleNameMapper = Object.fromEntries(
  Object.entries(compilerOptions.paths).map(([name, [file]]) => [`^${name}$`, path.join(__dirname, file)]),
);

/** The Jest config of the project in `projectDir`. */
module.exports.projectConfig = (projectDir, overrides = {}) => ({
  displayName: require(path.join(projectDir, 'project.json')).name,
  rootDir: projectDir,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.spec.ts'],
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper,
  // A safety net against hanging, with room for a busy machine; no test measures time.
  testTimeout: 120_000,
  reporters: ['default', [path.join(__dirname, 'tools/workspace/count-reporter.js'), {}]],
  ...overrides,
});

import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom: app -> domain -> lib; adapters -> pipeline -> core -> contracts; never back. */
const walls = [
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:contract'] },
  { sourceTag: 'type:core', onlyDependOnLibsWithTags: ['type:core', 'type:contract'] },
  { sourceTag: 'type:pipeline', onlyDependOnLibsWithTags: ['type:core', 'type:contract'] },
  { sourceTag: 'type:orchestrator', onlyDependOnLibsWithTags: ['type:pipeline', 'type:core', 'type:contract'] },
  { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: ['type:adapter', 'type:orchestrator', 'type:pipeline', 'type:core', 'type:contract'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:pipeline', 'type:core', 'type:contract', 'type:domain'] },
  { sourceTag: 'type:constructs', onlyDependOnLibsWithTags: ['type:orchestrator', 'type:core', 'type:contract'] },
  { sourceTag: 'type:domain', onlyDependOnLibsWithTags: ['type:pipeline', 'type:orchestrator', 'type:core', 'type:contract', 'type:testing', 'type:adapter', 'type:constructs'] },
  { sourceTag: 'type:app', notDependOnLibsWithTags: ['type:app', 'type:tool'] },
  { sourceTag: 'type:e2e', notDependOnLibsWithTags: ['type:tool'] },
  { sourceTag: 'type:tool', notDependOnLibsWithTags: ['type:tool'] },
];

/** What loads a domain by its first door gets no engine and nothing of AWS. */
const firstDoorWalls = [
  { sourceTag: 'runtime:portable', notDependOnLibsWithTags: ['runtime:engine', 'runtime:aws'] },
  { sourceTag: 'type:domain', notDependOnLibsWithTags: ['runtime:engine'] },
];

const boundaries = (depConstraints) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allow: [],
    depConstraints,
    // The fakes implement the pipeline's ports, and the pipeline's specs use the fakes; no code that runs goes in a circle.
    ignoredCircularDependencies: [['pipeline', 'testing'], ['testing', 'pipeline']],
  },
];

/** A domain's second door: its stack, and the entry points of its functions. */
const SECOND_DOOR = ['domains/*/src/orchestrator-stack.ts', 'domains/*/src/main.ts', 'domains/*/src/handlers/*.ts'];

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '**/.inlet', 'tmp'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@nx/enforce-module-boundaries': boundaries([...walls, ...firstDoorWalls]),
      'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: SECOND_DOOR,
    rules: { '@nx/enforce-module-boundaries': boundaries(walls) },
  },
  {
    // Tests may use the shared fakes and contract suites, whatever their project's own walls.
    files: ['**/*.spec.ts', '**/*.test-support.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off', 'max-lines': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // A domain's first door stays free of the CDK, so that a Lambda or the CLI can load it cheaply.
    files: ['domains/*/src/**/*.ts'],
    ignores: ['domains/*/src/orchestrator-stack.ts', 'domains/*/src/orchestrator-stack.spec.ts', 'domains/*/src/main.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'], message: 'Only orchestrator-stack.ts and main.ts may import the CDK.' }] }],
    },
  },
  {
    // The files that reach the workspace's root by path: they run before import names mean anything.
    files: ['**/jest.config.js', '**/jest.e2e.config.js'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    languageOptions: { globals: { require: 'readonly', module: 'writable', __dirname: 'readonly', process: 'readonly', console: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);

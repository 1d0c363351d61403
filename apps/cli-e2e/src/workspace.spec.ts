import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../../..');

/** Projects that a change of these files touches, as `nx affected` sees it. */
function affectedBy(...files: string[]): string[] {
  const nx = path.join(root, 'node_modules/nx/dist/bin/nx.js');
  const text = execFileSync(process.execPath, [nx, 'show', 'projects', '--affected', `--files=${files.join(',')}`, '--json'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  return JSON.parse(text) as string[];
}

interface Sample {
  file: string;
  code: string;
}

/** In a process of its own: ESLint's config is a module that Jest cannot import. */
const LINT_SAMPLES = `
  import { ESLint } from 'eslint';
  import { text } from 'node:stream/consumers';
  const samples = JSON.parse(await text(process.stdin));
  const eslint = new ESLint();
  const walls = ['@nx/enforce-module-boundaries', 'no-restricted-imports'];
  const breaches = [];
  for (const { file, code } of samples) {
    const [result] = await eslint.lintText(code, { filePath: file });
    breaches.push(result.messages.filter(({ ruleId }) => walls.includes(ruleId)).map(({ message }) => message));
  }
  console.log(JSON.stringify(breaches));
`;

/** The walls that each sample breaches. The boundary rule reads the project graph that Nx has cached. */
function findBreaches(samples: readonly Sample[]): string[][] {
  affectedBy('README.md');
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', LINT_SAMPLES], {
    cwd: root,
    encoding: 'utf8',
    input: JSON.stringify(samples.map(({ file, code }) => ({ file: path.join(root, file), code }))),
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  return JSON.parse(text) as string[][];
}

describe('nx affected', () => {
  it('a change in one domain leaves the other domain, and every lib, alone', () => {
    const affected = affectedBy('domains/nsde/models/elements.sql');
    expect(affected).toContain('nsde');
    expect(affected).not.toContain('cder');
    expect(affected.filter((name) => ['cli', 'duckdb', 'pipeline', 'hash'].includes(name))).toEqual([]);
  });
  it('a change in a shared lib reaches all that stands on it', () => {
    expect(affectedBy('libs/hash/src/combine-hashes.ts')).toEqual(expect.arrayContaining(['hash', 'pipeline', 'duckdb', 'cli', 'nsde', 'cder']));
  });
});

const FORBIDDEN: readonly [string, string, string][] = [
  ['a domain imports another', 'domains/nsde/src/x.ts', "import { readCder } from '@inlet/cder-dataset';\nreadCder();\n"],
  ['a domain imports an engine', 'domains/nsde/src/x.ts', "import { createDuckDbEngine } from '@inlet/duckdb';\ncreateDuckDbEngine();\n"],
  ["a domain's first door imports the CDK", 'domains/nsde/src/index.ts', "import { Stack } from 'aws-cdk-lib';\nnew Stack();\n"],
  ['the pipeline imports an adapter', 'libs/pipeline/src/x.ts', "import { createLocalStore } from '@inlet/local-io';\ncreateLocalStore({ root: '.' });\n"],
  ['a contract imports the pipeline', 'libs/hash/src/x.ts', "import { rollback } from '@inlet/pipeline';\nvoid rollback;\n"],
  ['a lib imports a domain', 'libs/pipeline/src/x.ts', "import { readNsde } from '@inlet/nsde-dataset';\nreadNsde();\n"],
  ['a lib is reached by path', 'libs/pipeline/src/x.ts', "import { hashText } from '../../hash/src/canonical-json';\nhashText('');\n"],
];

const ALLOWED = { file: 'domains/nsde/src/x.ts', code: "import { readDatasetFolder } from '@inlet/dataset';\nvoid readDatasetFolder;\n" };

describe('module walls', () => {
  let breaches: string[][] = [];
  beforeAll(() => {
    breaches = findBreaches([...FORBIDDEN.map(([, file, code]) => ({ file, code })), ALLOWED]);
  });

  it.each(FORBIDDEN.map(([what], index) => ({ what, index })))('lint fails when $what', ({ index }) => {
    expect(breaches[index]).not.toEqual([]);
  });
  it('lint passes where a domain imports a lib that it may', () => {
    expect(breaches.at(-1)).toEqual([]);
  });
});

describe('the lock file', () => {
  it('names the packages of every platform, so that `npm ci` works on all of them', () => {
    const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
    };
    const locked = new Set(Object.keys(packages).map((key) => key.split('node_modules/').at(-1)));
    const wanted = Object.values(packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}));
    expect(wanted.length).toBeGreaterThan(50);
    expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
  });
});

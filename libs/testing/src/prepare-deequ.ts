/**
 * AWS's reference executor of DQDL, Deequ on a local Spark, for conformance tests and for measuring against: its packages below the
 * repository's tmp/, its runner compiled there. Where it cannot be had, tests are told why there is none.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const DEEQU = '2.1.0-spark-3.5';
const DQDL = '1.0.0';
const SPARK = '3.5.4';
/** From here, and from where a tool is bundled, dist/tools/<tool>, alike. */
const WORKSPACE = path.resolve(__dirname, '../../..');
const FOLDER = path.join(WORKSPACE, 'tmp', 'deequ');
const VENV = path.join(FOLDER, 'venv');
const CLASSES = path.join(FOLDER, 'classes');
const JARS = path.join(FOLDER, 'jars');
const RUNNER = path.join(WORKSPACE, 'libs', 'testing', 'src', 'deequ-runner.java');
const INSTALL_TIMEOUT_MS = 300_000;
const RUN_TIMEOUT_MS = 600_000;

/** What Spark needs of a JVM that hides its insides. */
const OPENED = ['java.lang', 'java.lang.invoke', 'java.lang.reflect', 'java.io', 'java.net', 'java.nio', 'java.util', 'java.util.concurrent', 'java.util.concurrent.atomic', 'sun.nio.ch', 'sun.nio.cs', 'sun.security.action', 'sun.util.calendar'];

const SETTINGS = {
  'spark.master': 'local[2]',
  'spark.ui.enabled': 'false',
  'spark.driver.bindAddress': '127.0.0.1',
  'spark.driver.host': '127.0.0.1',
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.shuffle.partitions': '2',
} as const;

export interface DeequCase {
  name: string;
  /** A Parquet file or a folder of them. */
  table: string;
  /** Parquet paths by the alias under which rules name them. */
  references?: Readonly<Record<string, string>>;
  /** What stands before `Rules = [`. @default nothing */
  preamble?: string;
  /** No two of them alike. */
  rules: readonly string[];
  /** A column that tells rows apart: with it, the answers hold outcomes of rows. @default outcomes of rules only */
  rowId?: string;
}

export interface DeequRuleAnswer {
  /** As AWS's parser prints it; as asked where an exception is the answer. */
  rule: string;
  outcome: 'Passed' | 'Failed' | 'Exception';
  reason: string | null;
  /** What JSON has no number for is text: `NaN`, `Infinity`. */
  metrics: Readonly<Record<string, number | string>>;
  /** Values of the column `rowId`, as text. A row may be among them more than once where Deequ's joins double it. */
  passedRows?: readonly string[];
  failedRows?: readonly string[];
  /** Those that the rule's `where` leaves out; all of them where Deequ says nothing of single rows. */
  skippedRows?: readonly string[];
}

export interface DeequRun {
  /** The whole process, from its start to its end. */
  durationMs: number;
  /** From the runner's first statement until Spark's session is there. */
  startMs: number;
  /** In the order of the cases and of their rules. */
  cases: readonly { name: string; ms: number; rules: readonly DeequRuleAnswer[] }[];
}

export interface DeequOptions {
  /** More settings of Spark, or others. */
  settings?: Readonly<Record<string, string>>;
  /** More options of the JVM. */
  jvm?: readonly string[];
  /** @default 2 */
  heapGiB?: number;
}

export type Deequ = { available: true; classPath: string; run(cases: readonly DeequCase[], options?: DeequOptions): Promise<DeequRun> } | { available: false; reason: string };

/** Finds or installs all of it, synchronously, so that a spec knows at once which tests to define. */
export function prepareDeequ({ java = 'java', javac = 'javac', jar = 'jar', maven = 'mvn', python = 'python3' } = {}): Deequ {
  const missing = [[java, '-version'], [javac, '-version'], [jar, '--version'], [maven, '--version'], [python, '--version']].find(([command = '', argument = '']) => !answers(command, argument));
  if (missing !== undefined) return { available: false, reason: `no ${missing[0]} on this machine` };
  const tools = { javac, jar, maven, python };
  const fault = installOnce(tools);
  if (fault !== undefined) return { available: false, reason: `no Deequ ${DEEQU} to be had: ${fault}` };
  const classPath = listClassPath();
  return { available: true, classPath, run: (cases, options) => runDeequ({ java, classPath }, cases, options) };
}

const answers = (command: string, argument: string) => spawnSync(command, [argument], { stdio: 'ignore', timeout: 60_000 }).status === 0;

/** Several test files may come here at once: the first one installs, under a lock that dies with its process. */
function installOnce(tools: { javac: string; jar: string; maven: string; python: string }): string | undefined {
  const marker = path.join(FOLDER, `prepared-${fingerprint()}`);
  if (existsSync(marker)) return undefined;
  mkdirSync(FOLDER, { recursive: true });
  const lock = new DatabaseSync(path.join(FOLDER, 'lock'), { timeout: INSTALL_TIMEOUT_MS });
  lock.exec('BEGIN IMMEDIATE');
  try {
    if (existsSync(marker)) return undefined;
    console.warn(`Installing Deequ ${DEEQU} and Spark ${SPARK} below ${path.relative(WORKSPACE, FOLDER)} (once).`);
    const fault = installSpark(tools.python) ?? installDeequ(tools.maven) ?? widenParser(tools.jar) ?? compileRunner(tools.javac);
    if (fault === undefined) writeFileSync(marker, '');
    return fault;
  } finally {
    lock.exec('ROLLBACK');
    lock.close();
  }
}

/** Of the versions and of the runner: another runner is compiled anew. */
const fingerprint = () => createHash('sha256').update([DEEQU, DQDL, SPARK, ...OF_SEVERAL_COLUMNS, ...Object.keys(WRITTEN_LIKE), readFileSync(RUNNER, 'utf8')].join('\n')).digest('hex').slice(0, 12);

function installSpark(python: string): string | undefined {
  const marker = path.join(FOLDER, `spark-${SPARK}-installed`);
  if (existsSync(marker)) return undefined;
  rmSync(VENV, { recursive: true, force: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--retries', '1', '--timeout', '15', `pyspark==${SPARK}`];
  const fault = run(python, ['-m', 'venv', VENV]) ?? run(path.join(VENV, 'bin', 'python'), pip);
  if (fault === undefined) writeFileSync(marker, '');
  return fault;
}

/** Of Deequ's dependencies only AWS's parser is missing among Spark's own libraries. */
function installDeequ(maven: string): string | undefined {
  const marker = path.join(FOLDER, `deequ-${DEEQU}-${DQDL}-installed`);
  if (existsSync(marker)) return undefined;
  rmSync(JARS, { recursive: true, force: true });
  const pom = path.join(FOLDER, 'pom.xml');
  writeFileSync(pom, describePackages());
  const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy-dependencies';
  const fault = run(maven, ['--batch-mode', '--quiet', '-f', pom, copy, `-DoutputDirectory=${JARS}`, '-DincludeScope=runtime']);
  if (fault === undefined) writeFileSync(marker, '');
  return fault;
}

function describePackages(): string {
  const dependency = (group: string, name: string, version: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>` +
    `<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>`;
  return [
    '<project><modelVersion>4.0.0</modelVersion><groupId>inlet</groupId><artifactId>deequ-conformance</artifactId><version>1</version><dependencies>',
    dependency('com.amazon.deequ', 'deequ', DEEQU),
    dependency('software.amazon.glue', 'dqdl', DQDL),
    '</dependencies></project>',
  ].join('\n');
}

/**
 * AWS documents several columns for these rule types, and one type more that is written like another; Deequ runs them, but this version of the
 * parser does not let them through: its own table of rule types is put before it with that mended.
 */
const OF_SEVERAL_COLUMNS = ['IsUnique', 'Uniqueness'];
const WRITTEN_LIKE = { Variance: 'StandardDeviation' };

interface ParserTable {
  rule_types: { rule_type_name: string; parameters: { is_var_arg?: boolean }[] }[];
}

function widenParser(jar: string): string | undefined {
  rmSync(CLASSES, { recursive: true, force: true });
  mkdirSync(CLASSES);
  const table = path.join('rules', 'rules-config.json');
  const fault = run(jar, ['--extract', '--file', path.join(JARS, `dqdl-${DQDL}.jar`), table], CLASSES);
  if (fault !== undefined) return fault;
  const file = path.join(CLASSES, table);
  const parsed = JSON.parse(readFileSync(file, 'utf8')) as ParserTable;
  for (const type of parsed.rule_types.filter(({ rule_type_name: name }) => OF_SEVERAL_COLUMNS.includes(name))) {
    for (const parameter of type.parameters) parameter.is_var_arg = true;
  }
  for (const [name, like] of Object.entries(WRITTEN_LIKE)) {
    parsed.rule_types.push(...parsed.rule_types.filter((type) => type.rule_type_name === like).map((type) => ({ ...type, rule_type_name: name })));
  }
  writeFileSync(file, JSON.stringify(parsed));
  return undefined;
}

const compileRunner = (javac: string) => run(javac, ['-nowarn', '-d', CLASSES, '-cp', listClassPath(), RUNNER]);

function listClassPath(): string {
  const library = path.join(VENV, 'lib');
  const [python = ''] = readdirSync(library).filter((name) => name.startsWith('python'));
  const spark = path.join(library, python, 'site-packages', 'pyspark', 'jars');
  return [CLASSES, path.join(JARS, '*'), path.join(spark, '*')].join(path.delimiter);
}

/** What went wrong, in one line; undefined when nothing did. */
function run(command: string, args: readonly string[], cwd = FOLDER): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: INSTALL_TIMEOUT_MS });
  if (status === 0) return undefined;
  const said = `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').filter((line) => /error/i.test(line))[0];
  return (said ?? error?.message ?? `${command} ended with ${status}`).replace(/\bhttps?:\/\/\S+/g, '<registry>');
}

/** One Spark for all of the cases. */
async function runDeequ(at: { java: string; classPath: string }, cases: readonly DeequCase[], { settings = {}, heapGiB = 2, jvm = [] }: DeequOptions = {}): Promise<DeequRun> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'inlet-deequ-'));
  try {
    const [asked, answered] = [path.join(scratch, 'cases.json'), path.join(scratch, 'answers.json')];
    writeFileSync(asked, JSON.stringify({ settings: { ...SETTINGS, 'spark.local.dir': scratch, 'spark.sql.warehouse.dir': path.join(scratch, 'warehouse'), ...settings }, cases }));
    const opened = OPENED.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);
    const begun = performance.now();
    await runJava(at.java, [...opened, ...jvm, `-Xmx${heapGiB}g`, '-Duser.timezone=UTC', `-Djava.io.tmpdir=${scratch}`, '-cp', at.classPath, 'DeequRunner', asked, answered], scratch);
    const durationMs = performance.now() - begun;
    return { durationMs, ...(JSON.parse(readFileSync(answered, 'utf8')) as Omit<DeequRun, 'durationMs'>) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Resolves when it has ended well; it never outlives this process. */
async function runJava(java: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(java, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], timeout: RUN_TIMEOUT_MS, killSignal: 'SIGKILL' });
  const stop = () => void child.kill('SIGKILL');
  process.once('exit', stop);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => process.removeListener('exit', stop));
  if (code !== 0) throw new Error(`Deequ's runner ended with ${code}: ${said}`);
}

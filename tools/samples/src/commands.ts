/** The command line of the sample generator: its arguments, checked, and what each command writes. */
import path from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from '@inlet/errors';
import { writeCommittedSamples } from './committed-samples';
import { writeCderRelease, writeNsdeRelease } from './sample-releases';

export const USAGE = `Usage:
  samples nsde --out <file.zip> --rows <n> [--release <n>] [--seed <n>] [--clean]       one NSDE release
  samples cder --out-dir <folder> --products <n> [--release <n>] [--seed <n>] [--clean] [--excel-twins]
                                                                                       the three zips of the NDC directory
  samples committed [--out-dir <folder>]                                               rewrites the samples in domains/nsde/samples
Options:
  --release <n>   1, 2, …: releases of one seed differ by a known change set (default 1)
  --seed <n>      an integer (default 1)
  --clean         no odd rows`;

const RELEASE_OPTIONS = {
  release: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  clean: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<string[]>>> = { nsde: runNsde, cder: runCder, committed: runCommitted };

/** Runs one command; gives the paths of what it wrote. Throws UsageError, which says what was wrong and how it is done. */
export async function runSamplesCommand(args: readonly string[]): Promise<string[]> {
  const [name, ...rest] = args;
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw usageError('Unknown command', { expected: Object.keys(COMMANDS).join(', '), found: name ?? 'none' });
  return command(rest);
}

async function runNsde(args: string[]): Promise<string[]> {
  const options = parse(args, { out: { type: 'string' }, rows: { type: 'string' }, ...RELEASE_OPTIONS });
  const out = path.resolve(required('out', options.out));
  const rows = wholeNumber('rows', required('rows', options.rows));
  await checked(() => writeNsdeRelease(out, { rows, ...releaseFrom(options) }));
  return [out];
}

async function runCder(args: string[]): Promise<string[]> {
  const options = parse(args, {
    'out-dir': { type: 'string' },
    products: { type: 'string' },
    'excel-twins': { type: 'boolean', default: false },
    ...RELEASE_OPTIONS,
  });
  const outDir = path.resolve(required('out-dir', options['out-dir']));
  const products = wholeNumber('products', required('products', options.products));
  return checked(() => writeCderRelease(outDir, { products, excelTwins: options['excel-twins'], ...releaseFrom(options) }));
}

async function runCommitted(args: string[]): Promise<string[]> {
  const options = parse(args, { 'out-dir': { type: 'string', default: 'domains/nsde/samples' } });
  return writeCommittedSamples(path.resolve(options['out-dir']));
}

function releaseFrom(options: { release: string; seed: string; clean: boolean }) {
  return { release: wholeNumber('release', options.release), seed: wholeNumber('seed', options.seed), quirks: !options.clean };
}

function parse<Options extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: Options) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw usageError('Unknown or incomplete option', { found: (error as Error).message, cause: error });
  }
}

function required(name: string, value: string | undefined): string {
  if (value === undefined) throw usageError(`--${name} is missing`, {});
  return value;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw usageError(`--${name} is no number`, { expected: 'a whole number', found: `"${text}"` });
  return Number(text);
}

/** A generator's range error is about an argument, so it is a wrong usage. */
async function checked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RangeError ? usageError('A number is out of range', { found: error.message, cause: error }) : error;
  }
}

function usageError(what: string, parts: { expected?: string; found?: string; cause?: unknown }): UsageError {
  return new UsageError({ what, ...parts, next: `\n${USAGE}` });
}

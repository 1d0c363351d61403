/** What `inlet check` was asked for, in full paths; refused before a file is opened where it makes no sense. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '@inlet/errors';
import type { CliContext } from '../context';
import type { CheckOptions } from '../program';

export interface CheckRequest {
  rules: string;
  data: string;
  references: ReadonlyMap<string, string>;
  /** Where the rows that fail go. */
  failedRows?: string;
  pii: readonly string[];
  allText: boolean;
}

export type SuggestRequest = Pick<CheckRequest, 'data' | 'pii' | 'allText'>;

/** Throws UsageError. */
export async function readCheckRequest({ cwd }: Pick<CliContext, 'cwd'>, options: CheckOptions): Promise<CheckRequest> {
  refuseLakeOptions(options);
  if (options.rules === undefined) {
    throw new UsageError({ what: 'There are no rules to check', expected: '--rules <file.dqdl>, or --suggest to have some proposed', found: 'neither', next: 'See `npx inlet check --help`.' });
  }
  const request = {
    rules: path.resolve(cwd, options.rules),
    references: readReferences(cwd, options.ref ?? []),
    ...readDataOptions(cwd, options),
    ...(options.failedRows !== undefined && { failedRows: path.resolve(cwd, options.failedRows) }),
  };
  await refuseTarget(request);
  return request;
}

/** Throws UsageError. */
export function readSuggestRequest({ cwd }: Pick<CliContext, 'cwd'>, options: CheckOptions): SuggestRequest {
  refuseLakeOptions(options);
  const stray = (['rules', 'ref', 'failedRows'] as const).find((name) => options[name] !== undefined);
  if (stray !== undefined) {
    const name = stray === 'failedRows' ? '--failed-rows' : `--${stray}`;
    throw new UsageError({ what: `--suggest and ${name} exclude each other`, expected: 'one of them', found: 'both', next: 'Write the proposal to a file, look at it, and give that file with --rules.' });
  }
  return readDataOptions(cwd, options);
}

function readDataOptions(cwd: string, { data, pii = [], allText = false }: CheckOptions): SuggestRequest {
  return { data: path.resolve(cwd, data), pii, allText };
}

function refuseLakeOptions({ aws, profile, region, lake }: CheckOptions): void {
  const stray = Object.entries({ aws, profile, region, lake }).find(([, value]) => value !== undefined)?.[0];
  if (stray !== undefined) throw new UsageError({ what: 'inlet check works on files, without a lake', expected: `no --${stray}`, found: `--${stray}`, next: `Leave it out; \`npx inlet quality <dataset>\` shows what was checked in a lake.` });
}

function readReferences(cwd: string, texts: readonly string[]): Map<string, string> {
  const references = new Map<string, string>();
  for (const text of texts) {
    const [, name = '', file = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (file === '') throw new UsageError({ what: 'This is no reference', where: text, expected: '--ref name=file, where rules know the file by the name', found: `--ref ${text}` });
    if (references.has(name) || name === 'primary') throw new UsageError({ what: 'A reference has a name that is taken', where: text, expected: 'another name', found: name });
    references.set(name, path.resolve(cwd, file));
  }
  return references;
}

/** The rows that fail may replace an earlier file of such rows, and nothing that is read. */
async function refuseTarget({ rules, data, references, failedRows }: CheckRequest): Promise<void> {
  if (failedRows === undefined) return;
  const [target, folder] = await Promise.all([failedRows, path.dirname(failedRows)].map((file) => stat(file).catch(() => undefined)));
  if (!folder?.isDirectory()) throw new UsageError({ what: 'There is no folder for --failed-rows', where: failedRows, expected: `a folder ${path.dirname(failedRows)}`, found: 'none', next: 'Make it first.' });
  if (target !== undefined && !target.isFile()) throw new UsageError({ what: '--failed-rows is no file', where: failedRows, expected: 'a file, or a name that is free', found: 'something else' });
  for (const file of [data, rules, ...references.values()]) {
    if (await isSameFile(file, failedRows)) throw new UsageError({ what: '--failed-rows would overwrite a file that is read', where: failedRows, expected: 'a file of its own', found: file });
  }
}

/** By whatever path, and through links of both kinds. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((file) => stat(file, { bigint: true }).catch(() => undefined)));
  if (first !== undefined && second !== undefined) return first.dev === second.dev && first.ino === second.ino;
  return one === other;
}

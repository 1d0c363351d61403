/** The benchmark's command line, checked. */
import { parseArgs } from 'node:util';
import { UsageError } from '@inlet/errors';

export const MEASURES = ['small', 'large', 'unchanged', 'start-up', 'phases', 'quality'] as const;
export type MeasureName = (typeof MEASURES)[number];

export interface BenchArguments {
  smoke: boolean;
  write: boolean;
  only: readonly MeasureName[];
}

const USAGE = `npm run bench -- [--write] [--only <${MEASURES.join('|')}>]…, or npm run bench:smoke`;

/** Throws UsageError. */
export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const { smoke, write, only } = parse(args);
  const unknown = only.filter((name) => !isMeasure(name));
  if (unknown.length > 0) throw usageError('There is no such measure', { expected: MEASURES.join(', '), found: unknown.join(', ') });
  if (write && (smoke || only.length > 0)) throw usageError('Only a full run is written down', { expected: '--write alone', found: args.join(' ') });
  return { smoke, write, only: only.filter(isMeasure) };
}

function parse(args: readonly string[]) {
  try {
    const options = { smoke: { type: 'boolean', default: false }, write: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] as string[] } } as const;
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw usageError('Unknown or incomplete option', { found: (error as Error).message, cause: error });
  }
}

function isMeasure(name: string): name is MeasureName {
  return (MEASURES as readonly string[]).includes(name);
}

function usageError(what: string, parts: { expected?: string; found?: string; cause?: unknown }): UsageError {
  return new UsageError({ what, ...parts, next: `Usage: ${USAGE}` });
}

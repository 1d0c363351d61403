/** Puts results between their markers in docs/benchmarks.md, and leaves every other word of the file alone. */
import { BenchError } from './measured-process';

export const RESULTS_BEGIN = '<!-- results: written by `npm run bench -- --write` -->';
export const RESULTS_END = '<!-- end of results -->';

/** Throws BenchError when the text lacks the markers, or has them in the wrong order or twice. */
export function replaceResults(text: string, results: string): string {
  const [before, rest, ...others] = text.split(RESULTS_BEGIN);
  const [, after, ...furtherEnds] = rest?.split(RESULTS_END) ?? [];
  if (before === undefined || after === undefined || others.length > 0 || furtherEnds.length > 0) {
    throw new BenchError({ what: 'The results have no place', where: 'docs/benchmarks.md', expected: `"${RESULTS_BEGIN}" and then "${RESULTS_END}", once each`, found: 'something else' });
  }
  return `${before}${RESULTS_BEGIN}\n\n${results.trim()}\n\n${RESULTS_END}${after}`;
}

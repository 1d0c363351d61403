import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { BenchError } from './measured-process';
import { replaceResults, RESULTS_BEGIN, RESULTS_END } from './results-section';

const document = `# Benchmarks\n\n${RESULTS_BEGIN}\nold\n${RESULTS_END}\n\nAfterwards.\n`;

it('replaces what stands between the markers and nothing else', () => {
  expect(replaceResults(document, 'new\n')).toBe(`# Benchmarks\n\n${RESULTS_BEGIN}\n\nnew\n\n${RESULTS_END}\n\nAfterwards.\n`);
});

it('writes the same text when it is called again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (results) => {
      const once = replaceResults(document, results);
      expect(replaceResults(once, results)).toBe(once);
    }),
  );
});

it.each([
  ['neither marker', 'text'],
  ['no end', `${RESULTS_BEGIN} text`],
  ['the end first', `${RESULTS_END} text ${RESULTS_BEGIN}`],
  ['two sections', document + document],
])('refuses a document with %s', (_case, text) => {
  expect(() => replaceResults(text, 'new')).toThrow(BenchError);
});

it('finds its place in docs/benchmarks.md', () => {
  const text = readFileSync(path.resolve(__dirname, '../../../docs/benchmarks.md'), 'utf8');
  expect(replaceResults(text, 'new')).toContain('\n\nnew\n\n');
});

import type { Verdict } from './bench';
import { megabytes, milliseconds, renderSection, renderTable, renderVerdicts, seconds, times } from './render';

it('renders tables as padded Markdown, with columns of at least three characters and bars escaped', () => {
  expect(renderTable(['what', ''], [['a|b', '1'], ['c', '22']]).split('\n')).toEqual([
    '| what |     |',
    '|------|-----|',
    '| a\\|b | 1   |',
    '| c    | 22  |',
  ]);
});

it('renders a section as heading, text and table, and leaves out what is empty', () => {
  const section = { title: 'Start-up', text: '', header: ['a'], rows: [['b']], verdicts: [] };
  expect(renderSection(section)).toBe('### Start-up\n\n| a   |\n|-----|\n| b   |');
});

it('says of every target whether it was met, missed or not judged', () => {
  const verdict = (what: string, met: boolean, kind: Verdict['kind']): Verdict => ({ what, target: 't', found: 'f', met, kind });
  const text = renderVerdicts([verdict('one', true, 'fact'), verdict('two', false, 'fact'), verdict('three', false, 'amount')], ({ kind }) => kind === 'fact');
  const endings = text.split('\n').slice(-3).map((line) => line.split('|').at(-2)?.trim());
  expect(endings).toEqual(['met', '**missed**', 'not judged']);
});

it('writes measurements with their unit and their spread', () => {
  const summary = { median: 1234.4, min: 999, max: 2000 };
  expect(seconds(summary)).toBe('1.23 s (1.00 to 2.00)');
  expect(milliseconds(summary)).toBe('1234 ms (999 to 2000)');
  expect(times({ median: 1.499, min: 1.2, max: 2 })).toBe('1.50 (1.20 to 2.00)');
  expect(megabytes(2 ** 30)).toBe('1024 MiB');
});

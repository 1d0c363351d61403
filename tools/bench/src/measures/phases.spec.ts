import { splitByState } from './phases';

it('gives each state the time since the line before its own, and leaves no time out', () => {
  const lines = [
    { text: 'Running nsde', atMs: 90 },
    { text: '  ✓ FetchAndHash    197 ms  fetching 15.2 MB', atMs: 300 },
    { text: '  ✓ Bronze          738 ms  450,000 rows', atMs: 1000 },
  ];
  const phases = splitByState({ lines, wallMs: 1030 });
  expect([...phases]).toEqual([
    ['start of the process', 90],
    ['FetchAndHash', 210],
    ['Bronze', 700],
    ['end of the process', 30],
  ]);
  expect([...phases.values()].reduce((sum, ms) => sum + ms, 0)).toBe(1030);
});

it('adds up a state that is entered twice, and takes no other line for a state', () => {
  const lines = [
    { text: 'Running nsde', atMs: 10 },
    { text: '  ✓ Bronze  1 ms', atMs: 20 },
    { text: 'a warning ✓ Bronze', atMs: 25 },
    { text: '  ✓ Bronze  1 ms', atMs: 40 },
  ];
  expect(splitByState({ lines, wallMs: 40 }).get('Bronze')).toBe(30);
});

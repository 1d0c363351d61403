import type { RunRecord } from '@inlet/manifest';
import { displayWidth } from './display-width';
import { formatRunSummary } from './run-summary';
import { createStyle } from './style';

const record: RunRecord = {
  dataset: 'cder',
  runId: '20261120T210000Z-0f3a5c7d9e1b',
  outcome: 'published',
  engine: 'duckdb',
  startedAt: '2026-11-20T21:00:00.000Z',
  endedAt: '2026-11-20T21:00:00.812Z',
  durationMs: 812,
  release: { sha256: '0f3a'.repeat(16), bytes: 3_804_700, sources: [{ name: 'unfinished', url: 'https://host/ndc.zip?apiKey=…', sha256: '0f3a'.repeat(16), bytes: 3_804_700 }] },
  tables: [
    { name: 'unfinished_product', layer: 'bronze', rows: 21_480, quarantined: 0, superseded: 0 },
    { name: 'products', layer: 'silver', rows: 21_478, quarantined: 1, superseded: 1 },
  ],
  quality: [
    { table: 'products', rule: 'IsComplete "product_id"', outcome: 'passed', metrics: {} },
    { table: 'products', rule: 'RowCountChange', outcome: 'failed', metrics: {}, reason: 'fell by 60 %' },
  ],
  reason: null,
  schemaChanges: [{ table: 'products', column: 'x', change: 'renamed', from: 'X', to: 'Y' }],
};
const place = (key: string) => `/lake/${key}`;
const options = { style: createStyle({}, {}), lake: { place, options: {} } };

describe('formatRunSummary', () => {
  it('says what was fetched, rows per table, checks, where the data lies, and three commands to try', () => {
    const text = formatRunSummary(record, { ...options, sample: true, lake: { place, options: { lake: '/my lake' } } });
    expect(text).toContain('cder published on duckdb in 812 ms');
    expect(text).toContain('unfinished  3.8 MB  sha256 0f3a0f3a0f3a  https://host/ndc.zip?apiKey=…');
    expect(text).toMatch(/products +silver +21,478 +1 +1/);
    expect(text).toContain('1 passed, 1 failed');
    expect(text).toContain('✗ products: RowCountChange: fell by 60 %');
    expect(text).not.toContain('IsComplete');
    expect(text).toContain('/lake/silver/cder/version=2026-11-20/run=20261120T210000Z-0f3a5c7d9e1b/');
    const next = text.slice(text.indexOf('Next')).split('\n').slice(1);
    expect(next.map((line) => line.trim().replace(/ {2,}.*/, ''))).toEqual([
      'npx inlet query "from cder.products limit 5" --lake \'/my lake\'',
      'npx inlet history cder --lake \'/my lake\'',
      'npx inlet run cder --sample --lake \'/my lake\'',
    ]);
  });

  it.each([
    ['failed', 'npx inlet show 20261120T210000Z-0f3a5c7d9e1b'],
    ['rejected', 'npx inlet query "from cder_quarantine.products limit 5" --quarantine-of 20261120T210000Z-0f3a5c7d9e1b'],
    ['unchanged', 'npx inlet query "from cder.products limit 5"'],
  ] as const)('a %s run gives its reason, and first of all %s', (outcome, first) => {
    const text = formatRunSummary({ ...record, outcome, reason: 'Because.' }, options);
    expect(text).toContain(`cder ${outcome}`);
    expect(text.split('\n')[1]).toBe('  Because.');
    expect(text.slice(text.indexOf('Next')).split('\n')[1]).toContain(first);
  });

  it.each([
    ['published', ['npx inlet query "select * from cder.products limit 5" --aws --profile \'my lake\' --region eu-west-1', 'npx inlet history cder', 'npx inlet show']],
    ['failed', ['npx inlet show', 'npx inlet history cder', 'npx inlet redrive cder --aws --profile']],
  ] as const)('names, after a %s run on AWS, its places there and commands that work there', (outcome, commands) => {
    const lake = { place: (key: string) => `s3://lake/${key}`, options: { aws: true, profile: 'my lake', region: 'eu-west-1' } };
    const text = formatRunSummary({ ...record, outcome }, { ...options, lake });
    expect(text).toContain('record  s3://lake/manifests/cder/runs/');
    const next = text.slice(text.indexOf('Next')).split('\n').slice(1);
    commands.forEach((command, index) => expect(next[index]).toContain(command));
    expect(next).toHaveLength(3);
  });

  it('says what a replay got out of quarantine, and that it fetched nothing itself', () => {
    const replay = { runId: '20261119T210000Z-0f3a5c7d9e1b', recovered: 1229, quarantined: 1, tables: [{ name: 'products', recovered: 1200 }, { name: 'packages', recovered: 29 }] };
    const text = formatRunSummary({ ...record, replay }, options);
    expect(text).toContain('Fetched by the run replayed');
    expect(text).toContain('  20261119T210000Z-0f3a5c7d9e1b: 1,229 rows recovered from its quarantine, 1 row in quarantine now\n    products: 1,200 rows\n    packages: 29 rows');
    expect(formatRunSummary({ ...record, outcome: 'rejected', replay }, options)).toContain('1,229 rows would be recovered');
    expect(formatRunSummary({ ...record, outcome: 'failed', replay }, options)).not.toContain('recovered');
  });

  it('names a replay after a rejected run that has its bronze, and none where the contract refused the columns', () => {
    expect(formatRunSummary({ ...record, outcome: 'rejected' }, options)).toContain('npx inlet replay cder ');
    expect(formatRunSummary({ ...record, outcome: 'rejected', tables: [] }, options)).not.toContain('replay');
  });

  it('names the question to the quarantine after a rejected run that set rows aside, of the table with most of them', () => {
    const tables = [{ name: 'products', layer: 'silver' as const, rows: 9, quarantined: 1, superseded: 0 }, { name: 'packages', layer: 'silver' as const, rows: 5, quarantined: 3, superseded: 0 }];
    const bronze = { name: 'products', layer: 'bronze' as const, rows: 10, quarantined: 0, superseded: 0 };
    expect(formatRunSummary({ ...record, outcome: 'rejected', tables: [bronze, ...tables] }, options)).toContain(`npx inlet query "from cder_quarantine.packages limit 5" --quarantine-of ${record.runId}`);
    expect(formatRunSummary({ ...record, outcome: 'rejected', tables: [bronze] }, options)).not.toContain('--quarantine-of');
  });

  it('names the redrive of what failed', () => {
    expect(formatRunSummary({ ...record, outcome: 'failed', reason: 'x', error: { name: 'SourceNotFoundError', message: 'x' } }, options)).toContain('npx inlet redrive cder ');
  });

  it('names the error of a failed run once, and lets none of its bytes steer the terminal', () => {
    const message = 'The zip is damaged\x1b[2J';
    const text = formatRunSummary({ ...record, outcome: 'failed', engine: null, release: null, reason: message, error: { name: 'CorruptArchiveError', message } }, options);
    expect(text.match(/The zip is damaged/g)).toHaveLength(1);
    expect(text).not.toContain('\x1b');
  });

  it('in full lists every check, whole hashes, times and changed columns', () => {
    const text = formatRunSummary(record, { ...options, full: true });
    expect(text).toContain('✓ products: IsComplete "product_id"');
    expect(text).toContain('0f3a'.repeat(16));
    expect(text).toContain('Started 2026-11-20 21:00:00 UTC');
    expect(text).toContain('products.x renamed (X to Y)');
  });

  it('marks and counts rules whose rows were quarantined as neither passed nor failed', () => {
    const quarantined = { table: 'products', rule: 'ColumnValues "price" > 0', outcome: 'quarantined' as const, severity: 'quarantine' as const, metrics: {}, failedRows: 3, reason: '3 rows do not meet it.' };
    const text = formatRunSummary({ ...record, quality: [...record.quality, quarantined] }, options);
    expect(text).toContain('  1 passed, 1 failed, 1 quarantined\n');
    expect(text).toContain('  → products: ColumnValues "price" > 0: 3 rows do not meet it.');
  });

  it('cuts the table and wraps the checks to the terminal', () => {
    const text = formatRunSummary(record, { ...options, width: 50 });
    const body = text.slice(text.indexOf('Tables'), text.indexOf('Columns changed'));
    for (const line of body.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(50);
  });
});

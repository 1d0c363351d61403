import { UsageError } from '@inlet/errors';
import type { FileFact, Relation } from './check';
import { checkOne, openLake, type TestLake } from './duckdb.test-support';

/** Digests are the algorithm and the content, so that a test sees which was asked for. */
function file(path: string, content: string, lastModified: string, sizeBytes = content.length): FileFact {
  return { path, sizeBytes, lastModified: new Date(lastModified), digest: async (algorithm) => `${algorithm}-${content}`.toUpperCase() };
}

const FOLDERS: Readonly<Record<string, readonly FileFact[]>> = {
  inbox: [file('inbox/a.csv', 'a', '2026-11-20T12:00:00Z', 1024), file('inbox/b.csv', 'b', '2026-11-19T12:00:00Z', 2048), file('inbox/c.txt', 'a', '2026-11-18T09:45:00Z', 5)],
  archive: [file('archive/1', 'b', '2020-01-01T00:00:00Z'), file('archive/2', 'a', '2020-01-01T00:00:00Z'), file('archive/3', 'a', '2020-01-01T00:00:00Z')],
  empty: [],
};

describe('rules on files', () => {
  let lake: TestLake;
  let table: Relation;
  beforeAll(async () => {
    lake = await openLake();
    table = await lake.table('t', 'SELECT 1 AS id');
  });
  afterAll(() => lake.close());
  const files = async (path = 'inbox') => FOLDERS[path] ?? [];

  it.each([
    ['FileFreshness > (now() - 3 days)', 'passed', { 'Dataset.*.FileFreshness.Compliance': 1, 'Dataset.*.FileCount': 3 }],
    ['FileFreshness "inbox" > (now() - 24 hours)', 'failed', { 'Dataset.*.FileFreshness.Compliance': 1 / 3, 'Dataset.*.FileCount': 3 }],
    ['FileFreshness > (now() - 24 hours) with threshold > 0.3', 'passed', { 'Dataset.*.FileFreshness.Compliance': 1 / 3, 'Dataset.*.FileCount': 3 }],
    ['FileFreshness > (now() - 24 hours) with recentFiles = 1', 'passed', { 'Dataset.*.FileFreshness.Compliance': 1, 'Dataset.*.FileCount': 1 }],
    ['FileFreshness between now() and (now() - 45 minutes) with recentFiles = 1', 'passed', { 'Dataset.*.FileFreshness.Compliance': 1, 'Dataset.*.FileCount': 1 }],
    ['FileFreshness between "9:30 AM" and "1:30 PM" with recentFiles = 1', 'passed', { 'Dataset.*.FileFreshness.Compliance': 1, 'Dataset.*.FileCount': 1 }],
    ['FileFreshness > "07:59" with timeZone = "America/New_York" with recentFiles = 1', 'failed', { 'Dataset.*.FileFreshness.Compliance': 0, 'Dataset.*.FileCount': 1 }],
    ['FileFreshness > "06:59" with timeZone = "-05:00" with recentFiles = 1', 'passed', { 'Dataset.*.FileFreshness.Compliance': 1, 'Dataset.*.FileCount': 1 }],
    ['FileFreshness > "2026-11-19"', 'failed', { 'Dataset.*.FileFreshness.Compliance': 2 / 3, 'Dataset.*.FileCount': 3 }],
    ['FileSize between 0 B and 3 KB', 'passed', { 'Dataset.*.FileSize.Compliance': 1, 'Dataset.*.FileCount': 3, 'Dataset.*.MinimumFileSize': 5, 'Dataset.*.MaximumFileSize': 2048 }],
    ['FileSize >= 1 KB with uriRegex = ".*csv$"', 'passed', { 'Dataset.*.FileSize.Compliance': 1, 'Dataset.*.FileCount': 2, 'Dataset.*.MinimumFileSize': 1024, 'Dataset.*.MaximumFileSize': 2048 }],
    ['FileSize in [1024, 5]', 'failed', { 'Dataset.*.FileSize.Compliance': 2 / 3, 'Dataset.*.FileCount': 3, 'Dataset.*.MinimumFileSize': 5, 'Dataset.*.MaximumFileSize': 2048 }],
    ['FileUniqueness > 0.5', 'failed', { 'Dataset.*.FileUniquenessRatio': 1 / 3, 'Dataset.*.FileCount': 3 }],
    ['FileMatch in ["sha256-a", "sha256-b"]', 'passed', { 'Dataset.*.FileCount': 3 }],
    ['FileMatch "inbox" in ["md5-a"] with hashAlgorithm = "MD5"', 'failed', { 'Dataset.*.FileCount': 3 }],
    ['FileMatch not in ["sha1-z"] with hashAlgorithm = "SHA-1"', 'passed', { 'Dataset.*.FileCount': 3 }],
    ['FileMatch "inbox" "archive"', 'passed', { 'Dataset.*.FileCount': 3 }],
    ['FileMatch "archive" "inbox" with recentFiles = 1', 'failed', { 'Dataset.*.FileCount': 1 }],
    ['FileFreshness "empty" > "2020-01-01"', 'failed', { 'Dataset.*.FileCount': 0 }],
  ])('%s is %s', async (rule, outcome, metrics) => {
    const result = await checkOne(lake, table, rule, { files });
    expect({ outcome: result.outcome, metrics: result.metrics }).toEqual({ outcome, metrics });
  });

  it('are errors with the reason why files cannot be had, which is no SQL', async () => {
    const refuse = async () => Promise.reject(new UsageError({ what: 'A rule names a file that is not on this machine', where: 's3://bucket/a.csv', expected: 'a path', found: 'a URL' }));
    const result = await checkOne(lake, table, 'FileSize "s3://bucket/a.csv" > 1 B', { files: refuse });
    expect(result).toMatchObject({ outcome: 'error', reason: expect.stringMatching(/^Its files cannot be read\. A rule names a file that is not on this machine.*s3:\/\/bucket\/a\.csv/) as unknown });
    const unreadable = async () => [{ path: 'a', sizeBytes: 1, lastModified: new Date(), digest: async () => Promise.reject(new Error('EIO')) }];
    expect(await checkOne(lake, table, 'FileMatch in ["x"]', { files: unreadable })).toMatchObject({ outcome: 'error', reason: 'Its files cannot be read. EIO.' });
  });

  it('end with the run that is interrupted', async () => {
    const interrupted = Object.assign(new Error('stop'), { name: 'AbortError' });
    await expect(checkOne(lake, table, 'FileSize > 1 B', { files: async () => Promise.reject(interrupted) })).rejects.toBe(interrupted);
  });

  it('are errors where no files are known, or a tag makes no sense', async () => {
    expect(await checkOne(lake, table, 'FileSize > 1 B')).toMatchObject({ outcome: 'error', reason: 'No files are known here, so a rule about files cannot be evaluated.' });
    expect(await checkOne(lake, table, 'FileMatch in ["a"] with hashAlgorithm = "CRC"', { files })).toMatchObject({ outcome: 'error', reason: 'There is no hashAlgorithm "CRC"; there are MD5, SHA-1 and SHA-256.' });
    expect(await checkOne(lake, table, 'FileSize > 1 B with recentFiles = 0', { files })).toMatchObject({ outcome: 'error' });
  });
});

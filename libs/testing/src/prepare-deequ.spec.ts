import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { prepareDeequ } from './prepare-deequ';
import { skipAloud } from './skip-aloud';
import { tempDir } from './temp-dir';

const LIMIT_MS = 400_000;

describe('prepareDeequ', () => {
  it.each(['java', 'javac', 'jar', 'maven', 'python'])('says what it lacks where there is no %s', (tool) => {
    expect(prepareDeequ({ [tool]: 'no-such-command' })).toEqual({ available: false, reason: 'no no-such-command on this machine' });
  });
});

const deequ = prepareDeequ();
if (!deequ.available) skipAloud('what Deequ\'s runner says', deequ.reason);

(deequ.available ? describe : describe.skip)('Deequ\'s runner', () => {
  it('says what went wrong', async () => {
    if (!deequ.available) return;
    const table = path.join(tempDir(), 'broken.parquet');
    writeFileSync(table, 'no Parquet');
    await expect(deequ.run([{ name: 'broken', table, rules: ['RowCount > 0'] }])).rejects.toThrow(/^Deequ's runner ended with 1: [^]*broken\.parquet/);
  }, LIMIT_MS);
});

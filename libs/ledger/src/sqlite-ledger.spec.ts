import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PermanentError } from '@inlet/errors';
import { thisProcessOwner } from '@inlet/local-io';
import { buildRunRecord, describeLedgerContract, tempDir } from '@inlet/testing';
import { createSqliteLedger } from './index';

describeLedgerContract('createSqliteLedger', async (setting) => {
  const file = path.join(tempDir(), 'lake', 'ledger.sqlite');
  const open = [createSqliteLedger({ path: file, ...setting })];
  return {
    ledger: open[0]!,
    connectAgain: async () => {
      const ledger = createSqliteLedger({ path: file, ...setting });
      open.push(ledger);
      return ledger;
    },
    cleanup: async () => void (await Promise.all(open.map((ledger) => ledger.close()))),
  };
});

const START = { dataset: 'nsde', owner: thisProcessOwner('e1'), requestedAt: new Date('2026-11-20T21:00:00Z') };

describe('the embedded ledger', () => {
  let file: string;
  beforeEach(() => {
    file = path.join(tempDir(), 'lake', 'ledger.sqlite');
  });

  it('makes no file when it is only opened and read', async () => {
    const ledger = createSqliteLedger({ path: file });
    expect(await ledger.listRuns({})).toEqual([]);
    expect(await ledger.openRuns()).toEqual([]);
    expect(await ledger.getRun('run-1')).toBeUndefined();
    await ledger.close();
    expect(existsSync(path.dirname(file))).toBe(false);
  });

  it('can be used again after it was closed, and after its file was deleted', async () => {
    const ledger = createSqliteLedger({ path: file });
    await ledger.beginRun(START);
    await ledger.close();
    await ledger.close();
    expect(await ledger.openRuns()).toHaveLength(1);
    rmSync(path.dirname(file), { recursive: true });
    expect(await ledger.openRuns()).toEqual([]);
    await ledger.beginRun({ ...START, owner: thisProcessOwner('e2') });
    expect(await ledger.openRuns()).toMatchObject([{ owner: { executionId: 'e2' } }]);
    await ledger.close();
  });

  it('leaves one file when it is closed', async () => {
    const ledger = createSqliteLedger({ path: file });
    await ledger.beginRun(START);
    await ledger.close();
    expect(readdirSync(path.dirname(file))).toEqual(['ledger.sqlite']);
  });

  it('lets a process that reads an empty file go on', async () => {
    mkdirSync(path.dirname(file));
    writeFileSync(file, '');
    const ledger = createSqliteLedger({ path: file });
    expect(await ledger.listRuns({})).toEqual([]);
    await ledger.close();
  });

  it.each([
    ['text', Buffer.from('no database at all\n'.repeat(500))],
    ['a cut and overwritten database', undefined],
  ])('names a file that is %s, and leaves it as it is', async (_what, bytes) => {
    const ledger = createSqliteLedger({ path: file });
    for (let n = 0; n < 50; n += 1) await ledger.beginRun({ ...START, owner: thisProcessOwner(`e${n}`) });
    await ledger.close();
    const damaged = bytes ?? Buffer.concat([readFileSync(file).subarray(0, 4096), Buffer.alloc(8192, 0x5a)]);
    writeFileSync(file, damaged);
    const attempts = [() => ledger.listRuns({}), () => ledger.openRuns(), () => ledger.beginRun(START)];
    for (const attempt of attempts) {
      const error = await attempt().then(() => undefined, (thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PermanentError);
      expect((error as Error).message).toContain(`The database file is damaged (${file})`);
      expect((error as Error).message).toContain(`mv '${file}' '${file}.damaged'`);
    }
    await ledger.close();
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });

  it('does not touch the ledger of a newer Inlet', async () => {
    mkdirSync(path.dirname(file));
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99; CREATE TABLE runs (other TEXT)');
    newer.close();
    const ledger = createSqliteLedger({ path: file });
    await expect(ledger.listRuns({})).rejects.toThrow(/newer Inlet.*expected version 1 or older, found version 99/);
    await expect(ledger.beginRun(START)).rejects.toThrow(PermanentError);
    await ledger.close();
  });

  it('names the run whose record cannot be read', async () => {
    const ledger = createSqliteLedger({ path: file });
    await ledger.endRun('e1', buildRunRecord('nsde', START.requestedAt, { runId: 'run-1' }));
    const database = new DatabaseSync(file);
    database.exec(`UPDATE runs SET record = '{"dataset":' `);
    database.close();
    await expect(ledger.getRun('run-1')).rejects.toThrow(/The record of run run-1 cannot be read/);
    await ledger.close();
  });

  it('says when the folder of the ledger cannot be made', async () => {
    writeFileSync(path.dirname(file), 'a file where the lake is due');
    const ledger = createSqliteLedger({ path: file });
    await expect(ledger.beginRun(START)).rejects.toThrow(/The folder cannot be made/);
    expect(await ledger.listRuns({})).toEqual([]);
  });

  it('lists the newest of two thousand runs', async () => {
    const ledger = createSqliteLedger({ path: file });
    await ledger.beginRun(START);
    const database = new DatabaseSync(file);
    const insert = database.prepare(`INSERT INTO runs VALUES (?, 'nsde', 'h', 1, ?, ?, 'failed', ?)`);
    database.exec('BEGIN');
    for (let n = 0; n < 2000; n += 1) insert.run(`x${n}`, n, `run-${n}`, JSON.stringify(buildRunRecord('nsde', new Date(n * 1000), { runId: `run-${n}` })));
    database.exec('COMMIT');
    database.close();
    expect((await ledger.listRuns({ dataset: 'nsde', limit: 2 })).map(({ runId }) => runId)).toEqual(['run-1999', 'run-1998']);
    expect((await ledger.getRun('run-7'))?.runId).toBe('run-7');
    await ledger.close();
  });
});

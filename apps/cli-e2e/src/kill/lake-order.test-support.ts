/** What is true of a lake in which no run is under way, whatever died in it before. */
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import type { RunRecord } from '@inlet/manifest';
import { createSqliteLedger } from '@inlet/ledger';
import { openTestLake } from '../lake.test-support';
import { runInlet } from './processes.test-support';

/** Longer than `gc` spares anything but raw files and the releases kept. */
const LONG_AGO_MS = 40 * 86_400_000;

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

/** Scratch folders of runs, without those that a run died in making, which are empty. */
export function leftInScratch(root: string): string[] {
  return namesIn(path.join(root, 'tmp/runs')).filter((name) => !name.startsWith('unfinished-'));
}

/** Every file is as old as a file can be that `gc` still has to spare for its age alone. */
function ageFiles(root: string): void {
  const longAgo = new Date(Date.now() - LONG_AGO_MS);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) utimesSync(path.join(entry.parentPath, entry.name), longAgo, longAgo);
}

const runIdIn = (file: string) => /\/run=([^/]+)\//.exec(file)?.[1];

/** Ids of the runs that have table files of any layer. */
function runsWithFiles(files: readonly string[]): string[] {
  return [...new Set(files.map(runIdIn).filter((runId) => runId !== undefined))].sort();
}

/**
 * No run is open, no lease is held by the dead, each run's record lies in the lake as in the ledger, the releases are whole, and tables
 * are there of no run that died before it published. Returns the runs, newest first.
 */
export async function expectLakeInOrder(root: string, dataset = 'nsde'): Promise<RunRecord[]> {
  const lake = openTestLake(root);
  const ledger = createSqliteLedger({ path: path.join(root, 'ledger.sqlite') });
  try {
    expect(await ledger.openRuns(dataset)).toEqual([]);
    const runs = await lake.history(dataset);
    const files = lake.files();
    const recorded = files.filter((file) => file.startsWith(`manifests/${dataset}/runs/`)).map((file) => path.basename(file, '.json'));
    expect(recorded).toEqual(runs.map(({ runId }) => runId).sort());
    const [newest] = runs;
    if (newest) await lake.recordedRun(dataset, newest.runId);
    const { current, releases } = await lake.manifest(dataset);
    const wanted = [...releases, ...(current ? [current] : [])].flatMap(({ tables }) => tables.flatMap((table) => table.files.map(({ key }) => key)));
    expect(wanted.filter((key) => !files.includes(key))).toEqual([]);
    const closed = runs.filter(({ error }) => error?.name !== 'ProcessDiedError').map(({ runId }) => runId);
    expect(runsWithFiles(files.filter((file) => file.split('/')[1] === dataset)).filter((runId) => !closed.includes(runId))).toEqual([]);
    return runs;
  } finally {
    await ledger.close();
    await lake.close();
  }
}

/** `gc`, once everything is old: what is left belongs to a release that can be published again or was until lately; nothing is left in scratch. */
export async function expectGcToLeaveOnlyReleases(root: string, dataset = 'nsde'): Promise<void> {
  ageFiles(root);
  const { code, stderr } = await runInlet('gc', '--lake', root);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect([...namesIn(path.join(root, 'tmp/runs')), ...namesIn(path.join(root, 'tmp/writes'))]).toEqual([]);
  const lake = openTestLake(root);
  try {
    const { releases, events } = await lake.manifest(dataset);
    const published = [...releases.map(({ runId }) => runId), ...events.flatMap(({ previousRunId }) => previousRunId ?? [])];
    expect(runsWithFiles(lake.files())).toEqual([...new Set(published)].sort());
  } finally {
    await lake.close();
  }
}

/** Looks at the lake: its ledger, the files behind every current release, and what dead runs have left. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readDatasetFolder } from '@inlet/dataset';
import { readManifest, type Ledger, type ObjectStore } from '@inlet/pipeline';
import { readRules } from '@inlet/quality';
import { runCheck, type Finding } from './finding';

/** Younger scratch folders may belong to a run that has not told the ledger yet. */
const STALE_AFTER_MS = 3_600_000;
const LISTED_PROBLEMS = 3;

/** The dataset's config and its rules, as a run would read them. */
export function checkConfig(folder: string): Promise<Finding> {
  return runCheck(`config ${path.basename(folder)}`, async () => {
    const dataset = await readDatasetFolder(folder);
    readRules(dataset);
    const { config } = dataset;
    return { status: 'ok', message: `${config.tables.length} source ${config.tables.length === 1 ? 'table' : 'tables'}, ${config.models.length} published` };
  });
}

export function checkLedger(ledger: Ledger): Promise<Finding> {
  return runCheck('ledger', async () => {
    const [newest] = await ledger.listRuns({ limit: 1 });
    const dead = (await ledger.openRuns()).filter(({ alive }) => !alive);
    if (dead.length > 0) {
      const names = [...new Set(dead.map(({ dataset }) => dataset))].join(', ');
      return { status: 'warn', message: `${dead.length} ${dead.length === 1 ? 'run' : 'runs'} died before the end (${names})`, next: 'Nothing of them is visible; the next run of the dataset sweeps up.' };
    }
    return { status: 'ok', message: newest === undefined ? 'no run yet' : `newest run ${newest.runId}` };
  });
}

/** Every file of the current release is there, with the bytes that the manifest says. */
export function checkRelease(store: ObjectStore, dataset: string): Promise<Finding> {
  return runCheck(`release ${dataset}`, async () => {
    const release = (await readManifest(store, dataset))?.manifest.current;
    if (!release) return { status: 'ok', message: 'none published yet' };
    const files = release.tables.flatMap((table) => table.files);
    const problems: string[] = [];
    for (const { key, bytes } of files) {
      const found = await store.head(key);
      if (found === undefined) problems.push(`${key} is missing`);
      else if (found.sizeBytes !== bytes) problems.push(`${key} has ${found.sizeBytes} bytes, not ${bytes}`);
    }
    if (problems.length === 0) return { status: 'ok', message: `${release.runId}, all ${files.length} files there` };
    const more = problems.length > LISTED_PROBLEMS ? `, and ${problems.length - LISTED_PROBLEMS} more` : '';
    return {
      status: 'fail',
      message: `${release.runId}: ${problems.slice(0, LISTED_PROBLEMS).join('; ')}${more}`,
      next: `Build it again with inlet run ${dataset} --force, or go back with inlet rollback ${dataset}.`,
    };
  });
}

/** Scratch folders that no living run owns. */
export function checkScratch(lakeRoot: string, ledger: Ledger, nowMs: number): Promise<Finding> {
  return runCheck('scratch', async () => {
    const folder = path.join(lakeRoot, 'tmp', 'runs');
    const names = await readdir(folder).catch(() => []);
    const living = new Set((await ledger.openRuns()).filter(({ alive }) => alive).map(({ owner }) => owner.executionId));
    const orphans = names.filter((name) => !living.has(name));
    const ages = await Promise.all(orphans.map(async (name) => nowMs - ((await stat(path.join(folder, name)).catch(() => undefined))?.mtimeMs ?? nowMs)));
    const stale = ages.filter((ageMs) => ageMs > STALE_AFTER_MS).length;
    if (stale === 0) return { status: 'ok', message: 'no leavings of dead runs' };
    return { status: 'warn', message: `${stale} scratch ${stale === 1 ? 'folder' : 'folders'} of dead runs in ${folder}`, next: 'Delete them with inlet gc.' };
  });
}

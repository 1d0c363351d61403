/** The committed templates: what every reviewer sees of a change to a stack, and what no change may drift from unseen. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describeDrift } from './describe-drift';
import { listStackFolders, makeStandInWorkspace } from './stand-in-workspace';
import { synthesizeStack } from './synthesize-templates';

/** The environment with the most in it: its own network, and functions inside it. */
const BASELINE_CONTEXT = { env: 'prod' };
const UPDATE = 'npx nx update templates';

export const baselineFile = (folder: string) => path.join(folder, 'template.baseline.json');

/** Every stack's template, in the environment of the baselines. */
export async function synthesizeBaselines(workspaceRoot: string): Promise<Map<string, string>> {
  return inStandIn(workspaceRoot, async (standIn) => {
    const templates = new Map<string, string>();
    for (const folder of listStackFolders(standIn)) templates.set(folder, `${(await synthesizeStack(standIn, folder, BASELINE_CONTEXT)).template.trimEnd()}\n`);
    return templates;
  });
}

/** Runs `use` in a stand-in workspace that is gone afterwards. */
export async function inStandIn<T>(workspaceRoot: string, use: (standIn: string) => Promise<T>): Promise<T> {
  const standIn = mkdtempSync(path.join(os.tmpdir(), 'inlet-workspace-'));
  try {
    makeStandInWorkspace(workspaceRoot, standIn);
    return await use(standIn);
  } finally {
    rmSync(standIn, { recursive: true, force: true });
  }
}

/** Writes the baselines; returns those that have changed. */
export function writeBaselines(workspaceRoot: string, templates: ReadonlyMap<string, string>): string[] {
  const changed = [...templates].filter(([folder, template]) => readBaseline(workspaceRoot, folder) !== template);
  for (const [folder, template] of changed) writeFileSync(path.join(workspaceRoot, baselineFile(folder)), template);
  return changed.map(([folder]) => baselineFile(folder));
}

/** How each template differs from its baseline, for people; empty when none does. */
export function findDrift(workspaceRoot: string, templates: ReadonlyMap<string, string>): string[] {
  return [...templates].flatMap(([folder, template]) => {
    const baseline = readBaseline(workspaceRoot, folder);
    if (baseline === template) return [];
    const file = baselineFile(folder);
    if (baseline === undefined) return [`${file} is missing. Run \`${UPDATE}\`.`];
    const lines = describeDrift(JSON.parse(baseline), JSON.parse(template));
    return [`${file} is not what ${folder} synthesizes (- baseline, + now):\n${lines.map((line) => `  ${line}`).join('\n') || '  the same values in another order'}\nIf it is meant, run \`${UPDATE}\` and commit the file.`];
  });
}

function readBaseline(workspaceRoot: string, folder: string): string | undefined {
  const file = path.join(workspaceRoot, baselineFile(folder));
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

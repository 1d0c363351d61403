/** Finds the workspace whose datasets and lake a command works on. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The nearest folder upwards that holds an Inlet workspace; undefined when there is none. */
export function findWorkspace(from: string): string | undefined {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'nx.json')) && existsSync(path.join(folder, 'domains'))) return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
}

export interface Places {
  workspaceRoot: string;
  domainsDir: string;
  lakeRoot: string;
}

/** Where things are: the workspace around `cwd`, or else the one that the command was installed from; the lake by option, INLET_LAKE or default. */
export function findPlaces(context: { cwd: string; env: Readonly<Record<string, string | undefined>>; installRoot: string }, lake?: string): Places {
  const workspaceRoot = findWorkspace(context.cwd) ?? context.installRoot;
  const asked = lake ?? (context.env['INLET_LAKE'] || undefined);
  return {
    workspaceRoot,
    domainsDir: path.join(workspaceRoot, 'domains'),
    lakeRoot: asked === undefined ? path.join(workspaceRoot, '.inlet') : path.resolve(context.cwd, asked),
  };
}

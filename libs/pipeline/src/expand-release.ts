/** A release's archives expanded beside the engine, once per execution: where it was done already, the folder tells. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AmbiguousMemberError, MissingMemberError } from '@inlet/errors';
import type { DatasetConfig } from '@inlet/dataset';
import { matchesAny } from './glob';
import type { ArchiveLimits, ExtractedMember } from './ports';
import type { PipelineDeps } from './run';
import type { FetchedSource } from './run-state';

export function archiveLimits({ limits }: DatasetConfig): ArchiveLimits {
  return { maxExpandedBytes: limits.max_expanded_bytes, maxExpansionRatio: limits.max_expansion_ratio, maxMembers: limits.max_members };
}

/** Every member of a raw archive with its hash; those that a table wants as UTF-8 files in the scratch folder. */
export async function expandSource(
  deps: Pick<PipelineDeps, 'store' | 'archives' | 'scratchDir' | 'signal' | 'observe'>,
  config: DatasetConfig,
  source: Pick<FetchedSource, 'name' | 'rawKey' | 'sha256' | 'fileName'>,
): Promise<ExtractedMember[]> {
  const targetDir = path.join(deps.scratchDir, 'expanded', source.sha256);
  const indexPath = `${targetDir}.json`;
  const index = await readFile(indexPath, 'utf8').catch(() => undefined);
  if (index !== undefined) return JSON.parse(index) as ExtractedMember[];

  const archive = { path: await deps.store.localPath(source.rawKey, deps.scratchDir), fileName: source.fileName };
  const limits = archiveLimits(config);
  const members = await deps.archives.listMembers(archive, limits);
  const names = members.map(({ name }) => name);
  const keep = names.filter((name) => config.tables.some((table) => matchesAny(table.members, name)));
  const extracted = await deps.archives.extract(archive, {
    members: names,
    keep,
    targetDir,
    encoding: config.format.encoding,
    limits,
    signal: deps.signal,
    onProgress: ({ bytes, totalBytes }) => deps.observe({ type: 'progress', state: 'FetchAndHash', what: `expanding ${source.fileName}`, bytes, totalBytes }),
  });
  await mkdir(path.dirname(indexPath), { recursive: true });
  await writeFile(`${indexPath}.part`, JSON.stringify(extracted));
  await rename(`${indexPath}.part`, indexPath);
  return extracted;
}

export interface TableMember {
  source: FetchedSource;
  member: ExtractedMember;
}

/** Which members hold which table. Throws MissingMemberError when a table has none, AmbiguousMemberError when one source has two for it. */
export function assignMembers(config: DatasetConfig, expanded: readonly { source: FetchedSource; members: readonly ExtractedMember[] }[]): Map<string, TableMember[]> {
  const assigned = new Map<string, TableMember[]>();
  for (const table of config.tables) {
    const found: TableMember[] = [];
    for (const { source, members } of expanded) {
      const matching = members.filter(({ name }) => matchesAny(table.members, name));
      if (matching.length > 1) throw ambiguous(table.name, table.members, source, matching);
      const [member] = matching;
      if (member) found.push({ source, member });
    }
    if (found.length === 0) throw missing(table.name, table.members, expanded);
    assigned.set(table.name, found);
  }
  return assigned;
}

function missing(table: string, patterns: readonly string[], expanded: readonly { source: FetchedSource; members: readonly ExtractedMember[] }[]): MissingMemberError {
  const found = expanded.map(({ source, members }) => `${source.fileName} (${members.map(({ name }) => name).join(', ') || 'nothing'})`);
  return new MissingMemberError({
    what: `No file holds the table ${table}`,
    where: expanded.map(({ source }) => source.url).join(', '),
    expected: `a member named like ${patterns.join(' or ')}`,
    found: found.join('; '),
    next: 'Give the right file with --source, or correct the member patterns in config/dataset.json.',
  });
}

function ambiguous(table: string, patterns: readonly string[], source: FetchedSource, members: readonly ExtractedMember[]): AmbiguousMemberError {
  return new AmbiguousMemberError({
    what: `Several members could be the table ${table}`,
    where: source.url,
    expected: `one member named like ${patterns.join(' or ')}`,
    found: members.map(({ name }) => name).join(', '),
    next: 'Make the member patterns in config/dataset.json narrower.',
  });
}

/** The first state: is there anything new? Four questions, cheapest first; the fourth is asked once silver is built. */
import { copyFile, constants, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '@inlet/dataset';
import { AmbiguousMemberError, redactUrl, SourceUnavailableError } from '@inlet/errors';
import { combineMemberHashes, combineSourceHashes, hashFile } from '@inlet/hash';
import { keys, type Observed } from '@inlet/manifest';
import { readRules } from '@inlet/quality';
import { buildRunId, formatVersion } from '@inlet/time';
import { assignMembers, expandSource } from '../expand-release';
import { fingerprintRun } from '../fingerprint-run';
import { readManifest } from '../manifest-store';
import type { FetchedFile, Validators } from '../ports';
import type { PipelineDeps } from '../run';
import type { ExecutionInput, FetchedSource, FetchResult } from '../run-state';
import { chooseSources, recogniseSource, type RequestedSource } from '../sources';

/** Called with the dataset's lease held. Throws RulesetError and ConfigError before anything is fetched, and the named errors of sources and archives. */
export async function fetchAndHash(deps: PipelineDeps, dataset: Dataset, input: ExecutionInput): Promise<FetchResult> {
  const { config } = dataset;
  const manifest = (await readManifest(deps.store, config.dataset))?.manifest;
  const observed = input.force ? null : (manifest?.observed ?? null);
  readRules(dataset);
  const fingerprint = await fingerprintRun(deps, dataset);

  const requested = chooseSources(config, input.sources);
  const arrivals = await fetchAll(deps, dataset, requested, observed);
  const sources = await keepRaw(deps, dataset, arrivals, observed);
  const sha256 = combineSourceHashes(sources);
  const runId = buildRunId(new Date(input.startedAt), sha256);
  await deps.ledger.nameRun(deps.owner.executionId, runId);

  return {
    ...compareWithObserved({ arrivals, sources, fingerprint, observed, force: input.force }),
    runId,
    version: formatVersion(new Date(input.startedAt)),
    sha256,
    bytes: sources.reduce((sum, { bytes }) => sum + bytes, 0),
    fingerprint,
    baseRunId: manifest?.current?.runId ?? null,
    sources,
  };
}

interface Arrival {
  requested: RequestedSource;
  file: FetchedFile;
  /** What was last seen of this source, if anything was. */
  known?: Observed['sources'][number];
}

/** Question 1, for all sources side by side: conditional requests, wherever the raw bytes of the last answer are still there. */
async function fetchAll(deps: PipelineDeps, dataset: Dataset, requested: readonly RequestedSource[], observed: Observed | null): Promise<Arrival[]> {
  const controller = new AbortController();
  const signal = deps.signal ? AbortSignal.any([deps.signal, controller.signal]) : controller.signal;
  const fetchOne = async (source: RequestedSource, index: number): Promise<Arrival> => {
    const known = findKnown(source, requested, observed);
    const validators = known && validatorsOf(known, source.url);
    const canAsk = known !== undefined && validators !== undefined && (await deps.store.head(known.rawKey)) !== undefined;
    const scratchDir = path.join(deps.scratchDir, 'download', String(index));
    await mkdir(scratchDir, { recursive: true });
    const file = await deps.source.fetch({
      url: source.url,
      headers: source.headers,
      validators: canAsk ? validators : undefined,
      maxBytes: dataset.config.limits.max_source_bytes,
      scratchDir,
      signal,
      onProgress: ({ bytes, totalBytes }) => deps.observe({ type: 'progress', state: 'FetchAndHash', what: `fetching ${source.name}`, bytes, totalBytes }),
    });
    // A file given with --source has no name of its own yet: what it is, its bytes tell.
    const recogniseByBytes = source.override && file.status === 'fetched';
    return { requested: source, file, known: recogniseByBytes ? observed?.sources.find(({ sha256 }) => sha256 === file.sha256) : known };
  };
  const results = await Promise.allSettled(
    requested.map((source, index) =>
      fetchOne(source, index).catch((error: unknown) => {
        controller.abort(error);
        throw error;
      }),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw controller.signal.reason ?? failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/**
 * Recorded URLs are redacted: where one has a query, another URL may look the same. An ETag then still tells them apart, a date does not.
 */
function validatorsOf(known: Observed['sources'][number], url: string): Validators | undefined {
  const lastModified = URL.canParse(url) && new URL(url).search !== '' ? undefined : known.lastModified;
  return (known.etag ?? lastModified) === undefined ? undefined : { etag: known.etag, lastModified };
}

/**
 * What was last seen at a source's address. A file given with --source has no name yet: its address alone must tell, so there may be no second one like it,
 * and no query, of which only the redacted form is remembered.
 */
function findKnown(source: RequestedSource, requested: readonly RequestedSource[], observed: Observed | null): Observed['sources'][number] | undefined {
  const address = redactUrl(source.url);
  const seen = (observed?.sources ?? []).filter(({ name, url }) => url === address && (source.override || name === source.name));
  if (!source.override) return seen[0];
  const isAlone = seen.length === 1 && requested.filter(({ url }) => redactUrl(url) === address).length === 1;
  return isAlone && new URL(source.url).search === '' ? seen[0] : undefined;
}

/**
 * Question 2 is answered by the hash that was computed while the bytes came in; only bytes not seen before go on to raw and are expanded,
 * which answers question 3 and finds out early whether the archives are whole and hold every table.
 */
async function keepRaw(deps: PipelineDeps, dataset: Dataset, arrivals: readonly Arrival[], observed: Observed | null): Promise<FetchedSource[]> {
  const isNew = arrivals.some(({ file, known }) => file.status === 'fetched' && file.sha256 !== known?.sha256) || observed === null;
  const expanded = [];
  for (const { requested, file, known } of arrivals) {
    if (known !== undefined && (file.status === 'not-modified' || (!isNew && (await deps.store.head(known.rawKey)) !== undefined))) {
      const seenNow = file.status === 'fetched' ? { url: redactUrl(requested.url), etag: file.etag, lastModified: file.lastModified } : {};
      expanded.push({ source: { ...known, ...seenNow, fileName: path.posix.basename(known.rawKey) }, members: undefined });
      continue;
    }
    if (file.status === 'not-modified') throw new RangeError(`${requested.name}: not modified, yet never seen`);
    const source = await storeRaw(deps, dataset, requested, file);
    const members = await expandSource(deps, dataset.config, source);
    const recognised = recogniseSource(dataset.config, requested, members.map(({ name }) => name));
    expanded.push({ source: { ...source, name: recognised, membersSha256: combineMemberHashes(members) }, members });
  }
  const named = nameApart(expanded.map(({ source }) => source));
  if (expanded.every(({ members }) => members !== undefined)) {
    assignMembers(dataset.config, expanded.map(({ members }, index) => ({ source: named[index] as FetchedSource, members: members ?? [] })));
  }
  return named;
}

/** Raw objects are immutable and keyed by content: bytes that are there already are not written again. */
async function storeRaw(deps: PipelineDeps, { config }: Dataset, requested: RequestedSource, file: Extract<FetchedFile, { status: 'fetched' }>): Promise<FetchedSource> {
  const rawKey = keys.rawKey(config.dataset, file.sha256, file.fileName);
  const url = redactUrl(requested.url);
  if ((await deps.store.head(rawKey))?.sizeBytes !== file.sizeBytes) {
    const local = file.disposable ? file.path : await copyToScratch(file, path.join(deps.scratchDir, 'download', `${file.sha256}-${file.fileName}`));
    await deps.store.uploadFile(local, rawKey);
  } else if (file.disposable) {
    await rm(file.path, { force: true });
  }
  if ((await deps.store.head(keys.rawInfoKey(rawKey))) === undefined) await writeRawInfo(deps, rawKey, url, file);
  return {
    name: requested.name,
    url,
    fileName: file.fileName,
    rawKey,
    sha256: file.sha256,
    bytes: file.sizeBytes,
    membersSha256: file.sha256,
    etag: file.etag,
    lastModified: file.lastModified,
  };
}

async function writeRawInfo(deps: PipelineDeps, rawKey: string, url: string, file: Extract<FetchedFile, { status: 'fetched' }>): Promise<void> {
  const info = { url, fetchedAt: deps.clock.now().toISOString(), bytes: file.sizeBytes, sha256: file.sha256, headers: file.headers };
  await deps.store.write(keys.rawInfoKey(rawKey), `${JSON.stringify(info, null, 2)}\n`);
}

/** What is kept under a hash must have it: someone else's file may have changed since it was read. */
async function copyToScratch({ path: from, sha256 }: { path: string; sha256: string }, to: string): Promise<string> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  if ((await hashFile(to)).sha256 === sha256) return to;
  throw new SourceUnavailableError({ what: 'The source changed while it was read', where: from, next: 'Run it again once the file is complete.' });
}

/** Two files of one configured source (its members given singly) keep apart as `finished:product.txt`. Throws AmbiguousMemberError where that is not enough. */
function nameApart(sources: readonly FetchedSource[]): FetchedSource[] {
  const baseOf = ({ name }: FetchedSource) => name.replace(/:.*$/s, '');
  const isShared = (base: string) => sources.filter((source) => baseOf(source) === base).length > 1;
  const named = sources.map((source) => ({ ...source, name: isShared(baseOf(source)) ? `${baseOf(source)}:${source.fileName}` : baseOf(source) }));
  const twice = named.find(({ name }, index) => named.findIndex((other) => other.name === name) < index);
  if (twice === undefined) return named;
  throw new AmbiguousMemberError({
    what: 'Two files cannot be told apart',
    where: named.filter(({ name }) => name === twice.name).map(({ url }) => url).join(', '),
    expected: 'one file of each name for a source',
    found: `two named ${twice.fileName} for the source ${baseOf(twice)}`,
    next: 'Give each file once with --source, or rename one of them.',
  });
}

function compareWithObserved(seen: { arrivals: readonly Arrival[]; sources: readonly FetchedSource[]; fingerprint: string; observed: Observed | null; force: boolean }): { changed: boolean; reason: string } {
  const { arrivals, sources, fingerprint, observed, force } = seen;
  if (force) return { changed: true, reason: 'The run was forced.' };
  if (observed === null) return { changed: true, reason: 'It is the first release of this dataset.' };
  if (fingerprint !== observed.fingerprint) return { changed: true, reason: 'The config, the models or the rules have changed.' };

  const before = new Map(observed.sources.map((source) => [source.name, source]));
  const gone = observed.sources.filter(({ name }) => !sources.some((source) => source.name === name));
  const different = sources.filter(({ name, membersSha256 }) => before.get(name)?.membersSha256 !== membersSha256);
  if (different.length > 0 || gone.length > 0) {
    const names = [...different.map(({ name }) => name), ...gone.map(({ name }) => `${name} (gone)`)];
    return { changed: true, reason: `The content has changed: ${names.join(', ')}.` };
  }
  if (arrivals.every(({ file }) => file.status === 'not-modified')) return { changed: false, reason: 'The source says that it was not modified (HTTP 304).' };
  const sameBytes = sources.every(({ name, sha256 }) => before.get(name)?.sha256 === sha256);
  return sameBytes
    ? { changed: false, reason: 'The bytes are the same (SHA-256).' }
    : { changed: false, reason: 'The archive was packed anew, and its members are the same (SHA-256 of each).' };
}

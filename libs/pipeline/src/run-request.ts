/** What a run may be asked for from outside: by the command line, a schedule, the trigger function, or whoever starts an execution. */
import { redactUrl, UnsafeUrlError, UsageError } from '@inlet/errors';
import { isRunId } from '@inlet/time';
import { z } from 'zod';
import type { RunRequest } from './run';

/** Where a source given in a request may lie: anywhere (a person at their own machine), or on these hosts (`host` or `host:port`) only. */
export interface SourcePolicy {
  hosts: 'any' | readonly string[];
}

/** The newest run that can be run again. */
export const LATEST_RUN = 'latest';

export const RunRequestSchema = z.strictObject({
  force: z.boolean().default(false),
  engine: z.enum(['auto', 'duckdb', 'spark']).default('auto'),
  source_url: z.string().optional(),
  sources: z.array(z.string()).max(100).default([]),
  replay: z.string().refine((run) => run === LATEST_RUN || isRunId(run), '"latest" or the id of a run was expected').optional(),
});

/**
 * `{}`, or `{ "force": false, "source_url": "…", "sources": ["…"], "engine": "auto", "replay": "latest" }`. Throws UsageError for anything else, and UnsafeUrlError for a
 * source that the policy does not allow, or one whose URL carries what may be a secret: a request stays readable in the execution's history.
 */
export function parseRunRequest(document: unknown, policy: SourcePolicy): RunRequest {
  const parsed = RunRequestSchema.safeParse(document ?? {});
  if (!parsed.success) throw describeFault(parsed.error);
  const { force, engine, source_url, sources, replay } = parsed.data;
  if (source_url !== undefined && sources.length > 0) {
    throw new UsageError({ what: 'The request names its source twice', expected: '"source_url" for one file, or "sources" for several', found: 'both' });
  }
  const given = source_url === undefined ? sources : [source_url];
  if (replay !== undefined && given.length > 0) {
    throw new UsageError({ what: 'The request asks for a replay, and for a source', expected: '"replay", which fetches nothing, or a source', found: 'both' });
  }
  if (policy.hosts !== 'any') for (const url of given) checkSource(url, policy.hosts);
  return { force, engine, sources: given, ...(replay !== undefined && { replay }) };
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

function checkSource(given: string, hosts: readonly string[]): void {
  const url = URL.parse(given);
  if (url === null) throw unsafe(given, 'an https URL', 'no URL');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw unsafe(given, 'a URL without credentials, query or fragment: a request is kept in the execution\'s history', 'one of them');
  }
  if (!hosts.includes(url.host)) throw unsafe(given, `a host among ${hosts.join(', ') || 'none'}`, url.host || 'no host');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.host))) throw unsafe(given, 'https', url.protocol.replace(':', ''));
}

function unsafe(given: string, expected: string, found: string): UnsafeUrlError {
  return new UnsafeUrlError({
    what: 'The request names a source that it may not',
    where: URL.canParse(given) ? redactUrl(given) : '(not a URL)',
    expected,
    found,
    next: 'Add the host to source_hosts in config/dataset.json and deploy, or give a file from one of the hosts.',
  });
}

function describeFault(error: z.ZodError): UsageError {
  const [issue] = error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the request' : issue.path.join('.');
  return new UsageError({
    what: 'The run was asked for in a way that it does not understand',
    where,
    expected: '{ "force"?: true or false, "source_url"?: a URL, "sources"?: a list of URLs, "engine"?: "auto", "duckdb" or "spark", "replay"?: "latest" or the id of a run }',
    found: issue?.message ?? 'something else',
    next: 'Correct the input and start the run again.',
  });
}

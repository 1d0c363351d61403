/** Rules on where files come from: one way to say it, unique names, and no secret in a file that is committed. */
import { redactUrl } from '@inlet/errors';
import { type ConfigPath, quoteText } from '../config-problem';
import { type ConfigRule, listNames, listRepeats, problemAt } from './rule';

const SECRET_NAME = /api[-_]?key|access[-_]?key|(^|[-_])key($|[-_])|token|secret|passw|(^|[-_])pwd|credential|signature|(^|[-_])sig($|[-_])|authori[sz]ation|(^|[-_])auth($|[-_])|cookie|licen[cs]e/i;
const SECRET_VALUE = /^\s*(bearer|basic|digest|token)\s+\S/i;
/** Headers that the download sets itself, to resume, to ask conditionally and to know lengths. */
const OWN_HEADERS = new Set(['accept-encoding', 'connection', 'content-length', 'host', 'if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since', 'range', 'transfer-encoding']);

/** Exactly one of `source_url` and `sources` is written. */
export const oneWayToNameSources: ConfigRule = ({ source_url, sources }) => {
  if (source_url !== undefined && sources !== undefined) return [problemAt(['sources'], 'either source_url or sources', 'both')];
  return [];
};

export const sourceHeadersBelongToSourceUrl: ConfigRule = ({ source_url, source_headers, sources }) =>
  source_headers !== undefined && source_url === undefined && sources !== undefined
    ? [problemAt(['source_headers'], 'headers within each entry of sources', 'source_headers beside sources')]
    : [];

export const sourceNamesAreUnique: ConfigRule = ({ sources }) =>
  listRepeats('a source name', (sources ?? []).map((source, index) => ({ path: ['sources', index, 'name'], name: source?.name })));

export const sourceUrlsAreUnique: ConfigRule = ({ sources }) => {
  const seen = new Set<string>();
  return (sources ?? []).flatMap((source, index) => {
    const url = source?.source_url;
    if (url === undefined) return [];
    const repeated = seen.has(url);
    seen.add(url);
    return repeated ? [problemAt(['sources', index, 'source_url'], 'a URL that no other source has', quoteText(redactUrl(url)))] : [];
  });
};

/** A file given with --source is recognised by these; one pattern for two sources would leave the choice open. */
export const sourceMembersAreUnique: ConfigRule = ({ sources }) =>
  listRepeats('a member pattern', (sources ?? []).flatMap((source, index) => listNames(['sources', index, 'members'], source?.members)));

export const urlsHoldNoSecret: ConfigRule = (config) =>
  listUrls(config).flatMap(({ path, url }) => {
    const { username, password, searchParams } = new URL(url);
    const secrets = [...new Set(searchParams.keys())].filter((name) => SECRET_NAME.test(name));
    return [
      ...(username || password ? [problemAt(path, 'a URL without user name and password', `${quoteText(redactUrl(url))} with them`)] : []),
      ...secrets.map((name) => problemAt(path, 'a URL without secrets, which are given with --source at run time', `the query parameter ${quoteText(name)}`)),
    ];
  });

export const headersHoldNoSecret: ConfigRule = (config) =>
  listHeaders(config).flatMap(({ path, name, value }) => {
    if (SECRET_NAME.test(name)) return [problemAt(path, 'no header that carries a secret', 'one that does by its name')];
    return SECRET_VALUE.test(value) ? [problemAt(path, 'no header that carries a secret', 'one that does by its value')] : [];
  });

export const headersAreSendable: ConfigRule = (config) =>
  listHeaders(config).flatMap(({ path, name, value }) => [
    ...(OWN_HEADERS.has(name.toLowerCase()) ? [problemAt(path, 'no header that the download sets itself', 'one')] : []),
    ...(/^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? [] : [problemAt(path, 'a value on one line, of latin-1 characters', 'other characters')]),
  ]);

export const headerNamesAreUnique: ConfigRule = (config) =>
  listHeaderSets(config).flatMap(({ path, headers }) => listRepeats('a header name', Object.keys(headers).map((name) => ({ path: [...path, name], name }))));

export const sourceRules: readonly ConfigRule[] = [
  oneWayToNameSources,
  sourceHeadersBelongToSourceUrl,
  sourceNamesAreUnique,
  sourceUrlsAreUnique,
  sourceMembersAreUnique,
  urlsHoldNoSecret,
  headersHoldNoSecret,
  headersAreSendable,
  headerNamesAreUnique,
];

type Draft = Parameters<ConfigRule>[0];

function listUrls({ source_url, sources }: Draft): { path: ConfigPath; url: string }[] {
  const several = (sources ?? []).map((source, index) => ({ path: ['sources', index, 'source_url'], url: source?.source_url }));
  return [{ path: ['source_url'], url: source_url }, ...several].flatMap(({ path, url }) => (url !== undefined && URL.canParse(url) ? [{ path, url }] : []));
}

function listHeaderSets({ source_headers, sources }: Draft): { path: ConfigPath; headers: Record<string, string | undefined> }[] {
  const several = (sources ?? []).map((source, index) => ({ path: ['sources', index, 'headers'], headers: source?.headers ?? {} }));
  return [{ path: ['source_headers'], headers: source_headers ?? {} }, ...several];
}

function listHeaders(config: Draft): { path: ConfigPath; name: string; value: string }[] {
  return listHeaderSets(config).flatMap(({ path, headers }) => Object.entries(headers).map(([name, value]) => ({ path: [...path, name], name, value: value ?? '' })));
}

/** The way from JSON to a config that the rest of the code can trust: strict, normalised, checked by every rule, frozen. */
import type { z } from 'zod';
import { type ConfigProblem, DatasetConfigError } from './config-problem';
import { type DatasetConfig, DatasetConfigSchema, SourceSchema } from './config-schema';
import { findJsonFault } from './json-text';
import { configRules } from './rules';
import type { ConfigDraft } from './rules/rule';
import { listSchemaProblems } from './schema-problems';
import { keepValid } from './schema-walk';

export interface ConfigContext {
  /** Names the file in errors. */
  file?: string;
}

export interface ConfigInspection {
  problems: ConfigProblem[];
  /** What of the config is valid by itself. */
  draft: ConfigDraft;
  /** Set where there is no problem. */
  config?: DatasetConfig;
}

/** The config, with defaults and deeply frozen. Throws one ConfigError with every problem, and nothing else. */
export function parseDatasetConfig(json: unknown, context: ConfigContext = {}): DatasetConfig {
  const { config, problems } = inspectDatasetConfig(json);
  if (config === undefined) throw new DatasetConfigError(problems, context.file);
  return config;
}

/** Like parseDatasetConfig, from the text of a file; a byte order mark is no fault. JSON faults name line and column. */
export function parseDatasetConfigText(text: string, context: ConfigContext = {}): DatasetConfig {
  return parseDatasetConfig(readJsonText(text, context), context);
}

/** The value of JSON text. Throws a ConfigError that names line and column, also for a key that is written twice. */
export function readJsonText(text: string, context: ConfigContext = {}): unknown {
  const json = text.replace(/^\uFEFF/, '');
  const fault = findJsonFault(json);
  if (fault) throw new DatasetConfigError([{ path: `line ${fault.line}, column ${fault.column}`, expected: fault.expected, found: fault.found }], context.file);
  return JSON.parse(json);
}

/** Every problem of a config, and as much of it as is valid. Never throws. */
export function inspectDatasetConfig(json: unknown): ConfigInspection {
  const draft = keepValid(DatasetConfigSchema, json) ?? {};
  const schemaProblems = listSchemaProblems(DatasetConfigSchema, json);
  const reported = new Set(schemaProblems.map(({ path }) => path));
  const ruleProblems = configRules.flatMap((rule) => rule(draft)).filter(({ path }) => !reported.has(path));
  const problems = [...schemaProblems, ...findMissingSource(json, reported), ...ruleProblems];
  const parsed = problems.length === 0 ? DatasetConfigSchema.safeParse(json) : undefined;
  return parsed?.success ? { problems, draft, config: freezeDeeply(normalise(parsed.data)) } : { problems, draft };
}

/** Asked of the config as written: a source_url that is there and wrong is not a missing one. */
function findMissingSource(json: unknown, reported: ReadonlySet<string>): ConfigProblem[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return [];
  if (Object.hasOwn(json, 'source_url') || Object.hasOwn(json, 'sources') || reported.has('source_url')) return [];
  return [{ path: 'source_url', expected: 'a source_url, or a list of sources', found: 'neither' }];
}

function normalise({ $schema: _schema, source_url, source_headers, sources, ...config }: z.output<typeof DatasetConfigSchema>): DatasetConfig {
  const only = { name: config.dataset.replaceAll('-', '_'), source_url, headers: source_headers };
  return { ...config, sources: sources ?? [SourceSchema.parse(only)] };
}

function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(freezeDeeply);
  return Object.freeze(value);
}

import { z } from 'zod';
import { DatasetConfigSchema, type DatasetConfig } from './config-schema';
import type { Dataset } from './dataset';
import { fingerprintPipeline } from './fingerprint';
import { parseDatasetConfig } from './parse-config';
import { unwrapSchema } from './schema-walk';
import { withValue, writeValidConfig } from './valid-config.test-support';

/** Keys that say who, when, where and how much, and shape no table; `[]` stands for any entry. All others shape tables. */
const OPERATIONAL = [
  /^(description|source_hosts\[\]|owner|cost_center|samples\[\]|bronze_job_name|silver_job_name|bronze_crawler_name|crawler|database_name|glue_version|worker_type|number_of_workers)$/,
  /^(schedule|limits|engine|retention)\./,
  /^sources\[\]\.(source_url|headers\.\*|members\[\])$/,
  /^tables\[\]\.columns\[\]\.description$/,
  /^models\[\]\.(description|pii\[\])$/,
];
/** Left behind when the config is normalised. */
const WRITTEN_ONLY = new Set(['$schema', 'source_url', 'source_headers']);

interface Leaf {
  name: string;
  path: (string | number)[];
}

/** Every leaf of the schema, with a path into a config where every list has an entry. */
function listLeaves(schema: z.core.$ZodType, name = '', path: (string | number)[] = []): Leaf[] {
  const inner = unwrapSchema(schema);
  if (inner instanceof z.ZodObject) return Object.entries(inner.shape).flatMap(([key, part]) => listLeaves(part as z.core.$ZodType, name === '' ? key : `${name}.${key}`, [...path, key]));
  if (inner instanceof z.ZodArray) return listLeaves(inner.element, `${name}[]`, [...path, 0]);
  if (inner instanceof z.ZodRecord) return [{ name: `${name}.*`, path: [...path, 'some_key'] }];
  return [{ name, path }];
}

const leaves = listLeaves(DatasetConfigSchema).filter(({ path }) => !WRITTEN_ONLY.has(String(path[0])));

function makeDataset(changes: Partial<Dataset> = {}): Dataset {
  return {
    config: parseDatasetConfig(writeValidConfig()),
    models: [
      { name: 'codes', sql: 'select 1' },
      { name: 'totals', sql: 'select 2' },
    ],
    rules: 'Rules = []',
    ...changes,
  };
}

const fingerprint = (dataset: Dataset, macros: readonly string[] = ['create macro a() as 1']) => fingerprintPipeline(dataset, { macros });

describe('fingerprintPipeline', () => {
  it('is a SHA-256 that depends on nothing but its input', () => {
    expect(fingerprint(makeDataset())).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint(makeDataset())).toBe(fingerprint(makeDataset()));
  });

  it('tells mask salts apart by their digest, and is the same as ever where there is none', () => {
    const macros = ['create macro a() as 1'];
    const of = (maskSaltDigest?: string) => fingerprintPipeline(makeDataset(), { macros, maskSaltDigest });
    expect(of()).toBe(fingerprint(makeDataset()));
    expect(new Set([of(), of('a'), of('b')]).size).toBe(3);
  });

  it('covers all keys of the schema here', () => {
    expect(leaves.length).toBeGreaterThan(50);
    expect(leaves.filter(({ name }) => OPERATIONAL.some((pattern) => pattern.test(name))).length).toBeGreaterThan(20);
  });

  // A value that no config has stands for any other value: the fingerprint does not check it.
  it.each(leaves)('$name changes it exactly when the key shapes tables', ({ name, path }) => {
    const { config } = makeDataset();
    const changed = withValue(config, path, 'another value') as DatasetConfig;
    const operational = OPERATIONAL.some((pattern) => pattern.test(name));
    expect(fingerprint(makeDataset({ config: changed })) === fingerprint(makeDataset())).toBe(operational);
  });

  it('does not change with the order of keys or of model files', () => {
    const { config, models } = makeDataset();
    const reordered = Object.fromEntries(Object.entries(config).reverse()) as DatasetConfig;
    expect(fingerprint(makeDataset({ config: reordered, models: [...models].reverse() }))).toBe(fingerprint(makeDataset()));
  });

  it('does not change with the folder', () => {
    expect(fingerprint(makeDataset({ folder: '/elsewhere' }))).toBe(fingerprint(makeDataset()));
  });

  it.each<[string, () => string]>([
    ['a model\'s SQL', () => fingerprint(makeDataset({ models: [{ name: 'codes', sql: 'select 3' }, { name: 'totals', sql: 'select 2' }] }))],
    ['SQL moved from one model to another', () => fingerprint(makeDataset({ models: [{ name: 'codes', sql: 'select 2' }, { name: 'totals', sql: 'select 1' }] }))],
    ['a model more', () => fingerprint(makeDataset({ models: [...makeDataset().models, { name: 'third', sql: '' }] }))],
    ['the rules', () => fingerprint(makeDataset({ rules: '' }))],
    ['a macro', () => fingerprint(makeDataset(), ['create macro a() as 2'])],
    ['one macro cut in two', () => fingerprint(makeDataset(), ['create macro ', 'a() as 1'])],
    ['the order of columns', () => fingerprint(makeDataset({ config: parseDatasetConfig(withValue(writeValidConfig(), ['tables', 0, 'columns'], [...writeValidConfig().tables[0]!.columns].reverse())) }))],
  ])('changes with %s', (_what, changed) => {
    expect(changed()).not.toBe(fingerprint(makeDataset()));
  });
});

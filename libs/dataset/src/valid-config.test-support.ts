/** A config with every part written out, for specs to change one thing of. */
import type { WrittenDatasetConfig } from './config-schema';

/** Plain JSON, a new copy each time. */
export function writeValidConfig(): WrittenDatasetConfig {
  return {
    dataset: 'drug-codes',
    owner: 'data-platform',
    cost_center: 'reference',
    source_url: 'https://example.org/codes.zip',
    source_headers: { 'User-Agent': 'Inlet/0.1' },
    schedule: { expression: 'cron(30 6 * * ? *)', time_zone: 'America/New_York' },
    format: { delimiter: ',' },
    tables: [
      {
        name: 'codes',
        members: ['codes*.csv'],
        columns: [
          { name: 'code', source: 'Code' },
          { name: 'label', source: 'Label', aliases: ['Name', 'Title'] },
          { name: 'ended', source: 'End Date', optional: true },
        ],
      },
    ],
    models: [{ name: 'codes', key: ['code'], order_by: ['ended desc nulls last'], parent: 'codes' }],
    samples: ['samples/one.zip'],
    bronze_job_name: 'inlet-codes-bronze',
    silver_job_name: 'inlet-codes-silver',
    bronze_crawler_name: 'inlet-codes-bronze',
    database_name: 'inlet_codes',
  };
}

/** A copy of a JSON value with the value at a path replaced; `undefined` deletes the key. */
export function withValue(json: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const copy: Record<string | number, unknown> = Array.isArray(json) ? ([...json] as unknown as Record<number, unknown>) : { ...(json as object) };
  const replaced = withValue(copy[step], rest, value);
  if (replaced === undefined) Reflect.deleteProperty(copy, step);
  else Object.defineProperty(copy, step, { value: replaced, enumerable: true, configurable: true, writable: true });
  return copy;
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { parseDatasetConfig } from '../parse-config';
import { withValue, writeValidConfig } from '../valid-config.test-support';
import { buildJsonSchema, type SchemaNode } from './json-schema';
import { listSections, renderReference } from './markdown';
import { listReferenceFiles } from './reference-files';

const root = path.resolve(__dirname, '../../../..');

const ajv = new Ajv({ allErrors: true, formats: { uri: (text: string) => URL.canParse(text) } });
const validate = ajv.compile(buildJsonSchema());

describe('the committed reference', () => {
  it.each(listReferenceFiles())('$name is what the schema gives; `npx nx docs dataset` writes it anew', ({ name, text }) => {
    expect(readFileSync(path.join(root, 'docs/reference', name), 'utf8')).toBe(text);
  });
});

describe('every key of the config', () => {
  const keys = listSections({ path: '', node: buildJsonSchema() }).flatMap(({ path: section, node }) =>
    Object.entries(node.properties ?? {}).map(([key, part]): { key: string; name: string; part: SchemaNode } => ({ key, name: section === '' ? key : `${section}.${key}`, part })),
  );

  it('is reached by the walk', () => {
    expect(keys.map(({ name }) => name)).toEqual(expect.arrayContaining(['dataset', 'tables[].columns[].aliases', 'data_quality.row_count_change.max_drop']));
  });

  it.each(keys)('$name has a description that is a sentence, and a row in the reference', ({ key, part }) => {
    expect(part.description).toMatch(/^[A-Z].{10,}\.$/s);
    expect(renderReference()).toContain(`| \`${key}\` | `);
  });
});

describe('the JSON Schema', () => {
  it.each<[string, (string | number)[], unknown]>([
    ['an unknown key', ['retension'], {}],
    ['a missing key', ['owner'], undefined],
    ['no source', ['source_url'], undefined],
    ['two ways to name sources', ['sources'], [{ name: 'a', source_url: 'https://example.org' }]],
    ['a wrong type', ['tables', 0, 'columns', 0, 'optional'], 'yes'],
    ['a name with a capital', ['models', 0, 'name'], 'Codes'],
    ['a share above 1', ['data_quality'], { max_quarantined_share: 2 }],
    ['an unknown encoding', ['format', 'encoding'], 'ebcdic'],
  ])('refuses %s', (_what, at, value) => {
    expect(validate(withValue(writeValidConfig(), at, value))).toBe(false);
  });

  it('accepts every config that the parser accepts', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const parts = fc.record(
      { max_quarantined_share: share, critical_null_threshold: share, row_count_change: fc.record({ max_drop: share }, { requiredKeys: [] }), required_columns: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/)) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(parts, (data_quality) => {
        const config = { ...writeValidConfig(), data_quality };
        parseDatasetConfig(config);
        expect(validate(config)).toBe(true);
      }),
    );
  });
});

import { ConfigError } from '@inlet/errors';
import type { ConfigProblem } from './config-problem';
import { DatasetConfigError } from './config-problem';
import { parseDatasetConfig, parseDatasetConfigText } from './parse-config';
import { withValue, writeValidConfig } from './valid-config.test-support';

type Path = readonly (string | number)[];

function problemsOf(json: unknown): readonly ConfigProblem[] {
  try {
    parseDatasetConfig(json);
  } catch (error) {
    if (error instanceof DatasetConfigError) return error.problems;
    throw error;
  }
  return [];
}

function problemsAfter(...changes: [Path, unknown][]): readonly ConfigProblem[] {
  return problemsOf(changes.reduce((json: unknown, [path, value]) => withValue(json, path, value), writeValidConfig()));
}

const SOURCES = [
  { name: 'first', source_url: 'https://example.org/1.zip', members: ['1.txt'] },
  { name: 'second', source_url: 'https://example.org/2.zip', members: ['2.txt'] },
];

describe('parseDatasetConfig', () => {
  it('fills in the defaults of the schema', () => {
    const config = parseDatasetConfig(writeValidConfig());
    expect(config.format).toEqual({ delimiter: ',', encoding: 'utf-8', quoting: true, header: true, null_tokens: [''] });
    expect(config.data_quality.row_count_change).toEqual({ max_drop: 0.5, max_growth: 2 });
    expect(config.tables[0]?.columns[0]).toEqual({ name: 'code', source: 'Code', aliases: [], optional: false });
    expect(config.glue_version).toBe('5.0');
  });

  it('keeps what is written at other values than the defaults', () => {
    const config = parseDatasetConfig(withValue(writeValidConfig(), ['format'], { quoting: false, header: true, encoding: 'windows-1252', delimiter: '\t' }));
    expect(config.format).toMatchObject({ quoting: false, encoding: 'windows-1252', delimiter: '\t' });
  });

  it('turns source_url into the only source, named like the dataset in snake case', () => {
    const config = parseDatasetConfig({ ...writeValidConfig(), $schema: 'x.json' });
    expect(config.sources).toEqual([{ name: 'drug_codes', source_url: 'https://example.org/codes.zip', headers: { 'User-Agent': 'Inlet/0.1' }, members: ['*'] }]);
    expect(Object.keys(config)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(source_url|source_headers|\$schema)$/)]));
  });

  it('keeps several sources in their order', () => {
    const json = withValue(withValue({ ...writeValidConfig(), sources: SOURCES }, ['source_url'], undefined), ['source_headers'], undefined);
    expect(parseDatasetConfig(json).sources.map(({ name }) => name)).toEqual(['first', 'second']);
  });

  it('freezes the config at every level', () => {
    const config = parseDatasetConfig(writeValidConfig());
    const unfrozen: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) unfrozen.push(path);
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
    };
    visit(config, 'config');
    expect(unfrozen).toEqual([]);
    expect(() => config.samples.push('samples/two.zip')).toThrow(TypeError);
  });

  it('leaves the value that it was given as it was', () => {
    const json = writeValidConfig();
    parseDatasetConfig(json);
    expect(json).toEqual(writeValidConfig());
    expect(Object.isFrozen(json.tables)).toBe(false);
  });
});

describe('the problems of a config', () => {
  it('are reported together, those between keys beside those within one', () => {
    const problems = problemsAfter(
      [['tables', 0, 'columns', 2, 'name'], 'End Date'],
      [['models', 0, 'parent'], 'code'],
      [['schedule', 'time_zone'], 'America/New_Yrok'],
      [['owner'], undefined],
      [['retension'], {}],
    );
    expect(problems.map(({ path }) => path).sort()).toEqual(['models[0].parent', 'owner', 'retension', 'schedule.time_zone', 'tables[0].columns[2].name']);
  });

  it('make one message, a line for each, with path, expected and found', () => {
    const json = withValue(withValue(writeValidConfig(), ['tables', 0, 'columns', 2, 'name'], 'End Date'), ['retension'], {});
    expect(() => parseDatasetConfig(json, { file: 'domains/drug-codes/config/dataset.json' })).toThrow(
      new Error(
        [
          "The dataset's configuration has 2 problems (domains/drug-codes/config/dataset.json). Correct them, as docs/reference/dataset-config.md says:",
          '  tables[0].columns[2].name: expected a snake_case name: a-z, 0-9 and _, beginning with a letter, found "End Date"',
          '  retension: expected a known key (did you mean "retention"?), found an unknown one',
        ].join('\n'),
      ),
    );
  });

  it('are a ConfigError, by class and by name', () => {
    const error = new DatasetConfigError([{ path: 'owner', expected: 'a text', found: 'nothing' }]);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.name).toBe('ConfigError');
  });

  it('are listed up to a hundred, and counted beyond', () => {
    const columns = Array.from({ length: 150 }, (_, index) => ({ name: `c${index}`, source: `C${index}`, wrong: true }));
    const json = withValue(writeValidConfig(), ['tables', 0, 'columns'], columns);
    expect(problemsOf(json)).toHaveLength(150);
    expect(() => parseDatasetConfig(json)).toThrow(/wrong: expected a known key, found an unknown one\n {2}… and 50 more$/);
  });

  it.each<[string, Path, unknown, ConfigProblem]>([
    ['a missing key', ['owner'], undefined, { path: 'owner', expected: 'a text', found: 'nothing' }],
    ['an empty text', ['owner'], '', { path: 'owner', expected: 'at least 1 character', found: '""' }],
    ['a wrong type', ['tables'], 'codes', { path: 'tables', expected: 'a list', found: '"codes"' }],
    ['an empty list', ['models'], [], { path: 'models', expected: 'at least 1 entry', found: 'an empty list' }],
    ['null', ['schedule'], null, { path: 'schedule', expected: 'an object', found: 'null' }],
    ['a fraction', ['number_of_workers'], 2.5, { path: 'number_of_workers', expected: 'a whole number', found: 'the number 2.5' }],
    ['a number too large', ['number_of_workers'], 300, { path: 'number_of_workers', expected: 'at most 299', found: 'the number 300' }],
    ['a choice that is none', ['contract'], { new_columns: 'ignore' }, { path: 'contract.new_columns', expected: 'one of "allow", "reject"', found: '"ignore"' }],
    ['two characters', ['format', 'delimiter'], '||', { path: 'format.delimiter', expected: 'exactly 1 character', found: '"||"' }],
    ['a URL of another kind', ['source_url'], 'ftp://example.org/a', { path: 'source_url', expected: 'a URL that begins with http:, https: or file:', found: '"ftp://example.org/a"' }],
    ['a relative path as URL', ['source_url'], '../a.zip', { path: 'source_url', expected: 'a URL that begins with http:, https: or file:', found: 'a text that is no URL' }],
    ['a mistyped key', ['tables', 0, 'columns', 0, 'alias'], [], { path: 'tables[0].columns[0].alias', expected: 'a known key (did you mean "aliases"?)', found: 'an unknown one' }],
    ['a key of another kind', ['x y'], 1, { path: '["x y"]', expected: 'a known key', found: 'an unknown one' }],
    ['__proto__', ['__proto__'], {}, { path: '__proto__', expected: 'a known key', found: 'an unknown one' }],
    ['__proto__ in a record', ['source_headers', '__proto__'], 'x', { path: 'source_headers.__proto__', expected: 'a known key', found: 'an unknown one' }],
    ['a record key', ['models', 0, 'null_thresholds'], { 'End Date': 1 }, { path: 'models[0].null_thresholds["End Date"]', expected: 'a key that is a snake_case name: a-z, 0-9 and _, beginning with a letter', found: 'this one' }],
    ['an entry of a list', ['samples', 0], '../etc/passwd', { path: 'samples[0]', expected: 'a path of the form samples/<file>', found: '"../etc/passwd"' }],
  ])('name %s', (_what, path, value, problem) => {
    expect(problemsAfter([path, value])).toEqual([problem]);
  });

  it.each([[[]], ['text'], [null], [7], [undefined]])('name %j as no config at all', (json) => {
    expect(problemsOf(json)).toEqual([expect.objectContaining({ path: '(whole config)', expected: 'an object' })]);
  });
});

describe('the rules between keys', () => {
  it.each<[string, [Path, unknown][], string, RegExp, RegExp]>([
    ['a source', [[['source_url'], undefined], [['source_headers'], undefined]], 'source_url', /a source_url, or a list of sources/, /neither/],
    ['one way to name sources', [[['sources'], SOURCES]], 'sources', /either/, /both/],
    ['source headers only with source_url', [[['sources'], SOURCES], [['source_url'], undefined]], 'source_headers', /within each entry/, /beside sources/],
    ['unique source names', [[['sources'], [SOURCES[0], { ...SOURCES[1], name: 'first' }]], [['source_url'], undefined], [['source_headers'], undefined]], 'sources[1].name', /source name/, /"first", as at sources\[0\]\.name/],
    ['unique source URLs', [[['sources'], [SOURCES[0], { ...SOURCES[1], source_url: SOURCES[0]!.source_url }]], [['source_url'], undefined], [['source_headers'], undefined]], 'sources[1].source_url', /no other source/, /1\.zip/],
    ['source members that tell sources apart', [[['sources'], SOURCES.map(({ members: _members, ...source }) => source)], [['source_url'], undefined], [['source_headers'], undefined]], 'sources[1].members[0]', /member pattern/, /"\*"/],
    ['no quote as delimiter', [[['format', 'delimiter'], '"']], 'format.delimiter', /no quote/, /\\"/],
    ['no line break as delimiter', [[['format', 'delimiter'], '\n']], 'format.delimiter', /line break/, /\\n/],
    ['null tokens once each', [[['format', 'null_tokens'], ['', 'NA', '']]], 'format.null_tokens[2]', /not in the list/, /""/],
    ['unique table names', [[['tables', 1], { name: 'codes', members: ['b'], columns: [{ name: 'a', source: 'A' }] }]], 'tables[1].name', /table name/, /"codes"/],
    ['member patterns of one table only', [[['tables', 1], { name: 'other', members: ['CODES*.csv'], columns: [{ name: 'a', source: 'A' }] }]], 'tables[1].members[0]', /member pattern/, /CODES/],
    ['member patterns inside the archive', [[['tables', 0, 'members', 0], '../codes.csv']], 'tables[0].members[0]', /inside an archive/, /\.\./],
    ['unique column names', [[['tables', 0, 'columns', 1, 'name'], 'code']], 'tables[0].columns[1].name', /column name/, /"code", as at tables\[0\]\.columns\[0\]\.name/],
    ['an alias that is no other column', [[['tables', 0, 'columns', 1, 'aliases', 0], ' CODE ']], 'tables[0].columns[1].aliases[0]', /source name or alias/, /as at tables\[0\]\.columns\[0\]\.source/],
    ['an alias of one column only', [[['tables', 0, 'columns', 2, 'aliases'], ['title']]], 'tables[0].columns[2].aliases[0]', /alias/, /as at tables\[0\]\.columns\[1\]\.aliases\[1\]/],
    ['source names with letters', [[['tables', 0, 'columns', 0, 'source'], '  ']], 'tables[0].columns[0].source', /not all spaces/, /" {2}"/],
    ['no aliases without a header', [[['format', 'header'], false]], 'tables[0].columns[1].aliases', /format\.header is false/, /2/],
    ['optional columns last without a header', [[['format', 'header'], false], [['tables', 0, 'columns'], [{ name: 'a', source: 'A', optional: true }, { name: 'b', source: 'B' }]]], 'tables[0].columns[0].optional', /last/, /behind/],
    ['a column by which a table is recognised', [[['tables', 0, 'columns'], [{ name: 'a', source: 'A', optional: true }]]], 'tables[0].columns', /not optional/, /optional/],
    ['unique model names', [[['models', 1], { name: 'codes', key: ['code'] }]], 'models[1].name', /model name/, /"codes"/],
    ['a parent that is a table', [[['models', 0, 'parent'], 'code']], 'models[0].parent', /did you mean "codes"/, /"code"/],
    ['unique key columns', [[['models', 0, 'key'], ['code', 'code']]], 'models[0].key[1]', /key column/, /"code"/],
    ['required columns once each', [[['data_quality'], { required_columns: ['code', 'code'] }]], 'data_quality.required_columns[1]', /column/, /"code"/],
    ['orderings that are terms', [[['models', 0, 'order_by', 0], 'code; drop table x']], 'models[0].order_by[0]', /ordering term/, /drop/],
    ['no nulls in required columns', [[['models', 0, 'null_thresholds'], { code: 0.1 }]], 'models[0].null_thresholds.code', /0 or no threshold/, /0\.1/],
    ['a splitted table that is one', [[['models', 0, 'parent'], undefined], [['models', 0, 'splits'], { table: 'code' }]], 'models[0].splits.table', /did you mean "codes"/, /"code"/],
    ['a parent or a table to split', [[['models', 0, 'splits'], { table: 'codes' }]], 'models[0].splits', /either parent or splits/, /both/],
    ['a condition for rows that are empty', [[['models', 0, 'parent'], undefined], [['models', 0, 'splits'], { table: 'codes', empty: 'true; drop table x' }]], 'models[0].splits.empty', /one SQL condition/, /drop/],
    ['pii columns once each', [[['models', 0, 'pii'], ['label', 'label']]], 'models[0].pii[1]', /column/, /"label"/],
    ['settings of the mask\'s own method', [[['models', 0, 'masks'], { label: { method: 'hash', keep_last: 4 } }]], 'models[0].masks.label.keep_last', /"hash"/, /4/],
    ['a text only where it is redacted', [[['models', 0, 'masks'], { label: { method: 'partial', text: 'x' } }]], 'models[0].masks.label.text', /"partial"/, /x/],
    ['keys that stay apart when they are masked', [[['models', 0, 'masks'], { code: { method: 'redact' } }]], 'models[0].masks.code.method', /"hash", since the column is part of the key/, /"redact"/],
    ['an id that is no other dataset\'s schema', [[['dataset'], 'codes-bronze']], 'dataset', /clashes with no query schema/, /codes-bronze/],
    ['an id that is no schema of the engine', [[['dataset'], 'information-schema']], 'dataset', /engine's own/, /information-schema/],
    ['column names that the engine leaves free', [[['tables', 0, 'columns', 1, 'name'], 'file_row_number']], 'tables[0].columns[1].name', /another name/, /file_row_number/],
    ['a readable schedule', [[['schedule', 'expression'], 'cron(30 6 * * ?)']], 'schedule.expression', /6 fields/, /5/],
    ['a time zone that exists', [[['schedule', 'time_zone'], 'America/New_Yrok']], 'schedule.time_zone', /did you mean "America\/New_York"/, /Yrok/],
    ['a time zone by name', [[['schedule', 'time_zone'], '+05:00']], 'schedule.time_zone', /IANA/, /\+05:00/],
    ['samples once each', [[['samples', 1], 'samples/one.zip']], 'samples[1]', /sample/, /one\.zip/],
    ['room for what is expanded', [[['limits'], { max_source_bytes: 10, max_expanded_bytes: 9 }]], 'limits.max_expanded_bytes', /at least limits\.max_source_bytes, which is 10/, /9/],
    ['two Glue jobs', [[['silver_job_name'], 'inlet-codes-bronze']], 'silver_job_name', /another name/, /inlet-codes-bronze/],
    ['a recent Glue', [[['glue_version'], '3.0']], 'glue_version', /"4\.0" or newer/, /"3\.0"/],
    ['a snake_case database', [[['database_name'], 'Inlet-Codes']], 'database_name', /snake_case/, /Inlet-Codes/],
  ])('demand %s', (_what, changes, path, expected, found) => {
    const problems = problemsAfter(...changes);
    expect(problems).toEqual([{ path, expected: expect.stringMatching(expected), found: expect.stringMatching(found) }]);
  });

  it.each([
    ['a table named like a model', ['models', 0, 'name'], 'tables'],
    ['no header and no aliases', ['format'], { header: false }],
    ['a rate', ['schedule'], { expression: 'rate(1 days)' }],
    ['the time zone UTC', ['schedule', 'time_zone'], 'UTC'],
    ['an old name of a time zone', ['schedule', 'time_zone'], 'Asia/Calcutta'],
    ['a threshold of 0 for a key', ['models', 0, 'null_thresholds'], { code: 0, ended: 0.5 }],
    ['masks of every method', ['models', 0, 'masks'], { code: { method: 'hash' }, label: { method: 'redact', text: 'x' }, ended: { method: 'partial', keep_first: 1, keep_last: 0 } }],
    ['a file URL', ['source_url'], 'file:///data/codes.csv'],
    ['a query without secrets', ['source_url'], 'https://example.org/a?format=csv&page=1'],
  ])('allow %s', (_what, path, value) => {
    const json = withValue(withValue(writeValidConfig(), ['tables', 0, 'columns', 1, 'aliases'], []), path, value);
    expect(problemsOf(json)).toEqual([]);
  });
});

describe('secrets in a config', () => {
  it.each([
    ['a key in the query', ['source_url'], 'https://example.org/a?url=x&apiKey=s3cr3t', 'source_url'],
    ['a signature in the query', ['source_url'], 'https://example.org/a?X-Amz-Signature=s3cr3t', 'source_url'],
    ['user info', ['source_url'], 'https://me:s3cr3t@example.org/a', 'source_url'],
    ['an Authorization header', ['source_headers', 'authorization'], 's3cr3t', 'source_headers.authorization'],
    ['a Cookie', ['source_headers', 'Cookie'], 'session=s3cr3t', 'source_headers.Cookie'],
    ['an API key header', ['source_headers', 'X-API-Key'], 's3cr3t', 'source_headers["X-API-Key"]'],
    ['a bearer token by its value', ['source_headers', 'X-Access'], 'Bearer s3cr3t', 'source_headers["X-Access"]'],
    ['a header of the wrong type beside a secret URL', ['source_url'], 'ftp://me:s3cr3t@example.org/a?token=s3cr3t', 'source_url'],
    ['a secret in what is no URL', ['source_url'], 'me:s3cr3t@example.org', 'source_url'],
    ['a secret URL in another key', ['glue_version'], 'https://example.org/?token=s3cr3t', 'glue_version'],
  ])('are refused and never repeated: %s', (_what, path, value, at) => {
    const json = withValue(writeValidConfig(), path, value);
    expect(problemsOf(json).map((problem) => problem.path)).toEqual([at]);
    expect(JSON.stringify(problemsOf(json))).not.toContain('s3cr3t');
  });

  it.each([
    ['Range', 'bytes=0-1', /download sets itself/],
    ['X-Note', 'a\r\nHost: b', /one line/],
  ])('a header that cannot be sent is refused: %s', (name, value, expected) => {
    expect(problemsAfter([['source_headers', name], value])).toEqual([expect.objectContaining({ expected: expect.stringMatching(expected) })]);
  });

  it('a header is given once, whatever its case', () => {
    expect(problemsAfter([['source_headers', 'user-agent'], 'x'])).toEqual([expect.objectContaining({ path: 'source_headers["user-agent"]' })]);
  });
});

describe('parseDatasetConfigText', () => {
  it('reads JSON with or without a byte order mark', () => {
    const text = JSON.stringify(writeValidConfig());
    expect(parseDatasetConfigText(`\uFEFF${text}`)).toEqual(parseDatasetConfigText(text));
  });

  it('names line and column where the text is no JSON', () => {
    const text = '{\n  "dataset": "a",\n  "owner": "b"\n  "cost_center": "c"\n}';
    expect(() => parseDatasetConfigText(text, { file: 'a/config/dataset.json' })).toThrow(
      'The dataset\'s configuration has a problem (a/config/dataset.json). Correct it, as docs/reference/dataset-config.md says:\n  line 4, column 3: expected a comma or }, found "\\""',
    );
  });

  it('refuses a key that is written twice, of which JSON.parse keeps the last in silence', () => {
    expect(() => parseDatasetConfigText('{ "owner": "a",\n "owner": "b" }')).toThrow(/line 2, column 2: expected a key that the object does not have yet, found "owner" again/);
  });
});

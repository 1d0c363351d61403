/** `inlet check` over real files, without a workspace around them. */
import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseRuleset } from '@inlet/quality';
import { captureContext, type CapturedContext } from '../capture.test-support';
import { runCommandLine } from '../main';
import { displayWidth } from '../render/display-width';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'inlet-check-'));
  write('products.csv', 'id,code,price,email\n1,007,9.5,a@x.org\n2,008,,b@x.org\n3,0x9,-1,c@x.org\n4,010,4,c@x.org\n');
  rules('IsComplete "id"', 'Completeness "price" > 0.9', 'ColumnValues "price" >= 0', 'IsComplete "no_such"');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, text);
  return file;
}

const rules = (...list: string[]) => write('rules.dqdl', `Rules = [\n${list.join(',\n')}\n]\n`);

async function inlet(argv: string[], columns?: number): Promise<CapturedContext> {
  const context = captureContext({ cwd: dir, installRoot: dir, ...(columns !== undefined && { columns }) });
  await runCommandLine(context, argv);
  return context;
}

const check = (...more: string[]) => inlet(['check', '--rules', 'rules.dqdl', '--data', 'products.csv', ...more]);
const documentOf = ({ stdout }: CapturedContext) => JSON.parse(stdout.text);

describe('inlet check', () => {
  it('prints one document with --json, and ends with 3 where a rule fails or cannot be judged', async () => {
    const context = await check('--json');
    expect(context.exitCode).toBe(3);
    expect(documentOf(context)).toEqual({
      outcome: 'failed',
      rules: [
        { rule: 'IsComplete "id"', outcome: 'passed', metrics: { 'Column.id.Completeness': 1 }, reason: null, failedRows: 0 },
        { rule: 'Completeness "price" > 0.9', outcome: 'failed', metrics: { 'Column.price.Completeness': 0.75 }, reason: expect.stringContaining('0.75'), failedRows: 1 },
        { rule: 'ColumnValues "price" >= 0', outcome: 'failed', metrics: expect.any(Object), reason: expect.any(String), failedRows: 2 },
        { rule: 'IsComplete "no_such"', outcome: 'error', metrics: {}, reason: expect.stringContaining('no_such'), failedRows: null },
      ],
      rows: 4,
    });
  });

  it('ends with 0 when all pass, and with 3 when the only trouble is a rule in error', async () => {
    rules('IsComplete "id"', 'RowCount = 4');
    const passed = await check();
    expect([passed.exitCode, passed.stdout.text.split('\n').at(-2)]).toEqual([0, 'Passed. 2 rules: 2 passed; 4 rows of products.csv']);
    rules('Mean "no_such" > 1');
    const error = await check();
    expect([error.exitCode, error.stdout.text.split('\n').at(-2)]).toEqual([3, 'Failed. 1 rule: 1 error; 4 rows of products.csv']);
  });

  it('prints a table, why rules did not pass, and progress on stderr alone', async () => {
    const { stdout, stderr } = await check();
    const lines = stdout.text.split('\n');
    expect(lines[0]).toMatch(/^outcome {2}failed rows {2}rule +metrics$/);
    expect(lines.filter((line) => /^(passed|failed|error) /.test(line)).map((line) => line.split(/ {2,}/)[0])).toEqual(['passed', 'failed', 'failed', 'error']);
    expect(stdout.text).toMatch(/✗ IsComplete "no_such"\n {4}.*no_such/);
    expect(stderr.text).toContain(`${path.join(dir, 'products.csv')}: 4 rows, 4 columns, separated by commas, with a header`);
    expect(`${stdout.text}${stderr.text}`).not.toContain('\x1b');
    expect((await check('--quiet')).stderr.text).toBe('');
  });

  it('keeps within 80 columns on a terminal', async () => {
    rules('ColumnValues "code" matches "[0-9]{3}" with threshold > 0.9', '(IsComplete "price") or (ColumnValues "email" in ["a@x.org", "b@x.org", "something that is long enough to be cut"])', 'Sum "no_such_column_of_a_long_name" between 1 and 2');
    const { stdout } = await inlet(['check', '--rules', 'rules.dqdl', '--data', 'products.csv'], 80);
    // eslint-disable-next-line no-control-regex
    for (const line of stdout.text.replace(/\x1b\[\d+m/g, '').split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(stdout.text).toContain('\x1b[');
  });

  it('compares with the files of --ref', async () => {
    write('known.jsonl', '{"id": 1}\n{"id": 2}\n{"id": 3}\n');
    rules('ReferentialIntegrity "id" "known.id" = 0.75', 'RowCountMatch "known" > 1');
    const context = await check('--ref', 'known=known.jsonl', '--json');
    expect(documentOf(context).rules.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['passed', 'passed']);
    expect(context.exitCode).toBe(0);
  });

  it('keeps the values as text with --all-text', async () => {
    rules('ColumnLength "price" between 0 and 4');
    write('products.csv', 'id,price\n1,9.5\n2,10\n');
    expect(documentOf(await check('--all-text', '--json')).rules[0]).toMatchObject({ outcome: 'passed' });
  });

  it('asks file rules of the data file itself', async () => {
    rules('FileSize < 1 KB', 'FileSize "." < 1 KB');
    expect(documentOf(await check('--json')).rules.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['passed', 'passed']);
  });

  it('shows what analyzers gathered', async () => {
    write('rules.dqdl', 'Rules = [ RowCount > 0 ] Analyzers = [ Completeness "price" ]');
    expect((await check()).stdout.text).toMatch(/^analyzed +value\n.*\nColumn\.price\.Completeness +0\.75\n/m);
  });

  it('names an analyzer that does not go with the file, and passes', async () => {
    write('rules.dqdl', 'Rules = [ RowCount > 0 ] Analyzers = [ Mean "prise" ]');
    const { stderr, exitCode } = await check('--quiet');
    expect(stderr.text).toMatch(/^warning: The analyzer Mean "prise" gathers nothing\. .*price/);
    expect(exitCode).toBe(0);
  });

  it('gives what the parser found odd on stderr, with its place', async () => {
    write('rules.dqdl', 'Analyzers = [ RowCount ]\nRules = [ RowCount > 0 ]');
    expect((await check('--quiet')).stderr.text).toMatch(/^warning: .*rules\.dqdl, line 2, column 1: /);
  });
});

describe('inlet check --failed-rows', () => {
  it('writes the rows that fail, with the rules, and says where', async () => {
    const { stdout, exitCode } = await check('--failed-rows', 'bad.csv');
    expect(exitCode).toBe(3);
    expect(stdout.text).toContain(`2 rows written to ${path.join(dir, 'bad.csv')}`);
    expect(readFileSync(path.join(dir, 'bad.csv'), 'utf8').split('\n').sort()).toEqual([
      '',
      '2,008,,b@x.org,"Completeness ""price"" > 0.9; ColumnValues ""price"" >= 0"',
      '3,0x9,-1.0,c@x.org,"ColumnValues ""price"" >= 0"',
      'id,code,price,email,_rules',
    ]);
    expect(readdirSync(dir).sort()).toEqual(['bad.csv', 'products.csv', 'rules.dqdl']);
  });

  it('says on stderr which rules that failed do not tell their rows', async () => {
    rules('CustomSql "select id from primary where price > 0"', 'RowCount > 10', 'RowCount = 4', 'IsComplete "price"');
    const { stderr, stdout } = await check('--failed-rows', 'bad.csv', '--quiet');
    expect(stderr.text.split('\n')).toEqual([
      expect.stringMatching(/^warning: --failed-rows has no row of a rule that failed, .*: CustomSql "select id from primary where price > 0"$/),
      expect.stringMatching(/^warning: .*: RowCount > 10$/),
      '',
    ]);
    expect(stdout.text).toContain('1 row written to');
  });

  it('has the remark on a rule that passed', async () => {
    rules('DetectAnomalies "RowCount"');
    expect((await check()).stdout.text).toMatch(/\n✓ DetectAnomalies "RowCount"\n {4}\S.*\n/);
  });

  it('leaves personal columns out of the file, and out of all that is said', async () => {
    rules('IsUnique "email"', 'ColumnValues "email" in ["a@x.org"]');
    const { stdout, stderr } = await check('--failed-rows', 'bad.json', '--pii', 'EMAIL', '--json');
    const rows = JSON.parse(readFileSync(path.join(dir, 'bad.json'), 'utf8'));
    expect(rows.map((row: object) => Object.keys(row))).toContainEqual(['id', 'code', 'price', '_rules']);
    const said = `${JSON.stringify(rows)}${stdout.text}${stderr.text}`;
    expect(said).not.toMatch(/[bc]@x\.org/);
  });

  it.each(['products.csv', './products.csv', 'link.csv', 'hard.csv', 'rules.dqdl', 'ref.csv'])('refuses to overwrite a file that it reads: %s', async (target) => {
    symlinkSync(path.join(dir, 'products.csv'), path.join(dir, 'link.csv'));
    linkSync(path.join(dir, 'products.csv'), path.join(dir, 'hard.csv'));
    write('ref.csv', 'a\n1\n');
    const before = readFileSync(path.join(dir, 'products.csv'), 'utf8');
    const { exitCode, stderr } = await check('--failed-rows', target, '--ref', 'r=ref.csv');
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain('would overwrite a file that is read');
    expect(readFileSync(path.join(dir, 'products.csv'), 'utf8')).toBe(before);
  });
});

describe('Ctrl-C', () => {
  it('ends a check with 1, says so, and leaves no file and no listener behind', async () => {
    const listeners = process.listenerCount('SIGINT');
    rules('CustomSql "select bit_xor(hash(a.i, b.i)) from range(100000) a(i), range(200000) b(i)" > 0');
    const ended = check('--failed-rows', 'bad.csv');
    while (process.listenerCount('SIGINT') === listeners) await new Promise((resolve) => setTimeout(resolve, 5));
    process.emit('SIGINT');
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(1);
    expect(stderr.text).toContain('The check was interrupted: found SIGINT.');
    expect(readdirSync(dir).sort()).toEqual(['products.csv', 'rules.dqdl']);
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });
});

describe('inlet check refuses, with 2,', () => {
  it('a wrong ruleset, with the place, what could stand there and the nearest right word', async () => {
    rules('IsComplete "id"', 'IsUniqe "id"');
    const context = await check('--json');
    expect(context.exitCode).toBe(2);
    expect(documentOf(context).error.name).toBe('RulesetError');
    expect(context.stderr.text).toMatch(/rules\.dqdl[^]*line 3, column 1: .*IsUniqe.*did you mean `IsUnique`\?/);
  });

  it.each([
    [['--rules', 'rules.dqdl', '--data', 'nowhere.csv'], /no such data file.*nowhere\.csv/],
    [['--rules', 'nowhere.dqdl', '--data', 'products.csv'], /ruleset cannot be read.*nowhere\.dqdl/],
    [['--data', 'products.csv'], /no rules to check.*--suggest/],
    [['--rules', 'rules.dqdl'], /required option '--data <file>'/],
    [['--rules', 'rules.dqdl', '--data', 'products.csv', '--ref', 'known'], /no reference.*--ref name=file/],
    [['--rules', 'rules.dqdl', '--data', 'products.csv', '--ref', 'a=x', '--ref', 'a=y'], /name that is taken/],
    [['--rules', 'rules.dqdl', '--data', 'products.csv', '--ref', 'a=nowhere.csv'], /no such data file.*nowhere\.csv/],
    [['--rules', 'rules.dqdl', '--data', 'products.csv', '--pii', 'emial'], /no such column.*Did you mean "email"\?/],
    [['--rules', 'rules.dqdl', '--data', 'products.csv', '--failed-rows', 'out.xlsx'], /cannot be written/],
    [['--rules', 'rules.dqdl', '--data', 'products.csv', '--failed-rows', 'no/such/out.csv'], /no folder/],
    [['--rules', 'rules.dqdl', '--data', 'products.csv', '--aws'], /without a lake/],
    [['--suggest', '--rules', 'rules.dqdl', '--data', 'products.csv'], /--suggest and --rules exclude each other/],
    [['--suggest', '--failed-rows', 'x.csv', '--data', 'products.csv'], /--suggest and --failed-rows exclude each other/],
    [['--suggest', '--data', 'nowhere.csv'], /no such data file/],
  ])('%j', async (argv, message) => {
    const { exitCode, stdout, stderr } = await inlet(['check', ...argv]);
    expect(exitCode).toBe(2);
    expect(stderr.text).toMatch(message);
    expect(stdout.text).toBe('');
    expect(stderr.text).not.toMatch(/^\s+at /m);
  });

  it('a damaged data file, by name and line', async () => {
    write('products.csv', 'id,price\n1,2\n3\n');
    const { exitCode, stderr } = await check();
    expect(exitCode).toBe(2);
    expect(stderr.text).toMatch(/products\.csv.*expected 2 fields a line, found 1 on line 3/);
  });
});

describe('inlet check --suggest', () => {
  it('proposes a ruleset that parses, holds for the data, and has its figures as comments', async () => {
    const { stdout, stderr, exitCode } = await inlet(['check', '--suggest', '--data', 'products.csv']);
    expect(exitCode).toBe(0);
    expect(stderr.text).toContain('4 rows');
    expect(stdout.text).toMatch(/^ *# .*4 rows/m);
    write('rules.dqdl', stdout.text);
    expect(parseRuleset(stdout.text).rules.length).toBeGreaterThan(3);
    expect((await check()).exitCode).toBe(0);
  });

  it('is one document with --json, and shows no value of a personal column', async () => {
    const proposal = documentOf(await inlet(['check', '--suggest', '--data', 'products.csv', '--json', '--pii', 'price']));
    expect(proposal).toEqual({ ruleset: expect.stringContaining('Rules = ['), rules: expect.any(Array), rows: 4 });
    expect(proposal.rules).toContainEqual({ rule: 'ColumnCount = 4', figures: expect.stringContaining('4') });
    expect(proposal.ruleset).not.toContain('9.5');
  });
});

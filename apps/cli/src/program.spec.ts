import type { Command } from 'commander';
import { captureContext } from './capture.test-support';
import { buildProgram, type CommandHandlers } from './program';
import { examplesOf } from './reference';

type Call = [command: string, ...args: unknown[]];

function recordCalls(): { calls: Call[]; handlers: CommandHandlers } {
  const calls: Call[] = [];
  const record = (name: string) => async (_context: unknown, ...args: unknown[]) => void calls.push([name, ...args]);
  const names = ['run', 'status', 'history', 'show', 'query', 'check', 'quality', 'replay', 'rollback', 'redrive', 'gc', 'doctor'];
  return { calls, handlers: Object.fromEntries(names.map((name) => [name, record(name)])) as unknown as CommandHandlers };
}

async function parse(...argv: string[]): Promise<Call[]> {
  const { calls, handlers } = recordCalls();
  await buildProgram(captureContext(), handlers).parseAsync(argv, { from: 'user' });
  return calls;
}

/** Words of a shell line without redirection, pipes and comments; enough for our own examples. */
function splitShell(line: string): string[] {
  const command = line.replace(/ {2}# .*$| [|>] .*$/, '');
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe('buildProgram', () => {
  it('passes arguments, own and common options to the command, wherever they stand', async () => {
    expect(await parse('--lake', '/l', 'run', 'nsde', '--source', 'a', '--json', '--source', 'b', '--force')).toEqual([
      ['run', 'nsde', { lake: '/l', source: ['a', 'b'], json: true, force: true, engine: 'auto' }],
    ]);
    expect(await parse('status', '--aws', '--profile', 'p', '--region', 'eu-west-1')).toEqual([['status', { aws: true, profile: 'p', region: 'eu-west-1' }]]);
    expect(await parse('query', 'select 1', '--rows', 'all')).toEqual([['query', 'select 1', { rows: Infinity }]]);
    expect(await parse('check', '--data', 'd.csv', '--rules', 'r', '--ref', 'a=1', '--pii', 'x', '--ref', 'b=2')).toEqual([['check', { data: 'd.csv', rules: 'r', ref: ['a=1', 'b=2'], pii: ['x'] }]]);
    expect(await parse('quality', 'nsde', '--history')).toEqual([['quality', 'nsde', { history: true, limit: 20 }]]);
    expect(await parse('gc', '--dry-run')).toEqual([['gc', { dryRun: true }]]);
    expect(await parse('replay', 'nsde', '--run', 'x')).toEqual([['replay', 'nsde', { run: 'x' }]]);
    expect(await parse('replay', 'nsde', '--aws')).toEqual([['replay', 'nsde', { aws: true }]]);
    expect(await parse('rollback', 'nsde', '--to', 'x')).toEqual([['rollback', 'nsde', { to: 'x' }]]);
  });

  it.each([
    [['run'], /missing required argument 'dataset'/],
    [['run', 'nsde', 'cder'], /too many arguments/],
    [['run', 'nsde', '--engine', 'flink'], /Allowed choices are auto, duckdb, spark/],
    [['history', 'nsde', '--limit', '0'], /Expected a whole number from 1/],
    [['query', 'x', '--rows', '-1'], /argument missing|Expected a whole number/],
    [['check', '--rules', 'r.dqdl'], /required option '--data <file>' not specified/],
    [['hsitory', 'nsde'], /Did you mean history\?/],
    [['run', 'nsde', '--smaple'], /Did you mean --sample\?/],
    [['status', '--lkae', 'x'], /Did you mean --lake\?/],
  ])('refuses %j and says why', async (argv, message) => {
    const { handlers, calls } = recordCalls();
    const context = captureContext();
    await expect(buildProgram(context, handlers).parseAsync(argv, { from: 'user' })).rejects.toMatchObject({ exitCode: 1 });
    expect(context.stderr.text).toMatch(message);
    expect(calls).toEqual([]);
  });

  it('has only examples that parse, in every command\'s help', async () => {
    const program = buildProgram(captureContext(), recordCalls().handlers);
    const commands: Command[] = [program, ...program.commands];
    const examples = commands.flatMap(examplesOf);
    expect(examples.length).toBeGreaterThan(15);
    for (const example of examples) {
      const [npx, inlet, ...argv] = splitShell(example);
      expect([npx, inlet]).toEqual(['npx', 'inlet']);
      expect(await parse(...argv)).toHaveLength(1);
    }
  });

  it('explains the exit codes in every command\'s help', () => {
    for (const command of buildProgram(captureContext(), recordCalls().handlers).commands) {
      let text = '';
      command.configureOutput({ writeOut: (part) => (text += part) });
      command.outputHelp();
      expect(text).toContain('3 rejected by a gate');
    }
  });
});

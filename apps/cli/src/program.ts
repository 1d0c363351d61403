/** The command line's shape: commands, options and help. Loads nothing that a command needs, so that `--help` is instant. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CliContext, CommonOptions } from './context';
import { EXIT_CODES_HELP, HELP } from './help-text';

export interface RunOptions extends CommonOptions {
  source?: string[];
  sample?: boolean;
  force?: boolean;
  engine: 'auto' | 'duckdb' | 'spark';
}

export interface QueryOptions extends CommonOptions {
  format?: 'table' | 'csv' | 'json';
  rows?: number;
  quarantineOf?: string;
}

export interface HistoryOptions extends CommonOptions {
  limit: number;
}

export interface RollbackOptions extends CommonOptions {
  to?: string;
}

export interface RedriveOptions extends CommonOptions {
  drop?: boolean;
}

export interface ReplayOptions extends CommonOptions {
  run?: string;
}

export interface GcOptions extends CommonOptions {
  dryRun?: boolean;
}

export interface CheckOptions extends CommonOptions {
  rules?: string;
  data: string;
  ref?: string[];
  failedRows?: string;
  pii?: string[];
  allText?: boolean;
  suggest?: boolean;
}

export interface QualityOptions extends CommonOptions {
  history?: boolean;
  limit: number;
}

/** The commands, each loading its own code when it is called. */
export interface CommandHandlers {
  run(context: CliContext, dataset: string, options: RunOptions): Promise<void>;
  status(context: CliContext, options: CommonOptions): Promise<void>;
  history(context: CliContext, dataset: string, options: HistoryOptions): Promise<void>;
  show(context: CliContext, runId: string, options: CommonOptions): Promise<void>;
  query(context: CliContext, sql: string, options: QueryOptions): Promise<void>;
  check(context: CliContext, options: CheckOptions): Promise<void>;
  quality(context: CliContext, dataset: string, options: QualityOptions): Promise<void>;
  replay(context: CliContext, dataset: string, options: ReplayOptions): Promise<void>;
  rollback(context: CliContext, dataset: string, options: RollbackOptions): Promise<void>;
  redrive(context: CliContext, dataset: string, options: RedriveOptions): Promise<void>;
  gc(context: CliContext, options: GcOptions): Promise<void>;
  doctor(context: CliContext, options: CommonOptions): Promise<void>;
}

/** The commander program. Parsing throws CommanderError instead of ending the process. */
export function buildProgram(context: CliContext, handlers: CommandHandlers): Command {
  const program = new Command('inlet')
    .description(HELP.inlet.description)
    .version('0.1.0', '-V, --version', 'print the version')
    .option('--lake <dir>', 'the lake\'s folder (default: $INLET_LAKE, or .inlet in the workspace)')
    .option('--aws', 'work on the lake deployed on AWS')
    .option('--profile <name>', 'with --aws: the profile of your AWS configuration (default: $AWS_PROFILE)')
    .option('--region <name>', 'with --aws: the region (default: $AWS_REGION, or the profile\'s)')
    .option('--json', 'print the result as one JSON document on stdout')
    .option('--quiet', 'show no progress')
    .option('--verbose', 'show stack traces')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: true, helpWidth: helpWidth(context) })
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .showHelpAfterError('Run `npx inlet --help` to see the commands and options.')
    .addHelpText('after', HELP.inlet.after);
  addRunCommands(program, context, handlers);
  addReadCommands(program, context, handlers);
  addQualityCommands(program, context, handlers);
  addUpkeepCommands(program, context, handlers);
  return program;
}

function addRunCommands(program: Command, context: CliContext, handlers: CommandHandlers): void {
  addCommand(program, 'run')
    .argument('<dataset>', 'the dataset\'s id, such as nsde')
    .option('--source <path|url>', 'take this file, folder or URL (with --aws: an https URL) instead of the configured sources; repeatable', collect)
    .option('--sample', 'take the next sample release that ships with the dataset')
    .option('--force', 'publish even when nothing changed')
    .addOption(new Option('--engine <name>', 'what transforms the data').choices(['auto', 'duckdb', 'spark']).default('auto'))
    .action((dataset: string, _own: unknown, command: Command) => handlers.run(context, dataset, command.optsWithGlobals<RunOptions>()));
  addCommand(program, 'replay')
    .argument('<dataset>', 'the dataset\'s id')
    .option('--run <run id>', 'the run to run again (default: the newest that was published or rejected)')
    .action((dataset: string, _own: unknown, command: Command) => handlers.replay(context, dataset, command.optsWithGlobals<ReplayOptions>()));
  addCommand(program, 'redrive')
    .argument('<dataset>', 'the dataset\'s id')
    .option('--drop', 'take the letter out without a run')
    .action((dataset: string, _own: unknown, command: Command) => handlers.redrive(context, dataset, command.optsWithGlobals<RedriveOptions>()));
  addCommand(program, 'rollback')
    .argument('<dataset>', 'the dataset\'s id')
    .option('--to <run id>', 'the release to return to (default: the one before the current)')
    .action((dataset: string, _own: unknown, command: Command) => handlers.rollback(context, dataset, command.optsWithGlobals<RollbackOptions>()));
}

function addReadCommands(program: Command, context: CliContext, handlers: CommandHandlers): void {
  addCommand(program, 'status').action((_own: unknown, command: Command) => handlers.status(context, command.optsWithGlobals<CommonOptions>()));
  addCommand(program, 'history')
    .argument('<dataset>', 'the dataset\'s id')
    .option('--limit <n>', 'how many runs to show', parseCount, 20)
    .action((dataset: string, _own: unknown, command: Command) => handlers.history(context, dataset, command.optsWithGlobals<HistoryOptions>()));
  addCommand(program, 'show')
    .argument('<run id>', 'the run\'s id, as history prints it')
    .action((runId: string, _own: unknown, command: Command) => handlers.show(context, runId, command.optsWithGlobals<CommonOptions>()));
  addCommand(program, 'query')
    .argument('<sql>', 'one SELECT in DuckDB\'s dialect (with --aws: Athena\'s)')
    .addOption(new Option('--format <name>', 'how to print the rows (default: table)').choices(['table', 'csv', 'json']))
    .addOption(new Option('--rows <n>', 'rows that a table shows, or "all" (default: 100 on a terminal, all elsewhere)').argParser(parseRowLimit))
    .option('--quarantine-of <run id>', 'ask what this run set aside, published or not, in place of what is published')
    .action((sql: string, _own: unknown, command: Command) => handlers.query(context, sql, command.optsWithGlobals<QueryOptions>()));
}

function addQualityCommands(program: Command, context: CliContext, handlers: CommandHandlers): void {
  addCommand(program, 'check')
    .requiredOption('--data <file>', 'the file to check: csv, tsv, txt, json, jsonl or ndjson, each also with .gz or .zst after it, or parquet')
    .option('--rules <file>', 'the ruleset, in DQDL')
    .option('--ref <name=file>', 'a file that rules compare with under this name; repeatable', collect)
    .option('--failed-rows <file>', 'write the rows that fail a rule, each with the rules in _rules: csv, tsv, json, jsonl, ndjson or parquet; JSON has NaN and Infinity as text')
    .option('--pii <column>', 'a column whose values are shown nowhere and left out of --failed-rows; repeatable', collect)
    .option('--all-text', 'keep every value of a delimited or JSON file as text, instead of the type that all values of its column have')
    .option('--suggest', 'propose a ruleset for the data, with the figures behind each rule')
    .action((_own: unknown, command: Command) => handlers.check(context, command.optsWithGlobals<CheckOptions>()));
  addCommand(program, 'quality')
    .argument('<dataset>', 'the dataset\'s id')
    .option('--history', 'show how each metric went, run by run')
    .option('--limit <n>', 'how many runs the history looks at', parseCount, 20)
    .action((dataset: string, _own: unknown, command: Command) => handlers.quality(context, dataset, command.optsWithGlobals<QualityOptions>()));
}

function addUpkeepCommands(program: Command, context: CliContext, handlers: CommandHandlers): void {
  addCommand(program, 'gc')
    .option('--dry-run', 'say what would be deleted, and delete nothing')
    .action((_own: unknown, command: Command) => handlers.gc(context, command.optsWithGlobals<GcOptions>()));
  addCommand(program, 'doctor').action((_own: unknown, command: Command) => handlers.doctor(context, command.optsWithGlobals<CommonOptions>()));
}

function addCommand(program: Command, name: Exclude<keyof typeof HELP, 'inlet'>): Command {
  const { summary, description, after } = HELP[name];
  return program.command(name).summary(summary).description(description).addHelpText('after', `${after}\n${EXIT_CODES_HELP}`);
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(text);
}

function parseRowLimit(text: string): number {
  return text === 'all' ? Infinity : parseCount(text);
}

function helpWidth({ stdout }: CliContext): number {
  return Math.min(100, stdout.columns ?? 80);
}

/** The reference page of the command line, written from the program itself, so that the two cannot differ. */
import { Writable } from 'node:stream';
import type { Command, Option } from 'commander';
import type { CliContext } from './context';
import { buildProgram, type CommandHandlers } from './program';

/** docs/reference/cli.md as Markdown. */
export function writeCliReference(): string {
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
  const context: CliContext = { stdout: sink, stderr: sink, env: {}, cwd: '/', installRoot: '/', exitCode: 0 };
  // Describing commands calls none of them.
  const program = buildProgram(context, {} as CommandHandlers);
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  const sections = [
    '<!-- Generated from apps/cli/src/program.ts by `npm run docs`. Do not edit. -->',
    '# The command line',
    program.description(),
    'The result goes to stdout, progress to stderr. From the repository\'s root, call it as `npx inlet`.',
    '## Exit codes',
    table(['code', 'meaning'], [['0', 'published or unchanged'], ['1', 'failed'], ['2', 'wrong usage or config'], ['3', 'rejected by a gate']]),
    '## Options of every command',
    optionTable(help.visibleOptions(program)),
    ...commands.flatMap(describeCommand),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function describeCommand(command: Command): string[] {
  const help = command.createHelp();
  const args = command.registeredArguments.map((argument) => [`\`<${argument.name()}>\``, argument.description]);
  const options = help.visibleOptions(command).filter((option) => option.long !== '--help');
  return [
    `## inlet ${command.name()}`,
    quotePlaceholders(command.description()),
    `\`\`\`\ninlet ${command.name()} ${command.usage()}\n\`\`\``,
    args.length === 0 ? '' : table(['argument', 'meaning'], args),
    options.length === 0 ? '' : optionTable(options),
    `\`\`\`sh\n${examplesOf(command).join('\n')}\n\`\`\``,
  ];
}

/** The pasteable lines of a command's help, without prompt. */
export function examplesOf(command: Command): string[] {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text.split('\n').flatMap((line) => (line.startsWith('  $ ') ? [line.slice(4).replace(/ {2,}(?=\S)/, '  # ')] : []));
}

/** Markdown would take `<dataset>` for a tag. */
function quotePlaceholders(text: string): string {
  return text.replace(/<[\w ]+>\w*/g, '`$&`');
}

function optionTable(options: readonly Option[]): string {
  return table(['option', 'meaning'], options.map((option) => [`\`${option.flags}\``, describeOption(option)]));
}

function describeOption({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? '' : `: ${argChoices.join(', ')}`;
  const standard = defaultValue === undefined ? '' : ` (default: ${String(defaultValue)})`;
  return `${description}${choices}${standard}`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

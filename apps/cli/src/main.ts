/** The process: from arguments to an exit code. */
import { CommanderError } from 'commander';
import { handlers } from './commands/handlers';
import type { CliContext } from './context';
import { buildProgram } from './program';

export interface MainOptions {
  argv: readonly string[];
  /** The workspace that the command was installed from. */
  installRoot: string;
}

export async function main({ argv, installRoot }: MainOptions): Promise<void> {
  const context: CliContext = { stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd(), installRoot, exitCode: 0 };
  endQuietlyWhenNobodyReads(context);
  await runCommandLine(context, argv);
  process.exitCode = context.exitCode;
}

/** Parses and runs one command; every error ends as a message and `context.exitCode`. */
export async function runCommandLine(context: CliContext, argv: readonly string[]): Promise<void> {
  const program = buildProgram(context, handlers);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) await endParsing(context, error, argv);
    else {
      const { reportError } = await import('./report-error');
      await reportError(context, error, program.opts<{ json?: boolean; verbose?: boolean }>());
    }
  }
}

/** commander has printed help, version or complaint already; a program that asked for JSON gets its document as well. */
async function endParsing(context: CliContext, error: CommanderError, argv: readonly string[]): Promise<void> {
  if (error.exitCode === 0) return;
  context.exitCode = 2;
  if (argv.includes('--json') && error.code !== 'commander.help') {
    const { writeJson } = await import('./output');
    await writeJson(context.stdout, { error: { name: 'UsageError', message: error.message.replace(/^error: /, '') } });
  }
}

/** `inlet query … | head` closes our stdout: that is how pipes say "enough". A lost stderr only loses progress. */
function endQuietlyWhenNobodyReads(context: CliContext): void {
  context.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(context.exitCode);
    context.stderr.write(`error: The result could not be written: ${error.message}.\n`);
    process.exit(1);
  });
  context.stderr.on('error', () => undefined);
}

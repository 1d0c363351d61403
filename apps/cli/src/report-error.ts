/** Turns whatever was thrown into one message for a person, one document for a program, and an exit code. */
import { ConfigError, UnknownReleaseError, UsageError } from '@inlet/errors';
import type { CliContext, ExitCode } from './context';
import { writeJson } from './output';
import { escapeControl } from './render/escape-control';
import { createStyle } from './render/style';

/** 2 for what the person asked for or configured wrongly, 1 for everything else. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof UsageError || error instanceof ConfigError || error instanceof UnknownReleaseError ? 2 : 1;
}

/** Prints the error to stderr (and, with `json`, as a document to stdout) and sets the exit code. The stack only with `verbose`. */
export async function reportError(context: CliContext, error: unknown, options: { json?: boolean; verbose?: boolean }): Promise<void> {
  context.exitCode = exitCodeOf(error);
  const { name, message } = describeError(error);
  const style = createStyle(context.stderr, context.env);
  context.stderr.write(`${style.red('error:')} ${escapeLines(message)}\n`);
  if (options.verbose) context.stderr.write(`${escapeLines(stackOf(error))}\n`);
  if (options.json) await writeJson(context.stdout, { error: { name, message } });
}

/** Name and message of anything at all. */
export function describeError(error: unknown): { name: string; message: string } {
  if (!(error instanceof Error)) return { name: 'UnknownError', message: String(error) };
  return { name: error.name, message: error.message === '' ? error.name : error.message };
}

function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let cause = error; cause instanceof Error && stacks.length < 10; cause = cause.cause) stacks.push(cause.stack ?? String(cause));
  return stacks.join('\ncaused by ');
}

/** Messages may quote a source's bytes; only their line breaks are ours. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeControl).join('\n');
}

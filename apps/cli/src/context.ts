/** The process around a command, as a value, so that commands can be tested without one. */
import type { Writable } from 'node:stream';

export type OutputStream = Writable & { isTTY?: boolean; columns?: number };

export interface CliContext {
  stdout: OutputStream;
  stderr: OutputStream;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** The workspace that this command was installed from: where datasets are looked for when `cwd` is in no workspace. */
  installRoot: string;
  /** What the process will end with. Set before the result is printed, so that a reader who goes away cannot change it. */
  exitCode: ExitCode;
}

export type ExitCode = 0 | 1 | 2 | 3;

/** Options that every command takes. */
export interface CommonOptions {
  lake?: string;
  /** The deployed lake instead of a local one. */
  aws?: boolean;
  profile?: string;
  region?: string;
  json?: boolean;
  verbose?: boolean;
  quiet?: boolean;
}

const DEFAULT_WIDTH = 80;

/** Cells of the terminal behind a stream; undefined where there is none and COLUMNS does not say so either. */
export function terminalWidth(stream: OutputStream, env: CliContext['env']): number | undefined {
  if (stream.isTTY !== true) return undefined;
  const asked = Number.parseInt(env['COLUMNS'] ?? '', 10);
  if (asked > 0) return asked;
  return stream.columns !== undefined && stream.columns > 0 ? stream.columns : DEFAULT_WIDTH;
}

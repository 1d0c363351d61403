/** A command's surroundings in memory, for tests. */
import { Writable } from 'node:stream';
import type { CliContext, OutputStream } from './context';

export class CapturedStream extends Writable {
  text = '';
  isTTY?: boolean;
  columns?: number;

  constructor(terminal?: { columns: number }) {
    super({ decodeStrings: false });
    if (terminal !== undefined) {
      this.isTTY = true;
      this.columns = terminal.columns;
    }
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

export interface CapturedContext extends CliContext {
  stdout: OutputStream & CapturedStream;
  stderr: OutputStream & CapturedStream;
}

export function captureContext(overrides: Partial<CliContext> & { columns?: number } = {}): CapturedContext {
  const { columns, ...context } = overrides;
  const terminal = columns === undefined ? undefined : { columns };
  return { env: {}, cwd: '/', installRoot: '/', exitCode: 0, ...context, stdout: new CapturedStream(terminal), stderr: new CapturedStream(terminal) };
}

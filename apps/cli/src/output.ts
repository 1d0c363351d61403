/** Writing without filling memory: whoever reads our output sets the pace. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';

const BUFFER_CHARACTERS = 64 * 1024;

/** Gathers small writes into big ones, and waits when the stream is full. */
export class PacedWriter {
  readonly #stream: Writable;
  #pending = '';

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= BUFFER_CHARACTERS) await this.flush();
  }

  async line(text: string): Promise<void> {
    await this.write(`${text}\n`);
  }

  /** Hands over what is gathered; call it at the end. */
  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text !== '' && !this.#stream.write(text)) await once(this.#stream, 'drain');
  }
}

/** One JSON document, for `--json`. */
export async function writeJson(stream: Writable, value: unknown): Promise<void> {
  await writeText(stream, JSON.stringify(value, null, 2));
}

/** Text and a newline. */
export async function writeText(stream: Writable, text: string): Promise<void> {
  const writer = new PacedWriter(stream);
  await writer.line(text);
  await writer.flush();
}

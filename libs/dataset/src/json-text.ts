/** Finds where JSON text goes wrong, by line and column, and keys written twice: JSON.parse tells neither reliably. */

export interface JsonFault {
  line: number;
  column: number;
  expected: string;
  found: string;
}

type State = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'end';

interface Frame {
  close: '}' | ']';
  keys: Set<string>;
}

const EXPECTED: Readonly<Record<Exclude<State, 'comma-or-end'>, string>> = {
  value: 'a value',
  'value-or-end': 'a value or ]',
  key: 'a key in double quotes',
  'key-or-end': 'a key in double quotes or }',
  colon: 'a colon',
  end: 'the end of the text',
};
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** The first fault of the text, or undefined where it is JSON in which no object has a key twice. Nesting may be of any depth. */
export function findJsonFault(text: string): JsonFault | undefined {
  return new JsonScanner(text).scan();
}

class JsonScanner {
  readonly #text: string;
  readonly #frames: Frame[] = [];
  #offset = 0;
  #state: State = 'value';

  constructor(text: string) {
    this.#text = text;
  }

  scan(): JsonFault | undefined {
    for (;;) {
      while (' \t\n\r'.includes(this.#text[this.#offset] ?? 'x')) this.#offset += 1;
      const char = this.#text[this.#offset];
      if (char === undefined && this.#state === 'end') return undefined;
      const fault = this.#step(char);
      if (fault) return fault;
    }
  }

  #step(char: string | undefined): JsonFault | undefined {
    const frame = this.#frames.at(-1);
    switch (this.#state) {
      case 'value':
      case 'value-or-end':
        if (char === ']' && this.#state === 'value-or-end') return this.#closeFrame();
        return this.#takeValue(char);
      case 'key':
      case 'key-or-end':
        if (char === '}' && this.#state === 'key-or-end') return this.#closeFrame();
        return this.#takeKey(char);
      case 'colon':
        return char === ':' ? this.#advance(1, 'value') : this.#faultHere(EXPECTED.colon);
      case 'comma-or-end':
        if (char === frame?.close) return this.#closeFrame();
        return char === ',' ? this.#advance(1, frame?.close === '}' ? 'key' : 'value') : this.#faultHere(`a comma or ${frame?.close}`);
      case 'end':
        return this.#faultHere(EXPECTED.end);
    }
  }

  #takeValue(char: string | undefined): JsonFault | undefined {
    if (char === '{' || char === '[') {
      this.#frames.push({ close: char === '{' ? '}' : ']', keys: new Set() });
      return this.#advance(1, char === '{' ? 'key-or-end' : 'value-or-end');
    }
    if (char === '"') {
      const end = this.#findStringEnd();
      return typeof end === 'number' ? this.#advance(end - this.#offset, this.#stateAfterValue()) : end;
    }
    SCALAR.lastIndex = this.#offset;
    const scalar = SCALAR.exec(this.#text);
    return scalar ? this.#advance(scalar[0].length, this.#stateAfterValue()) : this.#faultHere(EXPECTED[this.#state === 'value-or-end' ? 'value-or-end' : 'value']);
  }

  #takeKey(char: string | undefined): JsonFault | undefined {
    if (char !== '"') return this.#faultHere(EXPECTED[this.#state === 'key' ? 'key' : 'key-or-end']);
    const end = this.#findStringEnd();
    if (typeof end !== 'number') return end;
    const written = this.#text.slice(this.#offset, end);
    const key: unknown = JSON.parse(written);
    const keys = this.#frames.at(-1)?.keys;
    if (typeof key === 'string' && keys?.has(key)) return this.#faultHere('a key that the object does not have yet', `${written.slice(0, 60)} again`);
    if (typeof key === 'string') keys?.add(key);
    return this.#advance(end - this.#offset, 'colon');
  }

  /** The offset behind the closing quote of the string that begins here. */
  #findStringEnd(): number | JsonFault {
    let at = this.#offset + 1;
    for (;;) {
      const char = this.#text[at];
      if (char === '"') return at + 1;
      if (char === undefined || char < ' ') return this.#fault(at, 'a closing quote', describeChar(char));
      if (char !== '\\') at += 1;
      else if (/^["\\/bfnrt]$/.test(this.#text[at + 1] ?? '')) at += 2;
      else if (/^u[0-9a-fA-F]{4}$/.test(this.#text.slice(at + 1, at + 6))) at += 6;
      else return this.#fault(at, 'an escape that JSON knows', JSON.stringify(this.#text.slice(at, at + 2)));
    }
  }

  #closeFrame(): undefined {
    this.#frames.pop();
    return this.#advance(1, this.#stateAfterValue());
  }

  #stateAfterValue(): State {
    return this.#frames.length === 0 ? 'end' : 'comma-or-end';
  }

  #advance(count: number, state: State): undefined {
    this.#offset += count;
    this.#state = state;
  }

  #faultHere(expected: string, found = describeChar(this.#text[this.#offset])): JsonFault {
    return this.#fault(this.#offset, expected, found);
  }

  #fault(offset: number, expected: string, found: string): JsonFault {
    const before = this.#text.slice(0, offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    return { line: before.split('\n').length, column: offset - lineStart + 1, expected, found };
  }
}

function describeChar(char: string | undefined): string {
  if (char === undefined) return 'the end of the text';
  return char === '\n' || char === '\r' ? 'the end of the line' : JSON.stringify(char);
}

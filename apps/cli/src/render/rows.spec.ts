import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CapturedStream } from '../capture.test-support';
import type { CellValue } from './cell';
import { displayWidth } from './display-width';
import { writeRowsAsCsv, writeRowsAsJson, writeRowsAsTable, type RowResult } from './rows';
import { createStyle } from './style';

const plain = createStyle({}, {});

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

function resultOf(names: readonly string[], rows: Iterable<readonly CellValue[]>, type = 'VARCHAR'): RowResult {
  return { columns: names.map((name) => ({ name, type })), rows: each(rows) };
}

async function tableOf(result: RowResult, options: { maxWidth?: number; maxRows?: number } = {}): Promise<string[]> {
  const stream = new CapturedStream();
  await writeRowsAsTable(stream, result, { style: plain, ...options });
  return stream.text.trimEnd().split('\n');
}

describe('writeRowsAsTable', () => {
  it('stands numbers right and texts left, and counts the rows', async () => {
    const result: RowResult = {
      columns: [{ name: 'form', type: 'VARCHAR' }, { name: 'n', type: 'BIGINT' }, { name: 'share', type: 'DECIMAL(5,2)' }],
      rows: each<CellValue[]>([['TABLET', 12n, '0.50'], [null, 3n, null]]),
    };
    expect(await tableOf(result)).toEqual(['form     n  share', '──────  ──  ─────', 'TABLET  12   0.50', 'NULL     3   NULL', '(2 rows)']);
  });

  it('writes lines no wider than the terminal, notes included', async () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.constant(null), fc.bigInt(), fc.double());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value, value, value), { maxLength: 6 }), fc.integer({ min: 4, max: 100 }), async (rows, maxWidth) => {
        const lines = await tableOf(resultOf(['product_id', '阿司匹林', 'c', 'd'], rows), { maxWidth, maxRows: 3 });
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(maxWidth);
      }),
    );
  });

  it('stops at the row limit, says so, and asks the source for no more', async () => {
    let asked = 0;
    function* endless() {
      for (;;) {
        asked += 1;
        yield [asked];
      }
    }
    const lines = await tableOf(resultOf(['n'], endless(), 'INTEGER'), { maxRows: 5 });
    expect(lines.slice(2, -1).map((line) => line.trim())).toEqual(['1', '2', '3', '4', '5']);
    expect(lines.at(-1)).toContain('first 5 rows; --rows all');
    expect(asked).toBe(6);
  });

  it('shows every row when there are exactly as many as the limit', async () => {
    expect((await tableOf(resultOf(['n'], [[1], [2]]), { maxRows: 2 })).at(-1)).toBe('(2 rows)');
  });

  it('leaves later, wider cells whole where there is no terminal', async () => {
    const rows = Array.from({ length: 1500 }, (_, index) => [index === 1400 ? 'x'.repeat(50) : 'y']);
    const lines = await tableOf(resultOf(['c'], rows));
    expect(lines).toContain('x'.repeat(50));
    expect(lines.at(-1)).toBe('(1,500 rows)');
  });
});

describe('writeRowsAsCsv', () => {
  it('parses back to what was written, whatever the texts', async () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.startsWith('\ufeff'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1 }), async (rows) => {
        const stream = new CapturedStream();
        await writeRowsAsCsv(stream, resultOf(['a', 'b,"c"'], rows));
        const parsed = parse(stream.text, { record_delimiter: '\r\n' });
        expect(parsed).toEqual([['a', 'b,"c"'], ...rows]);
      }),
    );
  });

  it('tells NULL (nothing) from an empty text (quotes)', async () => {
    const stream = new CapturedStream();
    await writeRowsAsCsv(stream, resultOf(['a', 'b'], [[null, '']]));
    expect(stream.text).toBe('a,b\r\n,""\r\n');
  });

  it('waits for a slow reader, so that memory stays bounded', async () => {
    const total = 200_000;
    let made = 0;
    let received = 0;
    let mostInFlight = 0;
    function* rows() {
      for (; made < total; made += 1) yield ['0123456789'];
    }
    const slow = new Writable({
      highWaterMark: 1024,
      write: (chunk: Buffer, _encoding, done) => {
        mostInFlight = Math.max(mostInFlight, made * 12 - received);
        received += chunk.length;
        setImmediate(done);
      },
    });
    await writeRowsAsCsv(slow, resultOf(['c'], rows()));
    expect(made).toBe(total);
    expect(mostInFlight).toBeLessThan(300_000);
  });
});

describe('writeRowsAsJson', () => {
  it('is one document, an object per row', async () => {
    const stream = new CapturedStream();
    await writeRowsAsJson(stream, resultOf(['n', 'n', 's'], [[1n, 2n ** 60n, 'é'], [null, null, null]]));
    expect(JSON.parse(stream.text)).toEqual([{ n: 1, n_2: '1152921504606846976', s: 'é' }, { n: null, n_2: null, s: null }]);
  });
  it('is an empty array without rows', async () => {
    const stream = new CapturedStream();
    await writeRowsAsJson(stream, resultOf(['n'], []));
    expect(stream.text).toBe('[]\n');
  });
});

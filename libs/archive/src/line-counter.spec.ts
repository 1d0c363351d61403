import fc from 'fast-check';
import { LineCounter } from './line-counter';

describe('LineCounter', () => {
  it('counts newlines, and one more for a last line without, at any chunk borders', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '\r'), maxLength: 8 })), (chunks) => {
        const counter = new LineCounter();
        for (const chunk of chunks) counter.add(Buffer.from(chunk));
        const text = chunks.join('');
        expect(counter.total()).toBe((text.match(/[^\n]*\n|[^\n]+$/g) ?? []).length);
      }),
    );
  });
});

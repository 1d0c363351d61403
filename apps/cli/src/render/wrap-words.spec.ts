import fc from 'fast-check';
import { displayWidth } from './display-width';
import { wrapWords } from './wrap-words';

describe('wrapWords', () => {
  it('breaks between words', () => {
    expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
  });
  it('loses no character, and keeps to the width', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrapWords(text, width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});

import fc from 'fast-check';
import { displayWidth, padToWidth, truncateToWidth } from './display-width';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['Aspirin', 7],
    ['Guang’an', 8],
    ['阿司匹林', 8],
    ['e\u0301', 1],
    ['ｶﾅ', 2],
    ['カナ', 4],
    ['💊', 2],
    ['👩‍⚕️', 2],
    ['❤️', 2],
    ['한글', 4],
    ['\u200d', 0],
  ])('%j takes %d cells', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('truncateToWidth', () => {
  it('leaves a text that fits as it is', () => {
    expect(truncateToWidth('Aspirin', 7)).toBe('Aspirin');
  });
  it('marks the cut, and cuts no wide character in half', () => {
    expect(truncateToWidth('Aspirin', 6)).toBe('Aspir…');
    expect(truncateToWidth('阿司匹林', 6)).toBe('阿司…');
  });
  it('gives a text of at most the width, and padding fills it exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.integer({ min: 1, max: 20 }), (text, width) => {
        const cut = truncateToWidth(text, width);
        expect(displayWidth(cut)).toBeLessThanOrEqual(width);
        expect(displayWidth(padToWidth(cut, width))).toBe(width);
      }),
    );
  });
});

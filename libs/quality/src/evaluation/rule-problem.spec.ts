import * as fc from 'fast-check';
import { isSentence } from './duckdb.test-support';
import { boundReason, describeQueryFailure, MAX_REASON_LENGTH, showNumber, showPart } from './rule-problem';

describe('figures in reasons', () => {
  it.each([
    [0, '0'], [-0, '0'], [999, '999'], [4_500_000, '4,500,000'], [-1234, '-1,234'], [1e15, '1000000000000000'], [1e300, '1e+300'], [1 / 3, '0.333333333'], [1234567.891, '1,234,567.89'], [0.99999999, '0.99999999'], [0.0001, '0.0001'], [1.5e-7, '1.5e-7'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('%d is shown as %s', (value, shown) => {
    expect(showNumber(value)).toBe(shown);
  });

  it('lose nothing that counts', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const read = Number(showNumber(value).replaceAll(',', ''));
      expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8);
    }));
  });

  it('are told of parts with their whole', () => {
    expect(showPart(1, 4_500_000, 'values')).toBe('1 of 4,500,000 values');
  });
});

describe('reasons', () => {
  it.each([['It fails', 'It fails.'], ['It fails.', 'It fails.'], ['Not found!', 'Not found!'], ['There is\n  none ', 'There is none.']])('%j ends as a sentence does', (reason, bounded) => {
    expect(boundReason(reason)).toBe(bounded);
  });

  it('are bounded sentences, whatever an engine says', () => {
    fc.assert(fc.property(fc.string({ maxLength: 600 }), fc.boolean(), (message, isPersonal) => {
      const reason = boundReason(describeQueryFailure(new Error(message), isPersonal));
      expect(isSentence(reason)).toBe(true);
      expect(reason.length).toBeLessThanOrEqual(MAX_REASON_LENGTH);
    }));
  });
});

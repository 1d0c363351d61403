import fc from 'fast-check';
import { awsErrorName, findNetworkCode, isTransientAnswer, readAwsAnswer } from './aws-answer';

describe('readAwsAnswer', () => {
  it('reads what the SDK leaves in its errors', () => {
    const error = Object.assign(new Error('slow'), { name: 'SlowDown', $metadata: { httpStatusCode: 503, attempts: 3 } });
    expect(readAwsAnswer(error)).toEqual({ name: 'SlowDown', code: undefined, status: 503, message: 'slow', attempts: 3 });
  });

  it('takes the code for a name where the error has none of its own', () => {
    expect(awsErrorName(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
    expect(awsErrorName(Object.assign(new Error('x'), { name: 'Own', code: 'ECONNRESET' }))).toBe('Own');
    expect(awsErrorName('x')).toBe('Error');
  });

  it('reads anything that can be thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const { name, message, attempts } = readAwsAnswer(thrown);
        expect([typeof name, typeof message, typeof attempts]).toEqual(['string', 'string', 'number']);
      }),
    );
  });
});

describe('isTransientAnswer', () => {
  it.each([
    [{ name: 'SlowDown' }, true],
    [{ name: 'TransactionConflict' }, true],
    [{ name: 'ECONNRESET' }, true],
    [{ name: 'Whatever', status: 500 }, true],
    [{ status: 429 }, true],
    [{ status: 408 }, true],
    [{ name: 'AccessDenied', status: 403 }, false],
    [{ name: 'ConditionalCheckFailed' }, false],
    [{ name: 'NoSuchKey', status: 404 }, false],
    [{}, false],
  ])('%j: %s', (answer, expected) => {
    expect(isTransientAnswer(answer)).toBe(expected);
  });
});

describe('findNetworkCode', () => {
  it.each([
    [Object.assign(new Error('x'), { code: 'EPIPE' }), 'EPIPE'],
    [new Error('wrapped: connect ECONNREFUSED 127.0.0.1:1'), 'ECONNREFUSED'],
    [new Error('EVERYTHING is wrong'), undefined],
    [Object.assign(new Error('x'), { code: 'ENOENT' }), undefined],
  ])('%s', (error, expected) => {
    expect(findNetworkCode(readAwsAnswer(error))).toBe(expected);
  });
});

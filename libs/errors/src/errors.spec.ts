import * as errors from './index';

describe('InletError', () => {
  it('says what, where, expected, found and next in one message', () => {
    const error = new errors.PermanentError({ what: 'The zip is damaged', where: 'raw/a.zip', expected: 'crc 1', found: 'crc 2', next: 'Run it again.' });
    expect(error.message).toBe('The zip is damaged (raw/a.zip): expected crc 1, found crc 2. Run it again.');
  });

  it('gives every exported class a name equal to its export, so that a bundler cannot change it', () => {
    const classes = Object.entries(errors).filter(([, value]) => typeof value === 'function' && value.prototype instanceof Error);
    expect(classes.length).toBeGreaterThan(20);
    for (const [exported, Class] of classes) {
      const error = new (Class as typeof errors.InletError)({ what: 'x' });
      expect(error.name).toBe(exported);
    }
  });

  it('lists every transient class, because a state machine matches names, not classes', () => {
    const transient = Object.entries(errors)
      .filter(([, value]) => typeof value === 'function' && (value === errors.TransientError || value.prototype instanceof errors.TransientError))
      .map(([name]) => name);
    expect([...errors.TRANSIENT_ERROR_NAMES].sort()).toEqual(transient.sort());
  });
});

describe('redactUrl', () => {
  it.each([
    ['https://uts.nlm.nih.gov/download?url=x&apiKey=secret', 'https://uts.nlm.nih.gov/download?url=…&apiKey=…'],
    ['https://user:pass@host:8443/a.zip', 'https://host:8443/a.zip'],
    ['file:///tmp/a.zip', 'file:///tmp/a.zip'],
    ['not a url?apiKey=secret', 'not a url?…'],
  ])('%s becomes %s', (url, expected) => {
    expect(errors.redactUrl(url)).toBe(expected);
  });
});

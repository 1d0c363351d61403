import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ERROR_REFERENCE } from './error-reference';
import * as errors from './index';
import { renderErrorReference } from './reference-page';

const exportedClasses = Object.entries(errors)
  .filter(([, value]) => typeof value === 'function' && (value === errors.InletError || value.prototype instanceof errors.InletError))
  .map(([name]) => name);

describe('the error reference', () => {
  it('has an entry for every exported error class, and for nothing else', () => {
    expect(exportedClasses.length).toBeGreaterThan(25);
    expect(Object.keys(ERROR_REFERENCE).sort()).toEqual([...exportedClasses].sort());
  });

  it.each(Object.entries(ERROR_REFERENCE))('says of %s when it is raised and what to do, one sentence each', (_name, { meaning, next }) => {
    for (const text of [meaning, next]) {
      expect(text).toMatch(/^[A-Z].+\.$/);
      expect(text).not.toMatch(/\. [A-Z]|[|\n]/);
    }
  });

  it('tells what is retried and what is a rejection from the lists that the state machine uses', () => {
    const endingOf = (name: string) => new RegExp(`^\\| \`${name}\` \\| (\\w+) \\|`, 'm').exec(renderErrorReference())?.[1];
    const names = (ending: string) => exportedClasses.filter((name) => endingOf(name) === ending).sort();
    expect(names('retried')).toEqual([...errors.TRANSIENT_ERROR_NAMES].sort());
    expect(names('rejected')).toEqual([...errors.REJECTING_ERROR_NAMES].sort());
    expect(names('failed')).toHaveLength(exportedClasses.length - names('retried').length - names('rejected').length);
  });

  it('is what docs/reference/errors.md holds; `npx nx docs errors` writes it anew', () => {
    const committed = readFileSync(path.resolve(__dirname, '../../../docs/reference/errors.md'), 'utf8');
    expect(committed).toBe(renderErrorReference());
  });
});

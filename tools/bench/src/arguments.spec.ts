import { UsageError } from '@inlet/errors';
import { parseBenchArguments } from './arguments';

it('takes every measure at full size unless told otherwise', () => {
  expect(parseBenchArguments([])).toEqual({ smoke: false, write: false, only: [] });
  expect(parseBenchArguments(['--write'])).toEqual({ smoke: false, write: true, only: [] });
  expect(parseBenchArguments(['--smoke', '--only', 'small', '--only', 'phases'])).toEqual({ smoke: true, write: false, only: ['small', 'phases'] });
});

it.each([[['--fast']], [['--only']], [['--only', 'everything']], [['extra']], [['--write', '--smoke']], [['--write', '--only', 'small']]])('refuses %j', (args) => {
  expect(() => parseBenchArguments(args)).toThrow(UsageError);
});

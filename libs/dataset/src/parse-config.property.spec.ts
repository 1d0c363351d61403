import fc from 'fast-check';
import { ConfigError } from '@inlet/errors';
import { parseDatasetConfig, parseDatasetConfigText } from './parse-config';
import { withValue, writeValidConfig } from './valid-config.test-support';

type Path = (string | number)[];

/** Every place of the valid config, the top included. */
function listPaths(value: unknown, path: Path = []): Path[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([key, part]) => listPaths(part, [...path, Array.isArray(value) ? Number(key) : key]))];
}

const anyKey = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'prototype', '$schema', 'sources', 'hasOwnProperty'));
const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, '', ' ', 'cron(', 'cron()', 'rate(1)', '\0', 'https://', 'file:///'),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(anyKey, tie('value')), { maxLength: 4 }).map((entries) => JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`)),
  ),
})).value;

type Mutation = { path: Path; key?: string; value: unknown };
const paths = listPaths(writeValidConfig());
const objectPaths = paths.filter((path) => {
  const target = path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], writeValidConfig());
  return typeof target === 'object' && !Array.isArray(target);
});
const anyMutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ path: fc.constantFrom(...paths), value: anyJson }),
  fc.record({ path: fc.constantFrom(...paths.slice(1)), value: fc.constant(undefined) }),
  fc.record({ path: fc.constantFrom(...objectPaths), key: anyKey, value: anyJson }),
);

function mutate(mutations: readonly Mutation[]): unknown {
  return mutations.reduce<unknown>((json, { path, key, value }) => {
    const target = key === undefined ? path : [...path, key];
    const parent = target.slice(0, -1).reduce<unknown>((inner, step) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step) ? (inner as Record<string | number, unknown>)[step] : undefined), json);
    return typeof parent === 'object' && parent !== null ? withValue(json, target, value) : json;
  }, writeValidConfig());
}

/** True where the value is a config; false where a ConfigError says why it is none; anything else escapes. */
function isAccepted(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.name).toBe('ConfigError');
    expect(error.message).toMatch(/expected .+, found ./);
    return false;
  }
}

describe('the config parser', () => {
  it('throws nothing but a ConfigError for any JSON value', () => {
    fc.assert(fc.property(anyJson, (json) => !isAccepted(() => parseDatasetConfig(json))), { numRuns: 500 });
  });

  it('throws nothing but a ConfigError for anything at all', () => {
    fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true, withTypedArray: true }), (value) => !isAccepted(() => parseDatasetConfig(value))), { numRuns: 300 });
  });

  it('throws nothing but a ConfigError for a valid config with parts deleted, replaced or added', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.array(anyMutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        if (!isAccepted(() => parseDatasetConfig(mutate(mutations)))) refused += 1;
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it('refuses any key that is added to any object but a record', () => {
    const strict = objectPaths.filter((path) => path.at(-1) !== 'source_headers');
    fc.assert(
      fc.property(fc.constantFrom(...strict), fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString'), fc.string().map((key) => `x${key}`)), anyJson, (path, key, value) => {
        expect(isAccepted(() => parseDatasetConfig(mutate([{ path, key, value: value ?? null }])))).toBe(false);
      }),
    );
  });

  it('leaves Object.prototype as it was', () => {
    const before = Reflect.ownKeys(Object.prototype);
    fc.assert(fc.property(anyJson, (json) => void isAccepted(() => parseDatasetConfig(withValue(writeValidConfig(), ['__proto__'], json ?? null)))));
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
  });

  it('gives a config of any nesting an answer, however deep', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(isAccepted(() => parseDatasetConfigText(`{"tables":${deep},"source_headers":{"a":${deep}}}`))).toBe(false);
  });

  it('throws nothing but a ConfigError for any text, and for any part of a config cut out', () => {
    const text = JSON.stringify(writeValidConfig(), null, 1);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (garbage) => !isAccepted(() => parseDatasetConfigText(garbage))));
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), fc.string(), (from, length, instead) => {
        isAccepted(() => parseDatasetConfigText(text.slice(0, from) + instead + text.slice(from + length)));
      }),
    );
  });
});

import fc from 'fast-check';
import { describeDrift, type Json } from './describe-drift';

const json = fc.jsonValue() as fc.Arbitrary<Json>;

describe('describeDrift', () => {
  it('names what was changed, added and taken away, by path', () => {
    const before = { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { Keep: 14, Tags: ['a', 'b'] } }, Old: { Type: 'T' } } };
    const after = { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { Keep: 7, Tags: ['a', 'b', 'c'] } }, New: { Type: 'T' } } };
    expect(describeDrift(before, after)).toEqual([
      '- Resources.Queue.Properties.Keep: 14',
      '+ Resources.Queue.Properties.Keep: 7',
      '+ Resources.Queue.Properties.Tags.2: "c"',
      '- Resources.Old: {"Type":"T"}',
      '+ Resources.New: {"Type":"T"}',
    ]);
  });

  it('tells a value from its absence, and a list from an object', () => {
    expect(describeDrift({ a: null }, {})).toEqual(['- a: null']);
    expect(describeDrift({ a: [] }, { a: {} })).toEqual(['- a: []', '+ a: {}']);
    expect(describeDrift('a', 'b')).toEqual(['- (all): "a"', '+ (all): "b"']);
  });

  it('cuts long values and long lists of differences', () => {
    const before = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 'x'.repeat(1000)]));
    const lines = describeDrift(before, {});
    expect(lines).toHaveLength(61);
    expect(lines.at(-1)).toBe('… and 40 more lines');
    expect(lines[0]).toHaveLength('- k0: '.length + 161);
  });

  it('finds nothing between a document and itself, and something between any two that differ', () => {
    fc.assert(fc.property(json, (value) => expect(describeDrift(value, structuredClone(value))).toEqual([])));
    fc.assert(
      fc.property(json, json, (a, b) => {
        fc.pre(JSON.stringify(sortKeys(a)) !== JSON.stringify(sortKeys(b)));
        expect(describeDrift(a, b).length).toBeGreaterThan(0);
      }),
    );
  });
});

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sortKeys(each)]));
}

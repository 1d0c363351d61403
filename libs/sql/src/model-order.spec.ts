import { ModelError } from '@inlet/errors';
import fc from 'fast-check';
import { findTableReferences, orderModels, quoteName, quoteText } from './index';

const model = (name: string, sql: string, layer: 'silver' | 'gold' = 'silver') => ({ name, sql, layer });

describe('findTableReferences', () => {
  it('finds names in any case and quoting, once each', () => {
    expect(findTableReferences('select * from Bronze.A join "silver"."b c" using (x), silver . d, bronze.a')).toEqual([
      { schema: 'bronze', table: 'a' },
      { schema: 'silver', table: 'b c' },
      { schema: 'silver', table: 'd' },
    ]);
  });
  it('ignores comments, strings, longer names and columns of other tables', () => {
    const sql = `select 'bronze.a', x.bronze.b, mybronze.c, 1 as "silver.g" -- silver.d\n/* gold.e */ from silver.f`;
    expect(findTableReferences(sql)).toEqual([{ schema: 'silver', table: 'f' }]);
  });
});

describe('orderModels', () => {
  it('puts every model after those it reads', () => {
    const models = [model('c', 'from silver.b', 'gold'), model('b', 'from silver.a join bronze.t using (x)'), model('a', 'from bronze.t')];
    expect(orderModels(models, ['t']).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
  it('orders any acyclic graph so that inputs come first', () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 });
    fc.assert(
      fc.property(edges, fc.infiniteStream(fc.nat()), (pairs, order) => {
        const inputs = (index: number) => pairs.filter(([from, to]) => from === index && to < index).map(([, to]) => `silver.m${to}`);
        const models = Array.from({ length: 10 }, (_, index) => model(`m${index}`, `from ${['bronze.t', ...inputs(index)].join(' join ')}`));
        const rank = new Map(models.map((m) => [m, order.next().value]));
        const shuffled = [...models].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
        const position = new Map(orderModels(shuffled, ['t']).map(({ name }, at) => [name, at]));
        expect(position.size).toBe(10);
        for (const [from, to] of pairs) if (to < from) expect(position.get(`m${to}`)!).toBeLessThan(position.get(`m${from}`)!);
      }),
    );
  });
  it('names the tables there are when one is unknown', () => {
    expect(() => orderModels([model('a', 'from bronze.x')], ['t'])).toThrow(/models\/a\.sql.*expected one of bronze\.t, silver\.a, found bronze\.x/);
  });
  it('shows the circle', () => {
    const attempt = () => orderModels([model('a', 'from silver.b'), model('b', 'from silver.a')], []);
    expect(attempt).toThrow(ModelError);
    expect(attempt).toThrow(/silver\.a -> silver\.b -> silver\.a/);
  });
});

describe('quoting', () => {
  it('doubles the quote character', () => {
    expect([quoteName('a"b'), quoteText("it's")]).toEqual(['"a""b"', "'it''s'"]);
  });
});

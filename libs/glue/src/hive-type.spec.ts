import fc from 'fast-check';
import { toHiveType } from './index';

describe('toHiveType', () => {
  it.each([
    ['BOOLEAN', 'boolean'],
    ['TINYINT', 'tinyint'],
    ['SMALLINT', 'smallint'],
    ['INTEGER', 'int'],
    ['BIGINT', 'bigint'],
    ['HUGEINT', 'double'],
    ['UTINYINT', 'int'],
    ['USMALLINT', 'int'],
    ['FLOAT', 'float'],
    ['DOUBLE', 'double'],
    ['DECIMAL(18,3)', 'decimal(18,3)'],
    ['decimal(38, 0)', 'decimal(38,0)'],
    ['VARCHAR', 'string'],
    ['ENUM(\'a\', \'b,c)\', \'it\'\'s\')', 'string'],
    ['BLOB', 'binary'],
    ['DATE', 'date'],
    ['TIMESTAMP', 'timestamp'],
    ['TIMESTAMP_NS', 'timestamp'],
    ['TIMESTAMP WITH TIME ZONE', 'timestamp'],
    ['INTEGER[][]', 'array<array<int>>'],
    ['FLOAT[3]', 'array<float>'],
    ['MAP(VARCHAR, DECIMAL(5,2)[])', 'map<string,array<decimal(5,2)>>'],
    ['STRUCT("a" INTEGER, "B_c" STRUCT("x" VARCHAR)[])[]', 'array<struct<a:int,b_c:array<struct<x:string>>>>'],
  ])('%s is %s', (duckDb, hive) => {
    expect(toHiveType(duckDb)).toBe(hive);
  });

  it.each(['TIME', 'TIME WITH TIME ZONE', 'INTERVAL', 'UUID', 'UINTEGER', 'UBIGINT', 'BIGNUM', 'UNION("k" INTEGER)', 'GEOMETRY', '', 'INTEGER]', 'INTEGER x', 'STRUCT()', 'STRUCT("a b" INTEGER)', 'MAP(VARCHAR)', 'UUID[]', 'constructor'])(
    'knows no reading of %j',
    (type) => {
      expect(toHiveType(type)).toBeUndefined();
    },
  );

  it('translates any nesting part by part', () => {
    type Pair = [duckDb: string, hive: string];
    const { type } = fc.letrec<{ type: Pair }>((tie) => ({
      type: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Pair>(['INTEGER', 'int'], ['VARCHAR', 'string'], ['TIMESTAMP WITH TIME ZONE', 'timestamp'], ['DECIMAL(9,2)', 'decimal(9,2)']),
        fc.tuple(tie('type'), fc.constantFrom('', '3')).map(([[d, h], n]): Pair => [`${d}[${n}]`, `array<${h}>`]),
        fc.tuple(tie('type'), tie('type')).map(([[dk, hk], [dv, hv]]): Pair => [`MAP(${dk}, ${dv})`, `map<${hk},${hv}>`]),
        fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map((fields): Pair => [
          `STRUCT(${fields.map(([d], n) => `"f${n}" ${d}`).join(', ')})`,
          `struct<${fields.map(([, h], n) => `f${n}:${h}`).join(',')}>`,
        ]),
      ),
    }));
    fc.assert(fc.property(type, ([duckDb, hive]) => expect(toHiveType(duckDb)).toBe(hive)));
  });

  it('ends on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => { toHiveType(`STRUCT(${text}`); toHiveType(`ENUM('${text}`); }));
  });
});

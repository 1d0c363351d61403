import { interleave } from './interleave';

it('takes the contenders in turn, one at a time, and keeps their results apart', async () => {
  const order: string[] = [];
  let underWay = 0;
  const contender = (name: string) => async (round: number) => {
    underWay += 1;
    expect(underWay).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name}${round}`);
    underWay -= 1;
    return `${name}${round}`;
  };
  const results = await interleave(2, { a: contender('a'), b: contender('b') });
  expect(order).toEqual(['a0', 'b0', 'a1', 'b1']);
  expect(results).toEqual({ a: ['a0', 'a1'], b: ['b0', 'b1'] });
});

import { idWithForm, itemCodeOf, MAX_ROW_IDS } from './item-codes';
import { keyOfSeed } from '@inlet/synthetic';

describe('itemCodeOf', () => {
  const key = keyOfSeed(1);

  it('gives every row of a large release a code, and an NDC11, of its own', () => {
    const codes = new Set<string>();
    const ndc11s = new Set<string>();
    const count = 300_000;
    for (let id = 0; id < count; id++) {
      const { itemCode, ndc11 } = itemCodeOf(key, id);
      codes.add(itemCode);
      ndc11s.add(ndc11);
    }
    expect(codes.size).toBe(count);
    expect(ndc11s.size).toBe(count);
  });

  it('stays apart at the far end, where numbers are largest', () => {
    const ids = Array.from({ length: 50_000 }, (_, n) => MAX_ROW_IDS - 1 - n);
    const codes = new Set(ids.map((id) => itemCodeOf(key, id).itemCode));
    for (let n = 0; n < 60; n++) codes.add(itemCodeOf(key, idWithForm('ndc-4-4-2', n)).itemCode);
    expect(codes.size).toBe(50_060);
  });

  it('finds a number with a form', () => {
    expect(itemCodeOf(key, idWithForm('isbt', 3)).form).toBe('isbt');
    expect(itemCodeOf(key, idWithForm('ndc-4-4-2', 0)).ndc11).toMatch(/^0\d{10}$/);
  });
});

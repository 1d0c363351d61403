/** Turns a row's number into an item code that no other row has, in every form that the NSDE file uses. */
import { mix } from '@inlet/synthetic';

export type ItemCodeForm = 'ndc-5-3-2' | 'ndc-5-4-1' | 'ndc-4-4-2' | 'ndc-5-4-2' | 'nhric-three-segments' | 'nhric-two-segments' | 'isbt';

export interface ItemCode {
  form: ItemCodeForm;
  itemCode: string;
  /** As FDA gives it: 11 digits for three segments, else the code without its hyphens. */
  ndc11: string;
}

/** Rows that have codes of their own: beyond this the arithmetic below would leave the exact integers. */
export const MAX_ROW_IDS = 32 * 900_000;

/** How often each form occurs, in 32nds, in the order in which rows get them. */
const FORM_CYCLE = spread({
  'ndc-5-3-2': 14,
  'ndc-5-4-1': 5,
  'ndc-4-4-2': 5,
  'ndc-5-4-2': 5,
  'nhric-three-segments': 1,
  'nhric-two-segments': 1,
  isbt: 1,
});

/**
 * Ranges of the segments, [first value, count]. They are chosen so that codes of different forms stay different as NDC11 too: only 5-3-2 pads a product to a
 * leading zero, only 5-4-1 a package, only 4-4-2 a labeler below 8000, and labelers 08000-08999 belong to NHRIC.
 */
const SEGMENTS: Record<ItemCodeForm, readonly (readonly [number, number])[]> = {
  'ndc-5-3-2': [[10000, 70000], [0, 1000], [1, 99]],
  'ndc-5-4-1': [[10000, 70000], [1000, 9000], [0, 10]],
  'ndc-4-4-2': [[2, 7998], [1000, 9000], [1, 99]],
  'ndc-5-4-2': [[10000, 70000], [1000, 9000], [10, 90]],
  'nhric-three-segments': [[8000, 1000], [1000, 9000], [10, 90]],
  'nhric-two-segments': [[8000, 1000], [0, 1000], [0, 1000]],
  isbt: [[0, 10000], [0, 3], [0, 10000]],
};

/** A prime that divides no range above, so that multiplying by it walks every code of a form once before repeating. */
const STEP = 179_424_673;

const pad2 = padTable(2);
const pad3 = padTable(3);
const pad4 = padTable(4);

/** The code of row `id`. Two ids never share one, under any one key. */
export function itemCodeOf(key: number, id: number): ItemCode {
  const place = FORM_CYCLE[id % 32] as (typeof FORM_CYCLE)[number];
  const ordinal = Math.floor(id / 32) * place.perCycle + place.rank;
  const segments = SEGMENTS[place.form];
  const [a, b, c] = segments as [readonly [number, number], readonly [number, number], readonly [number, number]];
  let rest = (ordinal * STEP + mix(key, 0x17e3)) % (a[1] * b[1] * c[1]);
  const first = a[0] + (rest % a[1]);
  rest = Math.floor(rest / a[1]);
  const second = b[0] + (rest % b[1]);
  const third = c[0] + Math.floor(rest / b[1]);
  return writeCode(place.form, first, second, third);
}

/** The n-th number (from 0) above those of ordinary rows whose code has the given form. */
export function idWithForm(form: ItemCodeForm, n: number): number {
  return MAX_ROW_IDS + 32 * n + FORM_CYCLE.findIndex((place) => place.form === form);
}

function writeCode(form: ItemCodeForm, first: number, second: number, third: number): ItemCode {
  switch (form) {
    case 'ndc-5-3-2':
      return { form, itemCode: `${first}-${pad3[second]}-${pad2[third]}`, ndc11: `${first}0${pad3[second]}${pad2[third]}` };
    case 'ndc-5-4-1':
      return { form, itemCode: `${first}-${second}-${third}`, ndc11: `${first}${second}0${third}` };
    case 'ndc-4-4-2':
      return { form, itemCode: `${pad4[first]}-${second}-${pad2[third]}`, ndc11: `0${pad4[first]}${second}${pad2[third]}` };
    case 'ndc-5-4-2':
      return { form, itemCode: `${first}-${second}-${third}`, ndc11: `${first}${second}${third}` };
    case 'nhric-three-segments':
      return { form, itemCode: `0${first}-${second}-${third}`, ndc11: `0${first}${second}${third}` };
    case 'nhric-two-segments':
      return { form, itemCode: `${first}-${pad3[second]}${pad3[third]}`, ndc11: `${first}${pad3[second]}${pad3[third]}` };
    case 'isbt': {
      const facility = `W${pad4[first]}`;
      const product = `${'STE'[second]}${pad4[third]}`;
      return { form, itemCode: `${facility}-${product}`, ndc11: `${facility}${product}` };
    }
  }
}

function padTable(width: number): readonly string[] {
  return Array.from({ length: 10 ** width }, (_, n) => String(n).padStart(width, '0'));
}

interface CyclePlace {
  form: ItemCodeForm;
  /** How many rows of one cycle have this form, and which of them this is. */
  perCycle: number;
  rank: number;
}

/** Mixes the forms over a cycle of 32 rows instead of leaving them in runs. */
function spread(shares: Record<ItemCodeForm, number>): readonly CyclePlace[] {
  const places = Object.entries(shares).flatMap(([form, perCycle]) =>
    Array.from({ length: perCycle }, (_, rank) => ({ form: form as ItemCodeForm, perCycle, rank })),
  );
  return places.map((_, n) => places[(n * 11) % places.length] as CyclePlace);
}

/** Turns a product's number into the codes that identify it, each used by one product only. */
import { mix } from '@inlet/synthetic';

export type ProductNdcForm = '5-3' | '5-4' | '4-4';

export interface ProductCodes {
  form: ProductNdcForm;
  productId: string;
  productNdc: string;
  /** Number of the labeler, so that one labeler code has one name. */
  labeler: number;
}

/** Products that have codes of their own, over all three directories. */
export const MAX_PRODUCT_NUMBERS = 6_000_000;

const LABELERS = 4000;
const FORMS: readonly ProductNdcForm[] = ['5-3', '5-4', '5-3', '4-4'];
/** A prime that divides none of the ranges below. */
const STEP = 15_485_863;

/** The codes of product `n`, for `n` below MAX_PRODUCT_NUMBERS. */
export function productCodesOf(key: number, n: number): ProductCodes {
  const form = FORMS[n % 4] as ProductNdcForm;
  const ordinal = form === '5-3' ? Math.floor(n / 2) : Math.floor(n / 4);
  const products = form === '5-3' ? 1000 : 9000;
  const place = (ordinal * STEP + mix(key, 0x51ab)) % (LABELERS * products);
  const labeler = place % LABELERS;
  const product = Math.floor(place / LABELERS);
  const productNdc = writeProductNdc(form, labeler, product);
  return { form, productId: `${productNdc}_${documentId(key, n)}`, productNdc, labeler };
}

function writeProductNdc(form: ProductNdcForm, labeler: number, product: number): string {
  switch (form) {
    case '5-3':
      return `${10_000 + 17 * labeler}-${String(product).padStart(3, '0')}`;
    case '5-4':
      return `${10_000 + 17 * labeler}-${1000 + product}`;
    case '4-4':
      return `${String(2 + 2 * labeler).padStart(4, '0')}-${1000 + product}`;
  }
}

/** What stands for the id of the SPL document. */
function documentId(key: number, n: number): string {
  const hex = [1, 2, 3, 4].map((part) => mix(key ^ Math.imul(part, 0x2545f491), n).toString(16).padStart(8, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The oddities of the real NDC directory, one by one: each bends a plain product or its packages. */
import type { CderDirectory, CderPackage, CderProduct } from './cder-columns';
import {
  BRACKETED_SUBSTANCE,
  CLASS_LIST_WITH_COMMAS,
  DAMAGED_LABELER,
  WINDOWS_1252_LABELER,
  XML_LABELER,
} from './vocabulary';

export interface CderRecord {
  product: CderProduct;
  packages: CderPackage[];
}

/** What a quirk may do besides changing the record: look at a plain product at another place. */
export interface QuirkContext {
  directory: CderDirectory;
  /** Product NDC of the product one place earlier. */
  previousProductNdc: string;
}

type Bend = (record: CderRecord, context: QuirkContext) => void;

const setFirstPackageCode = ({ packages: [first] }: CderRecord, code: string): void => {
  if (!first) return;
  first.PACKAGEDESCRIPTION = first.PACKAGEDESCRIPTION.replace(`(${first.NDCPACKAGECODE})`, `(${code})`);
  first.NDCPACKAGECODE = code;
};

/** By name, in the order of their places at the head of a block. */
export const CDER_QUIRKS = {
  /** A labeler name that is a piece of XML with literal quotes, cut at 200 characters. */
  'xml-labeler': ({ product }) => void (product.LABELERNAME = XML_LABELER),
  /** `Dr. …¿s`: text damaged before FDA had it. */
  'damaged-text': ({ product }) => void (product.LABELERNAME = DAMAGED_LABELER),
  'blank-start-date': ({ product }) => void (product.STARTMARKETINGDATE = ''),
  'far-end-date': ({ product }) => void (product.ENDMARKETINGDATE = '20541231'),
  /** A package code that is no NDC but for its last segment. */
  'letters-in-package-code': (record) => setFirstPackageCode(record, `${record.product.PRODUCTNDC}-XX`),
  /** A package code that is only a last segment. */
  'short-package-code': (record) => setFirstPackageCode(record, '02'),
  /** Four substances, three strengths, two units. */
  'unequal-lists': ({ product }) => {
    product.SUBSTANCENAME = 'VELOTREXINE; ZANIBRANOL; TORULASTAT; MIAXICILLIN';
    product.ACTIVE_NUMERATOR_STRENGTH = '70; 5600; 100';
    product.ACTIVE_INGRED_UNIT = 'mg/1; [iU]/1';
  },
  /** A `;` in brackets, beside one that separates. */
  'bracketed-semicolon': ({ product }) => {
    product.SUBSTANCENAME = `${BRACKETED_SUBSTANCE}; ZANIBRANOL`;
    product.ACTIVE_NUMERATOR_STRENGTH = '70; 12.5';
    product.ACTIVE_INGRED_UNIT = 'kg/100kg; mg/1';
  },
  /** Separators with no space, one, or several. */
  'ragged-separators': ({ product }) => {
    product.ROUTENAME = 'INTRALESIONAL; INTRAMUSCULAR;    INTRASYNOVIAL;SOFT TISSUE';
    product.SUBSTANCENAME = 'VELOTREXINE;   ZANIBRANOL;TORULASTAT';
    product.ACTIVE_NUMERATOR_STRENGTH = '1;2;   3';
    product.ACTIVE_INGRED_UNIT = 'mg/1;  mg/1; mg/1';
  },
  /** A quote character opens a field and never closes. */
  'quote-characters': ({ product, packages: [first] }) => {
    product.PROPRIETARYNAME = '"Velora" 2" Patch';
    product.NONPROPRIETARYNAME = '"velotrexine';
    if (first) first.PACKAGEDESCRIPTION = `1 PATCH, 2" x 3" in 1 "POUCH" (${first.NDCPACKAGECODE}) `;
  },
  /** Characters that windows-1252 has and latin-1 has not, with some of both. */
  'windows-1252': ({ product }) => void (product.LABELERNAME = WINDOWS_1252_LABELER),
  'classes-with-commas': ({ product }) => void (product.PHARM_CLASSES = CLASS_LIST_WITH_COMMAS),
  /** The product NDC of the product before it, under another PRODUCTID. */
  'repeated-product-ndc': (record, { previousProductNdc }) => {
    const { product, packages } = record;
    product.PRODUCTID = product.PRODUCTID.replace(product.PRODUCTNDC, previousProductNdc);
    for (const one of packages) {
      one.NDCPACKAGECODE = one.NDCPACKAGECODE.replace(product.PRODUCTNDC, previousProductNdc);
      one.PACKAGEDESCRIPTION = one.PACKAGEDESCRIPTION.replace(product.PRODUCTNDC, previousProductNdc);
      one.PRODUCTNDC = previousProductNdc;
      one.PRODUCTID = product.PRODUCTID;
    }
    product.PRODUCTNDC = previousProductNdc;
  },
  /** A product without any active ingredient. */
  'no-substances': ({ product }) => {
    product.SUBSTANCENAME = '';
    product.ACTIVE_NUMERATOR_STRENGTH = '';
    product.ACTIVE_INGRED_UNIT = '';
  },
} satisfies Record<string, Bend>;

export type CderQuirk = keyof typeof CDER_QUIRKS;

const QUIRK_NAMES = Object.keys(CDER_QUIRKS) as CderQuirk[];

/** Columns that the unfinished files lack, and with them the quirk. */
const FINISHED_ONLY: ReadonlySet<CderQuirk> = new Set<CderQuirk>(['classes-with-commas']);

/** Slots at the head of a block that are kept for quirks. */
export const QUIRK_BAND = 20;

/** The quirk at a place within a block, if there is one. */
export function quirkAt(directory: CderDirectory, placeInBlock: number): CderQuirk | undefined {
  const quirk = QUIRK_NAMES[placeInBlock];
  return quirk && directory === 'unfinished' && FINISHED_ONLY.has(quirk) ? undefined : quirk;
}

/** The words of the synthetic NDC directory: invented substances, products, labelers and classes, and the terms that FDA's files are written in. */

const BEGIN = ['VEL', 'ZAN', 'TOR', 'MI', 'CA', 'LEX', 'PRA', 'ONI'];
const END = ['OTREXINE', 'IBRANOL', 'ULASTAT', 'AXICILLIN', 'EDOZOLE', 'YMPADIPINE', 'ILOVIR', 'ONCEMAB'];

/** 64 invented substances. */
export const SUBSTANCES: readonly string[] = BEGIN.flatMap((begin) => END.map((end) => begin + end));
/** One name whose `;` stands in brackets and separates nothing. */
export const BRACKETED_SUBSTANCE = 'POLY(METHYL METHACRYLATE; 450000 MW)';

export const BRANDS: readonly string[] = ['Velora', 'Zanitrel', 'Torvexa', 'Mirapran', 'Calendrin', 'Lexolan', 'Praduxa', 'Onirest'];
export const SUFFIXES: readonly string[] = ['', '', '', 'XR', '', 'PF', '', 'Maximum Strength'];

const LABELER_STEMS = ['Velora', 'Zanitrel', 'Guang’an Torvex', 'Laboratoires Élanor', 'Brixton', 'Señal', 'Northmere', 'Österlund'];
const LABELER_ENDS = [' Pharmaceuticals, Inc.', ' Laboratories Ltd.', ' & Co., KG', ' Healthcare LLC', ' Biologics®', ' S.p.A.', ' Generics (USA) Inc', ' Pharma'];
/** 64 invented labelers, some of them with letters that only windows-1252 has. */
export const LABELERS: readonly string[] = LABELER_STEMS.flatMap((stem) => LABELER_ENDS.map((end) => stem + end));
/** Text that lost its apostrophe before FDA published it. */
export const DAMAGED_LABELER = 'Dr. Velor¿s Laboratories Ltd.';
/** A label's XML in place of a name, cut off where the field ends. */
export const XML_LABELER =
  `<text xmlns="urn:hl7-org:v3"> <paragraph>CAUTION: For manufacturing, processing or repacking.<br/>${'SYNTHETIC SAMPLE SERIES 15X<br/>'.repeat(4)}NDC 00000-0000-1<br/>`
    .padEnd(260, 'x')
    .slice(0, 200);
export const WINDOWS_1252_LABELER = 'Guang’an Café Pharma® “Zürich” – µ-Labs™ €';

export const DOSAGE_FORMS: readonly string[] = [
  'TABLET', 'TABLET, FILM COATED', 'CAPSULE', 'INJECTION, SOLUTION', 'POWDER', 'CREAM', 'SOLUTION/ DROPS', 'TABLET, FILM COATED, EXTENDED RELEASE',
];
export const ROUTES: readonly string[] = ['ORAL', 'TOPICAL', 'INTRAVENOUS', 'INTRAMUSCULAR; INTRAVENOUS', 'SUBCUTANEOUS', 'OPHTHALMIC', 'ORAL; SUBLINGUAL', 'NASAL'];
export const STRENGTHS: readonly string[] = ['10', '250', '.75', '1.5', '5600', '80', '1', '12.5'];
export const UNITS: readonly string[] = ['mg/1', 'mg/mL', 'g/g', 'mg/.5mL', '[iU]/1', "[USP'U]/1", '[hp_X]/mL', 'ug/1'];
export const SCHEDULES: readonly string[] = ['', '', '', '', '', 'CII', 'CIV', ''];

/** Class lists as the field holds them: separated by commas, which also stand inside the names. */
export const CLASS_LISTS: readonly string[] = [
  '',
  'Velorin Agonist [EPC]',
  'Velorin Agonist [EPC],Velorin Receptor Interactions [MoA]',
  '',
  'Zonase Inhibitors [MoA],Decreased Zonin Release [PE]',
  'Torvexane Compounds [CS]',
  '',
  'Mirapran-2 Blocker [EPC]',
];
export const CLASS_LIST_WITH_COMMAS = 'Velorin Receptor Agonist, Long-Acting, Inhaled [EPC],Zonase-2, 3 Inhibitors [MoA],Torvexane, Synthetic [Chemical/Ingredient]';

export interface Marketing {
  productType: string;
  category: string;
  application: (n: number) => string;
}

const numbered = (prefix: string) => (n: number) => prefix + String(1_000_000 + n).slice(1);

export const FINISHED_MARKETING: readonly Marketing[] = [
  { productType: 'HUMAN PRESCRIPTION DRUG', category: 'ANDA', application: numbered('ANDA') },
  { productType: 'HUMAN PRESCRIPTION DRUG', category: 'NDA', application: numbered('NDA') },
  { productType: 'HUMAN OTC DRUG', category: 'OTC MONOGRAPH DRUG', application: (n) => `M${String(n % 40).padStart(3, '0')}` },
  { productType: 'VACCINE', category: 'BLA', application: numbered('BLA') },
];
export const UNFINISHED_MARKETING: readonly Marketing[] = [
  { productType: 'BULK INGREDIENT', category: 'BULK INGREDIENT', application: () => '' },
  { productType: 'DRUG FOR FURTHER PROCESSING', category: 'DRUG FOR FURTHER PROCESSING', application: () => '' },
];

export const EXCLUDE_FLAGS: readonly string[] = ['E', 'U', 'D', 'I'];

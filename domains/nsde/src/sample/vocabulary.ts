/** The words of the synthetic NSDE rows: invented names, and the terms (dosage forms, categories, types, units) that FDA's file is written in. */

const BEGIN = ['Vel', 'Zan', 'Tor', 'Mi', 'Ca', 'Lex', 'Pra', 'Oni', 'Sul', 'Fen', 'Dro', 'Ke', 'Bri', 'Ux', 'Ana', 'Qui'];
const MIDDLE = ['otre', 'ibra', 'ula', 'axi', 'edo', 'ympa', 'ilo', 'once'];
const END = ['xamine', 'pranol', 'stat', 'cillin', 'mab', 'zole', 'dipine', 'vir'];
const BEYOND_ASCII = ['Crème Élanore', 'Niño Solvérat', 'Zürivel®', 'Ångström Linctus', 'µ-Dropol™', '清涼 Mentarol', 'Guang’an Velora', 'Señal—Vítrex'];

/** 1,024 invented product names, one in 32 with letters beyond ASCII. */
export const STEMS: readonly string[] = Array.from({ length: 1024 }, (_, n) =>
  n % 32 === 5
    ? `${BEYOND_ASCII[(n >> 5) % BEYOND_ASCII.length]} ${n >> 5}`
    : `${BEGIN[n & 15]}${MIDDLE[(n >> 4) & 7]}${END[(n >> 7) & 7]}`,
);

export const SALTS: readonly string[] = [
  '', ' Hydrochloride', ' Sodium', ' Maleate', ' Besylate and Caffeine Citrate', ' Tartrate', ' Calcium Trihydrate', ' Succinate',
  '', ' HCl', ' Potassium and Magnesium Oxide', ' Mesylate', ' Acetate', ' Sulfate', ' Bromide and Zinc Gluconate', ' Phosphate',
];

/** What follows the name on a label. Some carry commas or quotes, and so must be quoted in CSV. */
export const TAILS: readonly string[] = [
  '',
  ' Extended-Release Tablets for Once-Daily Dosing',
  ' Tablets USP, 250 mg, Film-Coated, Bottle of 100',
  ' 10 mg/mL Injection for Intravenous or Intramuscular Use',
  ' Pediatric "Gentle" Drops with Measuring Syringe',
  ' ER 500',
  ' Topical Solution 2% w/w with Applicator Brush',
  ' for Oral Suspension, Cherry Flavor, When Reconstituted',
  ' Delayed-Release Capsules in Unit Dose Blister Packs',
  ' Preservative Free Single-Use Containers',
  ' XR 24-Hour Transdermal System, Assorted Strengths',
  ' Ophthalmic Solution 0.5% in Dropper Bottle',
  ' Maximum Strength Cold and Flu Relief Severe Formula',
  ' "Night" Formula Non-Habit-Forming Sleep Aid',
  ' Sterile Diluent, Preservative Free, for Parenteral Use',
  ' Metered-Dose Inhaler with Dose Counter',
];

/** SPL dosage form terms; the commas are part of them. */
export const DOSAGE_FORMS: readonly string[] = [
  'TABLET', 'TABLET, FILM COATED', 'CAPSULE', 'INJECTION, SOLUTION', 'TABLET, FILM COATED, EXTENDED RELEASE', 'SOLUTION', 'CREAM', 'CAPSULE, EXTENDED RELEASE',
  'INJECTION, POWDER, LYOPHILIZED, FOR SOLUTION', 'OINTMENT', 'SOLUTION/ DROPS', 'TABLET, CHEWABLE', 'POWDER, FOR SUSPENSION', 'GEL', 'AEROSOL, METERED', 'KIT',
];

export const BILLING_UNITS: readonly string[] = ['EA', 'ML', 'GM', ''];

export interface MarketingProfile {
  category: string;
  productType: string;
  /** Application number or citation for a number below a million. */
  application: (n: number) => string;
}

const numbered = (prefix: string) => (n: number) => prefix + String(1_000_000 + n).slice(1);
const RX = 'HUMAN PRESCRIPTION';
const OTC = 'HUMAN OTC DRUG';

/** Profiles of rows whose item code is an NDC; taken by the row's hash, so a repeated profile is a more frequent one. */
export const DRUG_PROFILES: readonly MarketingProfile[] = [
  { category: 'ANDA', productType: RX, application: numbered('ANDA') },
  { category: 'NDA', productType: RX, application: numbered('NDA') },
  { category: 'ANDA', productType: RX, application: numbered('ANDA') },
  { category: 'OTC Monograph Drug', productType: OTC, application: (n) => `M${String(n % 40).padStart(3, '0')}` },
  { category: 'ANDA', productType: RX, application: numbered('ANDA') },
  { category: 'BLA', productType: RX, application: numbered('BLA') },
  { category: 'NDA AUTHORIZED GENERIC', productType: RX, application: numbered('NDA') },
  { category: 'OTC MONOGRAPH FINAL', productType: OTC, application: (n) => `part${330 + (n % 28)}` },
  { category: 'ANDA', productType: OTC, application: numbered('ANDA') },
  { category: 'unapproved homeopathic', productType: OTC, application: () => '' },
  { category: 'ANDA', productType: RX, application: numbered('ANDA') },
  { category: 'NADA', productType: 'PRESCRIPTION ANIMAL', application: numbered('NADA') },
  { category: 'NDA', productType: RX, application: numbered('NDA') },
  { category: 'unapproved drug other', productType: RX, application: () => '' },
  { category: 'ANDA', productType: RX, application: numbered('ANDA') },
  { category: 'OTC Monograph Drug', productType: OTC, application: (n) => `505G(a)(3), 21 CFR ${300 + (n % 60)}` },
];

/** Profiles of rows with an NHRIC code of three segments, which only the product type tells from an NDC. */
export const DEVICE_PROFILES: readonly MarketingProfile[] = [
  { category: 'Premarket Notification', productType: 'MEDICAL DEVICE', application: numbered('K') },
  { category: 'Exempt device', productType: 'MEDICAL DEVICE', application: () => '' },
];

/** Profiles of rows with an NHRIC code of two segments. */
export const HEALTH_ITEM_PROFILES: readonly MarketingProfile[] = [
  ...DEVICE_PROFILES,
  { category: 'Medical Food', productType: 'MEDICAL FOOD', application: () => '' },
  { category: 'Dietary Supplement', productType: 'DIETARY SUPPLEMENT', application: () => '' },
];

/** The profile of rows with an ISBT code. */
export const CELL_PROFILE: MarketingProfile = { category: 'BLA', productType: 'CELLULAR THERAPY', application: numbered('BLA') };

/** The members, columns and column orders of the NDC directory's three zips. */

export const CDER_DIRECTORIES = ['finished', 'unfinished', 'excluded'] as const;
export type CderDirectory = (typeof CDER_DIRECTORIES)[number];

export const PRODUCT_COLUMNS = [
  'PRODUCTID', 'PRODUCTNDC', 'PRODUCTTYPENAME', 'PROPRIETARYNAME', 'PROPRIETARYNAMESUFFIX', 'NONPROPRIETARYNAME', 'DOSAGEFORMNAME', 'ROUTENAME',
  'STARTMARKETINGDATE', 'ENDMARKETINGDATE', 'MARKETINGCATEGORYNAME', 'APPLICATIONNUMBER', 'LABELERNAME', 'SUBSTANCENAME', 'ACTIVE_NUMERATOR_STRENGTH',
  'ACTIVE_INGRED_UNIT', 'PHARM_CLASSES', 'DEASCHEDULE', 'NDC_EXCLUDE_FLAG', 'LISTING_RECORD_CERTIFIED_THROUGH',
] as const;
export type ProductColumn = (typeof PRODUCT_COLUMNS)[number];

export const PACKAGE_COLUMNS = [
  'PRODUCTID', 'PRODUCTNDC', 'NDCPACKAGECODE', 'PACKAGEDESCRIPTION', 'STARTMARKETINGDATE', 'ENDMARKETINGDATE', 'NDC_EXCLUDE_FLAG', 'SAMPLE_PACKAGE',
] as const;
export type PackageColumn = (typeof PACKAGE_COLUMNS)[number];

export type CderProduct = Record<ProductColumn, string>;
export type CderPackage = Record<PackageColumn, string>;

const NOT_IN_UNFINISHED = new Set<ProductColumn>([
  'PROPRIETARYNAME', 'PROPRIETARYNAMESUFFIX', 'ROUTENAME', 'APPLICATIONNUMBER', 'PHARM_CLASSES', 'NDC_EXCLUDE_FLAG',
]);

interface DirectoryFiles {
  /** Name of the zip on FDA's server. */
  zip: string;
  /** The zip's text members. FDA's excluded members are spelled this way, with a capital and the plural. */
  productMember: string;
  packageMember: string;
  productColumns: readonly ProductColumn[];
  packageColumns: readonly PackageColumn[];
}

export const DIRECTORY_FILES: Record<CderDirectory, DirectoryFiles> = {
  finished: {
    zip: 'ndctext.zip',
    productMember: 'product.txt',
    packageMember: 'package.txt',
    productColumns: PRODUCT_COLUMNS,
    packageColumns: PACKAGE_COLUMNS,
  },
  unfinished: {
    zip: 'ndc_unfinished.zip',
    productMember: 'unfinished_product.txt',
    packageMember: 'unfinished_package.txt',
    productColumns: PRODUCT_COLUMNS.filter((column) => !NOT_IN_UNFINISHED.has(column)),
    packageColumns: PACKAGE_COLUMNS.slice(0, 4),
  },
  excluded: {
    zip: 'ndc_excluded.zip',
    productMember: 'Products_excluded.txt',
    packageMember: 'Packages_excluded.txt',
    productColumns: PRODUCT_COLUMNS,
    packageColumns: PACKAGE_COLUMNS,
  },
};

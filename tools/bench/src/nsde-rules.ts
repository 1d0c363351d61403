/** Thirty rules of many kinds over NSDE's silver table, which FDA's data meets. */

/** In DQDL; no two alike. */
export const NSDE_RULES: readonly string[] = [
  'RowCount > 0',
  'RowCount > 0 where "item_code_type = \'ndc\'"',
  'ColumnCount > 15',
  'ColumnExists "item_code"',
  'ColumnNamesMatchPattern "[a-z0-9_]+"',
  'IsComplete "item_code"',
  'IsComplete "item_code_type"',
  'IsUnique "item_code"',
  'IsPrimaryKey "item_code"',
  'Uniqueness "ndc11" > 0.5',
  'UniqueValueRatio "proprietary_name" >= 0.0',
  'DistinctValuesCount "dosage_form" > 3',
  'DistinctValuesCount "marketing_category" > 1',
  'Entropy "product_type" > 0.01',
  'Completeness "ndc11" > 0.5',
  'Completeness "proprietary_name" > 0.5',
  'Completeness "marketing_start_date" > 0.5',
  'Completeness "marketing_end_date" >= 0.0',
  'Completeness "billing_unit" >= 0.0',
  'Completeness "application_number" >= 0.0 where "marketing_category is not null"',
  'ColumnLength "item_code" between 2 and 60',
  'ColumnLength "ndc11" <= 11',
  'ColumnValues "item_code" matches "[A-Z0-9-]+"',
  'ColumnValues "item_code_type" in ["ndc", "nhric", "isbt", "unknown"]',
  'ColumnValues "ndc_format" in ["4-4-2", "5-3-2", "5-4-1", "5-4-2", "6-4-1", "6-4-2", "6-3-2", NULL]',
  'ColumnValues "_line" >= 2',
  'ColumnValues "_line" < 1000000000',
  'Mean "_line" > 1',
  'StandardDeviation "_line" > 0',
  'CustomSql "select count(*) from primary where item_code is null" = 0',
];

/** What those rules measure, as somebody would ask DuckDB for it who had to write it once; rows of a table that stands after FROM. */
export function writeBareCheck(table: string): string {
  const groups = (column: string) => `(select count(*) as groups, count(*) filter (n = 1) as singles, sum(n) as grouped from (select count(*) as n from ${table} where ${column} is not null group by ${column}))`;
  return `
    select *
    from (
      select
        count(*) as rows,
        count(*) filter (item_code_type = 'ndc') as ndc_rows,
        count(item_code) as item_codes,
        count(item_code_type) as item_code_types,
        count(ndc11) as ndc11s,
        count(proprietary_name) as names,
        count(marketing_start_date) as starts,
        count(marketing_end_date) as ends,
        count(billing_unit) as units,
        count(application_number) filter (marketing_category is not null) as applications,
        count(*) filter (marketing_category is not null) as categories,
        min(length(item_code)) as shortest_code,
        max(length(item_code)) as longest_code,
        max(length(ndc11)) as longest_ndc11,
        count(*) filter (regexp_full_match(item_code, '[A-Z0-9-]+')) as well_formed,
        count(*) filter (item_code_type in ('ndc', 'nhric', 'isbt', 'unknown')) as known_types,
        count(*) filter (ndc_format is null or ndc_format in ('4-4-2', '5-3-2', '5-4-1', '5-4-2', '6-4-1', '6-4-2', '6-3-2')) as known_formats,
        min(_line) as first_line,
        max(_line) as last_line,
        avg(_line) as mean_line,
        stddev_pop(_line) as line_deviation,
        count(*) filter (item_code is null) as without_code,
        entropy(product_type) as type_entropy,
        count(distinct dosage_form) as dosage_forms,
        count(distinct marketing_category) as marketing_categories
      from ${table}
    ), ${groups('item_code')}, ${groups('ndc11')}, ${groups('proprietary_name')}`;
}

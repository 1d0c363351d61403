/**
 * The project's SQL macros: what every drug dataset needs, declared once, in DuckDB's dialect.
 * Sources: 21 CFR 207.33 and 91 FR 10749 for NDC forms; the files themselves for dates and lists.
 */

/** Three segments of digits; where the hyphens stand then tells the format. Both tests are cheap, which matters on millions of codes. */
const THREE_SEGMENTS = '[0-9]+-[0-9]+-[0-9]+';

const NDC_SHAPES: Readonly<Record<string, string>> = {
  '4-4-2': '____-____-__',
  '5-3-2': '_____-___-__',
  '5-4-1': '_____-____-_',
  '5-4-2': '_____-____-__',
  '6-4-2': '______-____-__',
};

const ndcFormatCases = Object.entries(NDC_SHAPES)
  .map(([format, shape]) => `when code like '${shape}' then '${format}'`)
  .join(' ');

/** Outside round brackets (two levels deep), a `;` separates; everything else, a lone bracket included, belongs to the value. */
const LIST_VALUE = String.raw`(?:[^;()]|\((?:[^()]|\([^()]*\))*\)|[()])+`;

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * The macros as statements, in an order in which each may use those before it.
 * `nullTokens` are the texts that `clean` takes for "no value", compared after trimming.
 */
export function buildMacros(nullTokens: readonly string[]): string[] {
  const tokens = [...new Set(['', ...nullTokens])].map(quote).join(', ');
  return [
    // Text without outer spaces; NULL where nothing is said.
    `create or replace macro clean(value) as case when trim(value) in (${tokens}) then null else trim(value) end`,

    // YYYYMMDD as a DATE; NULL where the text is none, which date_problem then tells apart from "no value".
    `create or replace macro parse_date(value) as case when length(trim(value)) = 8 then try_strptime(trim(value), '%Y%m%d')::date end`,
    `create or replace macro date_problem(label, value) as case when clean(value) is not null and parse_date(value) is null then label || ' is not a date (YYYYMMDD): "' || trim(value) || '"' end`,

    // NDC codes. Only a hyphenated code has a format: ten bare digits could be any of three.
    `create or replace macro ndc_format(code) as case when regexp_full_match(code, '${THREE_SEGMENTS}') then case ${ndcFormatCases} end end`,
    // 5-4-2 without hyphens. A six-digit labeler has no 11-digit form, unless its first digit is the padding zero.
    `create or replace macro ndc11(code) as case ndc_format(code)
       when '5-4-2' then replace(code, '-', '')
       when '4-4-2' then '0' || replace(code, '-', '')
       when '5-3-2' then substr(code, 1, 5) || '0' || substr(code, 7, 3) || substr(code, 11, 2)
       when '5-4-1' then substr(code, 1, 5) || substr(code, 7, 4) || '0' || substr(code, 12, 1)
       when '6-4-2' then case when starts_with(code, '0') then substr(replace(code, '-', ''), 2) end
     end`,
    // The uniform 6-4-2 form, without hyphens.
    `create or replace macro ndc12(code) as case when ndc_format(code) = '6-4-2' then replace(code, '-', '') else '0' || ndc11(code) end`,
    // The way back: an 11-digit code in a source form, NULL where the digit to be dropped is not zero.
    `create or replace macro ndc_from_11(code, form) as case
       when code is null or not regexp_full_match(code, '[0-9]{11}') then null
       when form = '5-4-2' then substr(code, 1, 5) || '-' || substr(code, 6, 4) || '-' || substr(code, 10, 2)
       when form = '4-4-2' and substr(code, 1, 1) = '0' then substr(code, 2, 4) || '-' || substr(code, 6, 4) || '-' || substr(code, 10, 2)
       when form = '5-3-2' and substr(code, 6, 1) = '0' then substr(code, 1, 5) || '-' || substr(code, 7, 3) || '-' || substr(code, 10, 2)
       when form = '5-4-1' and substr(code, 10, 1) = '0' then substr(code, 1, 5) || '-' || substr(code, 6, 4) || '-' || substr(code, 11, 1)
     end`,

    // Lists within a field. Positions count: an empty place stays a place (NULL), so that parallel lists stay parallel.
    `create or replace macro keep_places(value) as regexp_replace(regexp_replace(replace(replace(value, ';;', '; ;'), ';;', '; ;'), '^;', ' ;'), ';$', '; ')`,
    `create or replace macro split_list(value) as case when clean(value) is null then []::varchar[] else list_transform(regexp_extract_all(keep_places(trim(value)), ${quote(LIST_VALUE)}), lambda item: clean(item)) end`,
    // "Class, with a comma [EPC],Other [MoA]": split after the closing square bracket.
    `create or replace macro split_classes(value) as case when clean(value) is null then []::varchar[] else list_filter(list_transform(regexp_extract_all(value, '[^\\]]+\\]?'), lambda item: clean(regexp_replace(item, '^[, ]+', ''))), lambda item: item is not null) end`,
  ];
}

/** One question whose answer, one text, tells releases apart, and would tell half of one, or two mixed: both layers, every row, every column. */
export const RELEASE_QUESTION = `
  select concat_ws(' ', silver.n, silver.h, silver.first_code, silver.last_code, bronze.n, bronze.h) as answer
  from (select count(*) as n, sum(hash(e)::hugeint) as h, min(item_code) as first_code, max(item_code) as last_code from nsde.elements e) silver,
       (select count(*) as n, sum(hash(b)::hugeint) as h from nsde_bronze.elements b) bronze`;

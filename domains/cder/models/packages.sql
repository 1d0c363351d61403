-- One row per package. Codes that are no NDC stay as they are, without a format or a uniform form.
select
  clean(product_id) as product_id,
  clean(product_ndc) as product_ndc,
  clean(ndc_package_code) as ndc_package_code,
  ndc_format(clean(ndc_package_code)) as ndc_format,
  ndc11(clean(ndc_package_code)) as ndc11,
  ndc12(clean(ndc_package_code)) as ndc12,
  clean(package_description) as package_description,
  parse_date(start_marketing_date) as start_marketing_date,
  parse_date(end_marketing_date) as end_marketing_date,
  clean(ndc_exclude_flag) as ndc_exclude_flag,
  clean(sample_package) as sample_package,
  nullif(concat_ws('; ',
    date_problem('start_marketing_date', start_marketing_date),
    date_problem('end_marketing_date', end_marketing_date)
  ), '') as _problem,
  case when ndc_format(clean(ndc_package_code)) is null then 'the package code is no NDC' end as _finding,
  _source,
  _member,
  _line
from bronze.packages

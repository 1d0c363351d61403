-- One row per item code of the NSDE file: codes told apart by kind, NDCs in their uniform forms, dates as DATE.
with coded as (
  select
    clean(item_code) as item_code,
    ndc_format(clean(item_code)) as ndc_format,
    ndc11(clean(item_code)) as ndc11,
    clean(ndc11) as source_ndc11,
    clean(product_type) as product_type,
    * exclude (item_code, ndc11, product_type)
  from bronze.elements
),

typed as (
  select
    -- NDC and NHRIC codes are digits in segments; ISBT 128 codes begin with the letter of a facility.
    case
      when ndc_format is not null and coalesce(product_type not ilike '%device%', true) then 'ndc'
      when regexp_full_match(item_code, '[0-9]{4,5}-[0-9]{1,6}|[0-9]{1,5}-[0-9]{1,4}-[0-9]{1,2}') then 'nhric'
      when regexp_full_match(item_code, '[A-Z][0-9]{4}[A-Z0-9-]*') then 'isbt'
      when item_code is not null then 'unknown'
    end as item_code_type,
    *
  from coded
)

select
  item_code,
  item_code_type,
  case when item_code_type = 'ndc' then ndc_format end as ndc_format,
  case when item_code_type = 'ndc' then ndc11 end as ndc11,
  case when item_code_type = 'ndc' then ndc12(item_code) end as ndc12,
  clean(proprietary_name) as proprietary_name,
  clean(dosage_form) as dosage_form,
  clean(marketing_category) as marketing_category,
  clean(application_number) as application_number,
  product_type,
  parse_date(marketing_start_date) as marketing_start_date,
  parse_date(marketing_end_date) as marketing_end_date,
  clean(billing_unit) as billing_unit,
  parse_date(inactivation_date) as inactivation_date,
  parse_date(reactivation_date) as reactivation_date,
  nullif(concat_ws('; ',
    date_problem('marketing_start_date', marketing_start_date),
    date_problem('marketing_end_date', marketing_end_date),
    date_problem('inactivation_date', inactivation_date),
    date_problem('reactivation_date', reactivation_date)
  ), '') as _problem,
  case
    when item_code_type <> 'ndc' or source_ndc11 is null or source_ndc11 = ndc11 then null
    when lpad(source_ndc11, 11, '0') = ndc11 then 'NDC11 has lost its leading zeros in the source'
    else 'NDC11 in the source is not the item code''s'
  end as _finding,
  _source,
  _member,
  _line
from typed

-- One row per pharmacological class of a product: "Opioid Agonist [EPC]" is the class Opioid Agonist of the type EPC.
with classes as (
  select
    product_id,
    unnest(split_classes(pharm_classes)) as class,
    generate_subscripts(split_classes(pharm_classes), 1) as ordinal,
    _source,
    _member,
    _line
  from silver.products
)

select
  product_id,
  ordinal::integer as ordinal,
  clean(regexp_replace(class, '\s*\[[^\[\]]*\]$', '')) as class_name,
  nullif(regexp_extract(class, '\[([^\[\]]*)\]$', 1), '') as class_type,
  _source,
  _member,
  _line
from classes

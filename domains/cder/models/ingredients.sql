-- One row per active ingredient: substance, strength and unit belong together by their position in three lists.
with lists as (
  select
    product_id,
    split_list(substance_name) as substances,
    split_list(active_numerator_strength) as strengths,
    split_list(active_ingred_unit) as units,
    _source,
    _member,
    _line
  from silver.products
),

positions as (
  select *, unnest(range(1, greatest(len(substances), len(strengths), len(units)) + 1)) as ordinal
  from lists
)

select
  product_id,
  ordinal::integer as ordinal,
  substances[ordinal] as substance_name,
  strengths[ordinal] as strength,
  units[ordinal] as unit,
  case
    when len(substances) <> len(strengths) or len(substances) <> len(units)
    then 'lists of unequal length: ' || len(substances) || ' substances, ' || len(strengths) || ' strengths, ' || len(units) || ' units'
  end as _finding,
  _source,
  _member,
  _line
from positions

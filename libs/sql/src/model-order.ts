/** Finds what a model reads from its SQL, and puts models in an order in which each finds its inputs built. */
import { ModelError } from '@inlet/errors';

export interface TableReference {
  schema: 'bronze' | 'silver' | 'gold';
  table: string;
}

interface NamedSql {
  name: string;
  layer: 'silver' | 'gold';
  sql: string;
}

/** Comments and strings, so that what stands inside them is not taken for code. */
const OPAQUE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g;
const REFERENCE = /(?<![\w."])(?:"(bronze|silver|gold)"|(bronze|silver|gold))\s*\.\s*(?:"([^"]+)"|([a-z_]\w*))(?!\s*\()/gi;

/** Every `bronze.<t>`, `silver.<t>` and `gold.<t>` that the SQL names, once each, in order of appearance. */
export function findTableReferences(sql: string): TableReference[] {
  const code = sql.replace(OPAQUE, ' ');
  const found = new Map<string, TableReference>();
  for (const [, quotedSchema, bareSchema, quoted, bare] of code.matchAll(REFERENCE)) {
    const reference = { schema: (quotedSchema ?? bareSchema ?? '').toLowerCase() as TableReference['schema'], table: quoted ?? (bare ?? '').toLowerCase() };
    found.set(`${reference.schema}.${reference.table}`, reference);
  }
  return [...found.values()];
}

/** Models so ordered that each comes after those it reads; otherwise in the order given. Throws ModelError on an unknown table or a cycle. */
export function orderModels<M extends NamedSql>(models: readonly M[], bronzeTables: readonly string[]): M[] {
  const byTable = new Map(models.map((model) => [`${model.layer}.${model.name}`, model]));
  const known = new Set([...byTable.keys(), ...bronzeTables.map((name) => `bronze.${name}`)]);
  const ordered: M[] = [];
  const path: string[] = [];

  const visit = (model: M): void => {
    const id = `${model.layer}.${model.name}`;
    if (ordered.includes(model)) return;
    if (path.includes(id)) throw cycleError([...path.slice(path.indexOf(id)), id]);
    path.push(id);
    for (const { schema, table } of findTableReferences(model.sql)) {
      const input = `${schema}.${table}`;
      if (!known.has(input)) throw unknownTableError(model, input, known);
      const inputModel = byTable.get(input);
      if (inputModel) visit(inputModel);
    }
    path.pop();
    ordered.push(model);
  };
  models.forEach(visit);
  return ordered;
}

function unknownTableError(model: NamedSql, input: string, known: ReadonlySet<string>): ModelError {
  return new ModelError({
    what: `The model ${model.name} reads a table that does not exist`,
    where: `models/${model.name}.sql`,
    expected: `one of ${[...known].sort().join(', ')}`,
    found: input,
    next: 'Correct the name, or add the table or model to config/dataset.json.',
  });
}

function cycleError(cycle: readonly string[]): ModelError {
  return new ModelError({
    what: 'Models read each other in a circle',
    expected: 'models that can be built one after the other',
    found: cycle.join(' -> '),
    next: 'Take one of these references out.',
  });
}

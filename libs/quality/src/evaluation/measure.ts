/** Asks the table for all figures of all rules: what can share a scan shares it, and one that cannot be had does not take the others with it. */
import type { CheckContext } from './check';
import { describeQueryFailure, RuleProblem } from './rule-problem';

/** One number of a table: known already, or an aggregate over its rows. */
export type Figure = { known: number } | { aggregate: string };

/** Columns whose groups of equal values are counted. */
export interface Grouping {
  /** Quoted. */
  columns: readonly string[];
  /** Which rows count, as SQL in brackets; null for all. */
  scope: string | null;
  /** Set where they are known to be a key of so many rows. */
  knownKeyRows?: number;
}

/** So many groups have so many rows each. */
export interface GroupSize {
  rows: number;
  groups: number;
  /** Whether all, or any, of the columns are NULL in these groups. */
  isAllNull: boolean;
  hasNull: boolean;
}

/** What rules ask of the table that they check. */
export interface Request {
  figures: Readonly<Record<string, Figure>>;
  grouping: Grouping | null;
}

/** Figures by the names in their request; NULL where there was nothing to take one from. */
export interface Answer {
  figures: Readonly<Record<string, number | null>>;
  groups: readonly GroupSize[];
}

type Outcome<Value> = Value | RuleProblem;

/** The answer to each request in order, or why there is none. Throws what interrupts the run. */
export async function gatherAnswers(requests: readonly Request[], context: Pick<CheckContext, 'primary' | 'query' | 'pii'>): Promise<Outcome<Answer>[]> {
  const aggregates = new Set(requests.flatMap(({ figures }) => Object.values(figures).flatMap((figure) => ('aggregate' in figure ? [figure.aggregate] : []))));
  const numbers = await askAggregates([...aggregates], context);
  const groupings = new Map<string, Outcome<readonly GroupSize[]>>();
  for (const { grouping } of requests) {
    if (grouping === null || groupings.has(keyOf(grouping))) continue;
    groupings.set(keyOf(grouping), await askGroups(grouping, context));
  }
  return requests.map((request) => assemble(request, numbers, groupings));
}

/** Columns in another order make the same groups. */
const keyOf = ({ columns, scope }: Grouping) => JSON.stringify([[...columns].sort(), scope]);

function assemble({ figures, grouping }: Request, numbers: ReadonlyMap<string, Outcome<number | null>>, groupings: ReadonlyMap<string, Outcome<readonly GroupSize[]>>): Outcome<Answer> {
  const values: Record<string, number | null> = {};
  for (const [name, figure] of Object.entries(figures)) {
    const value = 'known' in figure ? figure.known : numbers.get(figure.aggregate) ?? null;
    if (value instanceof RuleProblem) return value;
    values[name] = value;
  }
  const groups = grouping === null ? [] : groupings.get(keyOf(grouping)) ?? [];
  return groups instanceof RuleProblem ? groups : { figures: values, groups: groups as readonly GroupSize[] };
}

type Asking = Pick<CheckContext, 'primary' | 'query' | 'pii'>;

/** One scan for all; where it fails, one for each half, so that only what is at fault remains without an answer. */
async function askAggregates(aggregates: readonly string[], context: Asking): Promise<Map<string, Outcome<number | null>>> {
  if (aggregates.length === 0) return new Map();
  try {
    const columns = aggregates.map((aggregate, index) => `${aggregate} AS "f${index}"`);
    const [row = {}] = await context.query(`SELECT ${columns.join(', ')} FROM ${context.primary.from}`);
    return new Map(aggregates.map((aggregate, index) => [aggregate, readNumber(row[`f${index}`])]));
  } catch (error) {
    const problem = toProblem(error, context);
    if (aggregates.length === 1) return new Map(aggregates.map((aggregate) => [aggregate, problem]));
    const middle = Math.ceil(aggregates.length / 2);
    const first = await askAggregates(aggregates.slice(0, middle), context);
    return new Map([...first, ...(await askAggregates(aggregates.slice(middle), context))]);
  }
}

async function askGroups(grouping: Grouping, context: Asking): Promise<Outcome<readonly GroupSize[]>> {
  const { columns, scope, knownKeyRows } = grouping;
  if (knownKeyRows !== undefined) return knownKeyRows === 0 ? [] : [{ rows: 1, groups: knownKeyRows, isAllNull: false, hasNull: false }];
  const areNull = columns.map((column) => `${column} IS NULL`);
  const groups = `SELECT count(*) AS "rows", (${areNull.join(' AND ')}) AS "all_null", (${areNull.join(' OR ')}) AS "has_null" FROM ${context.primary.from}${scope === null ? '' : ` WHERE ${scope}`} GROUP BY ${columns.join(', ')}`;
  try {
    const sizes = await context.query(`SELECT "rows", "all_null", "has_null", count(*) AS "groups" FROM (${groups}) GROUP BY "rows", "all_null", "has_null"`);
    return sizes.map((size) => ({ rows: Number(size['rows']), groups: Number(size['groups']), isAllNull: size['all_null'] === true, hasNull: size['has_null'] === true }));
  } catch (error) {
    return toProblem(error, context);
  }
}

/** Numbers that no double is, NULL among them, come as null. */
export function readNumber(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** The problem of a rule whose query failed. Throws the error itself where the run as a whole was interrupted. */
export function toProblem(error: unknown, { pii }: Pick<CheckContext, 'pii'>): RuleProblem {
  if (error instanceof RuleProblem) return error;
  if (isInterruption(error)) throw error;
  return new RuleProblem(describeQueryFailure(error, (pii?.size ?? 0) > 0));
}

/** Whether the run as a whole is to end, and not a rule alone. */
export function isInterruption(error: unknown): boolean {
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
  return name === 'InterruptedError' || name === 'AbortError';
}

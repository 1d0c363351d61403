/** The rules that send rows to the quarantine, compiled against the columns that a model turned out to have. */
import { RulesetError } from '@inlet/errors';
import type { SilverTablePlan } from '@inlet/pipeline';
import { compileRowCondition, parseRuleset, printBareRule, type Relation, type Rule } from '@inlet/quality';
import { quoteName } from '@inlet/sql';
import { duckDbMessage, type Database } from './database';
import type { ModelColumn } from './model-checks';
import type { ModelSource } from './silver-model';

interface RowRuleContext {
  /** View of the model. */
  view: string;
  columns: readonly ModelColumn[];
  /** Tables that rules may ask for, by the names under which they know them. */
  references: ReadonlyMap<string, Relation>;
}

/** The model's rows with a column for each rule; the view itself where there is none. Throws RulesetError for a rule that these rows cannot answer. */
export async function applyRowRules(db: Database, plan: SilverTablePlan, { view, columns, references }: RowRuleContext): Promise<ModelSource> {
  if (plan.rowRules === undefined) return { plan, from: view, columns, rules: [] };
  const { rules, variables } = parseRuleset(plan.rowRules.ruleset);
  const target = { primary: { from: view, columns }, references, now: new Date(plan.rowRules.now), variables: new Map(variables.map(({ name, value }) => [name, value])) };
  const compiled = rules.map((rule, index) => {
    const text = printBareRule(rule);
    const condition = compile(plan, rule, target);
    if (condition === null) throw refusal(plan, text, 'a rule that says nothing of single rows');
    return { rule: text, column: `_inlet_rule_${index}`, condition };
  });
  for (const { rule, condition } of compiled) await requireAnswer(db, plan, { rule, trial: `select (${condition}) from ${view} limit 0` });
  const from = `model.${quoteName(`${plan.layer}_${plan.name}_ruled`)}`;
  await db.run(`create view ${from} as select *, ${compiled.map(({ condition, column }) => `(${condition}) as ${quoteName(column)}`).join(', ')} from ${view}`);
  return { plan, from, columns, rules: compiled.map(({ rule, column }) => ({ rule, column })) };
}

/** The plan holds the rules as they are printed, so a place in them is none in quality.dqdl. */
function compile(plan: SilverTablePlan, rule: Rule, target: Parameters<typeof compileRowCondition>[1]): string | null {
  try {
    return compileRowCondition(rule, target);
  } catch (error) {
    if (!(error instanceof RulesetError)) throw error;
    throw refusal(plan, printBareRule(rule), error.parts.found ?? error.message, error);
  }
}

interface FailedBuild {
  /** View of the model. */
  view: string;
  error: unknown;
  /** Tell nothing that may be a value. */
  hidesValues: boolean;
}

/**
 * The refusal of the first rule that fails where the model alone does not, such as one whose filter casts what cannot be cast; undefined where no rule
 * is at fault. Runs the model again.
 */
export async function findFailingRule(db: Database, { plan, from, rules }: ModelSource, { view, error, hidesValues }: FailedBuild): Promise<RulesetError | undefined> {
  if (rules.length === 0 || readFault(error) === undefined) return undefined;
  if ((await findFailure(db, `select max(hash(m)) from ${view} m`)) !== undefined) return undefined;
  for (const { rule, column } of rules) {
    const failure = await findFailure(db, `select count(*) from ${from} where ${quoteName(column)} is false`);
    const fault = readFault(failure);
    if (fault === undefined) continue;
    return hidesValues ? refusal(plan, rule, `${fault.kind} Error, of which no more is told: it may hold a value, and there are personal columns`) : refusal(plan, rule, fault.message, failure);
  }
  return undefined;
}

/** What DuckDB objects to in a query; undefined for what the machine lacks, and for errors that are not DuckDB's. */
function readFault(error: unknown): { kind: string; message: string } | undefined {
  const [message = ''] = duckDbMessage(error).split('\n', 1);
  const [, kind] = /^([A-Z][A-Za-z ]*) Error: /.exec(message) ?? [];
  return kind === undefined || kind === 'IO' || kind === 'Out of Memory' || kind === 'INTERRUPT' ? undefined : { kind, message };
}

async function findFailure(db: Database, sql: string): Promise<unknown> {
  return db.rows(sql).then(() => undefined, (error: unknown) => error);
}

/** A filter in a rule is SQL of its own; a wrong one must not pass for a fault of the model. */
async function requireAnswer(db: Database, plan: SilverTablePlan, { rule, trial }: { rule: string; trial: string }): Promise<void> {
  try {
    await db.run(trial);
  } catch (error) {
    const message = duckDbMessage(error);
    if (!/^(Binder|Parser|Catalog|Permission) Error: /.test(message)) throw error;
    throw refusal(plan, rule, message.split('\n', 1)[0] ?? '', error);
  }
}

function refusal(plan: SilverTablePlan, rule: string, found: string, cause?: unknown): RulesetError {
  return new RulesetError({
    what: `The rows of ${plan.name} cannot be asked whether they meet a rule`,
    where: `quality.dqdl, ${rule}`,
    expected: 'a rule on columns that the model has, with the types that it gives them',
    found,
    next: 'Correct the rule in quality.dqdl.',
    cause,
  });
}

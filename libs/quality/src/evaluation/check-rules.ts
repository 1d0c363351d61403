/** Evaluates a ruleset: rules become requests, requests share scans, and the answers become outcomes. */
import { listLabels, printAnalyzer, type Analyzer, type CompositeRule, type NumberCondition, type Rule, type Ruleset, type SimpleRule } from '../dqdl';
import type { AnalyzerResult, CheckContext, Evaluation, RuleResult } from './check';
import { compileRule, printWithoutLabels, writeEvaluated } from './compile-rule';
import type { CompiledRule, RuleContext } from './compiled-rule';
import { boundReason, RuleProblem } from './rule-problem';
import { listMetrics, passed, toError, type Conclusion } from './conclusion';
import type { Comparison } from './dynamic-number';
import { gatherAnswers, toProblem, type Answer, type Request } from './measure';
import { writeCondition } from './row-condition';
import { readArguments } from './rule-target';
import { compileShownAnalyzer } from './shown-analyzer';
import type { Statistic } from './statistic';

/** The outcome of each rule, in the order of the ruleset. Throws only what interrupts the run as a whole. */
export async function checkRules(ruleset: Ruleset, context: CheckContext): Promise<RuleResult[]> {
  return (await evaluateRuleset({ ...ruleset, analyzers: [] }, context)).rules;
}

/** A rule's part in the shared scan: where its requests begin among all, and what is made of their answers. */
interface Prepared {
  requests: readonly Request[];
  conclude: (answers: readonly (Answer | RuleProblem)[]) => Conclusion | Promise<Conclusion>;
}

/** The outcomes of the rules and of the analyzers. Throws only what interrupts the run as a whole. */
export async function evaluateRuleset(ruleset: Ruleset, context: CheckContext): Promise<Evaluation> {
  const resolved = new Map<NumberCondition, Comparison>();
  const ruleContext: RuleContext = { ...context, variables: new Map(ruleset.variables.map(({ name, value }) => [name, value])), resolved };
  const rules = ruleset.rules.map((rule) => prepareRule(rule, ruleContext));
  const analyzers = ruleset.analyzers.map((analyzer) => prepareAnalyzer(analyzer, ruleContext));
  const conclusions = await concludeAll([...rules, ...analyzers], context);
  const gathered = ruleset.analyzers.map((analyzer, index) => describeAnalyzer(analyzer, conclusions[rules.length + index] ?? NOT_EVALUATED));
  return {
    rules: ruleset.rules.map((rule, index) => ({
      rule: printWithoutLabels(rule),
      ...describeEvaluated(rule, resolved),
      ...(conclusions[index] ?? NOT_EVALUATED),
      labels: listLabels(ruleset, rule),
    })),
    analyzers: gathered,
    metrics: Object.assign({}, ...gathered.map(({ metrics }) => metrics)) as Record<string, number>,
  };
}

const NOT_EVALUATED = toError(new RuleProblem('It was not evaluated.'));

async function concludeAll(prepared: readonly Prepared[], context: CheckContext): Promise<Conclusion[]> {
  const answers = await gatherAnswers(prepared.flatMap(({ requests }) => requests), context);
  const conclusions: Conclusion[] = [];
  let at = 0;
  for (const { requests, conclude } of prepared) {
    conclusions.push(await conclude(answers.slice(at, at + requests.length)));
    at += requests.length;
  }
  return conclusions;
}

function describeAnalyzer(analyzer: Analyzer, { outcome, metrics, reason }: Conclusion): AnalyzerResult {
  return { analyzer: printAnalyzer(analyzer), outcome: outcome === 'error' ? 'error' : 'passed', metrics, reason };
}

function describeEvaluated(rule: Rule, resolved: ReadonlyMap<NumberCondition, Comparison>): Pick<RuleResult, 'evaluatedRule'> {
  const evaluated = writeEvaluated(rule, resolved);
  return evaluated === undefined ? {} : { evaluatedRule: printWithoutLabels(evaluated) };
}

/** It judges nothing, so nothing but an error becomes of it that is not passed. */
function prepareAnalyzer({ type, parameters }: Analyzer, context: RuleContext): Prepared {
  const statistics = attempt(() => compileShownAnalyzer(type, readArguments(parameters, context.variables), context));
  if (statistics instanceof RuleProblem) return { requests: [], conclude: () => toError(statistics) };
  return {
    requests: statistics,
    conclude: (answers) => {
      const metrics = listMetrics(Object.fromEntries(statistics.map(({ metric, read }, index) => [metric, readAnswer(read, answers[index])])));
      const problem = answers.find((answer) => answer instanceof RuleProblem);
      return problem === undefined ? passed(metrics) : { ...toError(problem), metrics };
    },
  };
}

const readAnswer = (read: Statistic['read'], answer: Answer | RuleProblem | undefined) => (answer === undefined || answer instanceof RuleProblem ? null : read(answer));

function attempt<Value>(make: () => Value): Value | RuleProblem {
  try {
    return make();
  } catch (error) {
    if (error instanceof RuleProblem) return error;
    throw error;
  }
}

function prepareRule(rule: Rule, context: RuleContext): Prepared {
  return rule.kind === 'composite' ? prepareComposite(rule, context) : prepareSimple(rule, context);
}

function prepareSimple(rule: SimpleRule, context: RuleContext): Prepared {
  const compiled = attempt(() => compileRule(rule, context));
  if (compiled instanceof RuleProblem) return { requests: [], conclude: () => toError(compiled) };
  return { requests: 'requests' in compiled ? compiled.requests : [], conclude: (answers) => conclude(compiled, answers, context) };
}

async function conclude(compiled: CompiledRule, answers: readonly (Answer | RuleProblem)[], context: RuleContext): Promise<Conclusion> {
  const problem = answers.find((answer) => answer instanceof RuleProblem);
  if (problem !== undefined) return toError(problem);
  try {
    return 'run' in compiled ? await compiled.run() : compiled.conclude(answers.filter((answer): answer is Answer => !(answer instanceof RuleProblem)));
  } catch (error) {
    return toError(toProblem(error, context));
  }
}

/** Its operands are evaluated on the whole table, and their outcomes joined; rows are counted by the operands' tests of a row. */
function prepareComposite(rule: CompositeRule, context: RuleContext): Prepared {
  const operands = rule.rules.map((operand) => prepareRule(operand, context));
  const condition = attempt(() => writeCondition(rule, context));
  const failures: readonly Request[] = typeof condition === 'string' ? [{ figures: { failures: { aggregate: `count(*) FILTER (WHERE NOT ${condition})` } }, grouping: null }] : [];
  return {
    requests: [...operands.flatMap(({ requests }) => requests), ...failures],
    conclude: async (answers) => {
      const conclusions: Conclusion[] = [];
      let at = 0;
      for (const operand of operands) {
        conclusions.push(await operand.conclude(answers.slice(at, at + operand.requests.length)));
        at += operand.requests.length;
      }
      const counted = failures.length === 0 ? undefined : answers[at];
      return { ...joinConclusions(rule, conclusions), failedRows: counted === undefined || counted instanceof RuleProblem ? null : counted.figures['failures'] ?? null };
    },
  };
}

/** `or` passes as soon as one operand does; where the outcome is not so decided, an operand that is an error makes it one. */
function joinConclusions({ operator }: CompositeRule, conclusions: readonly Conclusion[]): Omit<Conclusion, 'failedRows'> {
  const outcomes = conclusions.map(({ outcome }) => outcome);
  const isPassed = operator === 'and' ? outcomes.every((outcome) => outcome === 'passed') : outcomes.includes('passed');
  const metrics = Object.assign({}, ...conclusions.map((conclusion) => conclusion.metrics)) as Record<string, number>;
  const reasons = conclusions.flatMap(({ outcome, reason }) => (reason === null || (outcome === 'passed') !== isPassed ? [] : [reason]));
  const reason = reasons.length === 0 ? null : boundReason(reasons.join(' '));
  return { outcome: isPassed ? 'passed' : outcomes.includes('error') ? 'error' : 'failed', metrics, reason };
}

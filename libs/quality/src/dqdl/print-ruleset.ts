/** Writes a ruleset as DQDL that reads back as the same ruleset. */
import type {
  Analyzer, Condition, DateExpression, DictionaryEntry, Duration, FunctionCall, Label, NumberExpression, Parameter, Rule, Ruleset, SimpleRule, Size, Tag, TextOperand, TextValue, Variable,
} from './ruleset';

/** The whole text, with one rule a line, ending in a line feed. */
export function printRuleset(ruleset: Ruleset): string {
  const { metadata, dataSources, variables, defaultLabels, rules, analyzers } = ruleset;
  const sections = [
    metadata.length > 0 && printDictionary('Metadata', metadata),
    dataSources.length > 0 && printDictionary('DataSources', dataSources),
    variables.length > 0 && variables.map(printVariable).join('\n'),
    defaultLabels.length > 0 && `DefaultLabels = ${printLabels(defaultLabels)}`,
    rules.length > 0 && printSection('Rules', rules.map(printRule)),
    analyzers.length > 0 && printSection('Analyzers', analyzers.map(printAnalyzer)),
  ];
  return `${sections.filter((section) => section !== false).join('\n\n')}\n`;
}

function printSection(name: string, elements: readonly string[]): string {
  return `${name} = [\n${elements.map((element) => `    ${element}`).join(',\n')}\n]`;
}

function printDictionary(name: string, entries: readonly DictionaryEntry[]): string {
  const lines = entries.map(({ key, value }) => `    "${key}": ${typeof value === 'string' ? `"${value}"` : printList(value, (text) => `"${text}"`)}`);
  return `${name} = {\n${lines.join(',\n')}\n}`;
}

function printVariable({ name, value }: Variable): string {
  return `${name} = ${'kind' in value ? printTextOperand(value) : printList(value, printTextOperand)}`;
}

function printLabels(labels: readonly Label[]): string {
  return printList(labels, ({ key, value }) => `"${key}" = "${value}"`);
}

/** One rule, on one line but for line feeds in its texts. */
export function printRule(rule: Rule): string {
  if (rule.kind === 'rule') return printSimpleRule(rule);
  const joined = rule.rules.map((operand) => `(${printRule(operand)})`).join(` ${rule.operator} `);
  return rule.labels.length === 0 ? joined : `(${joined}) labels = ${printLabels(rule.labels)}`;
}

function printSimpleRule({ type, parameters, condition, where, labels, threshold, tags }: SimpleRule): string {
  return [
    type,
    ...parameters.map(printParameter),
    condition && printCondition(condition),
    where !== null && `where "${where}"`,
    labels.length > 0 && `labels = ${printLabels(labels)}`,
    threshold && `with threshold ${printCondition(threshold)}`,
    ...tags.map(printTag),
  ].filter(Boolean).join(' ');
}

/** One analyzer on one line. */
export function printAnalyzer({ type, parameters }: Analyzer): string {
  return [type, ...parameters.map(printParameter)].join(' ');
}

function printParameter({ kind, value, connector }: Parameter): string {
  const shown = kind === 'text' ? `"${value}"` : kind === 'variable' ? `$${value}` : value;
  return connector === null ? shown : `${connector} ${shown}`;
}

function printTag({ name, value }: Tag): string {
  return `with ${name} = ${isTextValue(value) ? printTextOperand(value) : printNumber(value)}`;
}

function isTextValue(value: Tag['value']): value is TextValue {
  return value.kind === 'text' || value.kind === 'keyword';
}

/** `between 1 and 2`, `in [1, 2]`, `> 3`: from the operator to the last operand. */
export function printCondition(condition: Condition): string {
  const operands = printOperands(condition);
  switch (condition.operator) {
    case 'between':
    case 'not between':
      return `${condition.operator} ${operands.join(' and ')}`;
    case 'in':
    case 'not in':
      return condition.kind === 'text' && condition.operands[0]?.kind === 'variable' ? `${condition.operator} ${operands[0]}` : `${condition.operator} [${operands.join(', ')}]`;
    default:
      return `${condition.operator} ${operands.join('')}`;
  }
}

function printOperands(condition: Condition): string[] {
  switch (condition.kind) {
    case 'number':
      return condition.operands.map(printNumber);
    case 'text':
      return condition.operands.map(printTextOperand);
    case 'date':
      return condition.operands.map(printDate);
    case 'duration':
      return condition.operands.map(printDuration);
    case 'size':
      return condition.operands.map(printSize);
  }
}

function printTextOperand(operand: TextOperand): string {
  if (operand.kind === 'text') return `"${operand.text}"`;
  return operand.kind === 'keyword' ? operand.keyword : `$${operand.name}`;
}

/** A number as DQDL writes it, with brackets where they count. */
export function printNumber(expression: NumberExpression): string {
  switch (expression.kind) {
    case 'literal':
      return expression.source;
    case 'null':
      return 'NULL';
    case 'call':
      return `${expression.name}${isNow(expression) ? ' ' : ''}(${expression.arguments.map(printNumber).join(', ')})`;
    case 'arithmetic': {
      const steps = expression.rest.map(({ operator, operand }) => `${operator} ${operand.kind === 'arithmetic' ? `(${printNumber(operand)})` : printNumber(operand)}`);
      return [printNumber(expression.first), ...steps].join(' ');
    }
  }
}

/** `now()` without a blank is a date, with one it is a call of a function that is called so. */
function isNow({ name, arguments: parameters }: FunctionCall): boolean {
  return name === 'now' && parameters.length === 0;
}

function printDate(expression: DateExpression): string {
  switch (expression.kind) {
    case 'date':
      return `"${expression.date}"`;
    case 'time':
      return `"${expression.time}"`;
    case 'null':
      return 'NULL';
    case 'now':
      return expression.offset === null ? 'now()' : `(now() ${expression.offset.operator} ${printDuration(expression.offset.duration)})`;
  }
}

function printDuration({ amount, unit }: Duration): string {
  return `${amount} ${unit}`;
}

function printSize({ amount, unit }: Size): string {
  return unit === null ? String(amount) : `${amount} ${unit}`;
}

function printList<Element>(elements: readonly Element[], print: (element: Element) => string): string {
  return `[${elements.map(print).join(', ')}]`;
}

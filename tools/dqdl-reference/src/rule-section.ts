/** What the reference says of one rule type, from its entry in the table of rule types and from what its example says of the sample. */
import type { Difference, RuleType } from '@inlet/quality';
import type { JudgedExample } from './judge-examples';

type Signature = RuleType['signatures'][number];

export function renderRuleSection({ name, summary, example, signatures, rule }: RuleType, { metrics, isOfRows }: JudgedExample, differences: readonly Difference[]): string {
  return [
    `### ${name}`,
    '',
    summary,
    '',
    ...signatures.map((signature) => `- \`${renderSignature(name, signature)}\``),
    '',
    '```dqdl',
    `${rule ? 'Rules' : 'Analyzers'} = [ ${example} ]`,
    '```',
    '',
    [renderMetrics(metrics), ...(isOfRows ? ['Decides single rows.'] : []), ...(rule && signatures.some(({ analyzer }) => analyzer) ? ['May be an analyzer.'] : [])].join(' '),
    '',
    ...(differences.length === 0 ? [] : ['On purpose Inlet differs from Deequ:', '', ...differences.map(renderDifference), '']),
  ].join('\n');
}

export function renderDifference({ deequ, inlet, why }: Difference): string {
  return `- **Deequ:** ${deequ} **Inlet:** ${inlet} **Why:** ${why}`;
}

/** `Mean <column> <condition on numbers> [where "…"]` */
export function renderSignature(name: string, { parameters, condition, kinds, threshold, where }: Signature): string {
  const given = parameters.map((parameter) => `<${parameter.name}>${parameter.repeated === true ? '…' : ''}`);
  const asked = `<condition on ${kinds.map((kind) => `${kind}s`).join(' or ')}>`;
  const conditions = { required: [asked], optional: [`[${asked}]`], forbidden: [] };
  return [name, ...given, ...conditions[condition], ...(where ? ['[where "<SQL>"]'] : []), ...(threshold ? ['[with threshold <condition on numbers>]'] : [])].join(' ');
}

function renderMetrics(metrics: readonly string[]): string {
  if (metrics.length === 0) return 'Reports no metric.';
  return `Reports ${metrics.map((metric) => `\`${metric}\``).join(', ')}.`;
}

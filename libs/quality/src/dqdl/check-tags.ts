/** `with threshold > 0.9` and other `with`s: which there may be, and what they may say. */
import { warnOfFunctions } from './check-condition';
import type { ParseContext } from './parse-context';
import type { WrittenTag } from './parse-rules';
import type { NumberCondition, Tag } from './ruleset';

export interface CheckedTags {
  threshold: NumberCondition | null;
  tags: readonly Tag[];
  /** What `with timeZone` says, or UTC. */
  timeZone: string;
}

/** Any tag is a name equal to a value; only a threshold is a condition of its own. */
export function checkTags(context: ParseContext, written: readonly WrittenTag[]): CheckedTags {
  let threshold: NumberCondition | null = null;
  const tags: Tag[] = [];
  for (const { name, condition, position } of written) {
    if (condition.kind === 'number' && name.toLowerCase() === 'threshold') {
      if (threshold !== null) context.problems.add({ position, what: 'A threshold stands twice', found: '`with threshold`', expected: ['one threshold'] });
      warnOfFunctions(context, condition.operands);
      threshold ??= { ...condition, position };
      continue;
    }
    const value = condition.operator === '=' ? condition.operands[0] : undefined;
    if (value === undefined || value.kind === 'variable') context.problems.add({ position, what: `\`with ${name.slice(0, 40)}\` is no equation`, found: `\`${condition.operator}\``, expected: ['`=`'] });
    else tags.push({ name, value, position });
  }
  return { threshold, tags, timeZone: findTimeZone(tags) };
}

function findTimeZone(tags: readonly Tag[]): string {
  const value = tags.findLast(({ name }) => name === 'timeZone')?.value;
  if (value === undefined) return 'UTC';
  return value.kind === 'text' ? value.text : '';
}

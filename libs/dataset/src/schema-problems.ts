/** Turns what zod finds into problems that teach the format: path, what belongs there, what is there. */
import type { z } from 'zod';
import { type ConfigPath, type ConfigProblem, describeFound, formatPath } from './config-problem';
import { suggestNearest } from './nearest';
import { listKnownKeys, readPath } from './schema-walk';

const MAX_DEPTH = 16;

/** Every way in which the value breaks the schema, in the order of the schema's keys; one problem for each place. */
export function listSchemaProblems(schema: z.ZodType, value: unknown): ConfigProblem[] {
  const result = schema.safeParse(value);
  const issues = result.success ? [] : result.error.issues;
  const problems = [...issues.flatMap((issue) => describeIssue(schema, value, issue)), ...listProtoKeys(value)];
  return [...new Map(problems.reverse().map((problem) => [problem.path, problem])).values()].reverse();
}

function describeIssue(schema: z.ZodType, value: unknown, issue: z.core.$ZodIssue): ConfigProblem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    const known = listKnownKeys(schema, path);
    return issue.keys.map((key) => ({ path: formatPath([...path, key]), expected: `a known key${suggestNearest(key, known)}`, found: 'an unknown one' }));
  }
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0] ? describeExpected(issue.issues[0]) : 'another key';
    return [{ path: formatPath(path), expected: `a key that is ${expected}`, found: 'this one' }];
  }
  return [{ path: formatPath(path), expected: describeExpected(issue), found: describeFound(readPath(value, path), path) }];
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function describeExpected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `at least ${issue.minimum}${describeUnit(issue.origin, Number(issue.minimum))}`;
    case 'too_big':
      return `${issue.exact ? 'exactly' : 'at most'} ${issue.maximum}${describeUnit(issue.origin, Number(issue.maximum))}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'a URL that begins with http:, https: or file:' : issue.message;
    default:
      return issue.message;
  }
}

function describeUnit(origin: string, count: number): string {
  const unit = { string: 'character', array: 'entry' }[origin];
  if (unit === undefined) return '';
  return count === 1 ? ` ${unit}` : ` ${unit === 'entry' ? 'entries' : 'characters'}`;
}

/** JSON can hold a key `__proto__`, which zod's records pass over in silence. Nothing deeper than the schema is looked at: it is wrong already. */
function listProtoKeys(value: unknown): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const seen = new Set<object>();
  const pending: { value: unknown; path: ConfigPath }[] = [{ value, path: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value: current, path } = next;
    if (typeof current !== 'object' || current === null || seen.has(current) || path.length > MAX_DEPTH) continue;
    seen.add(current);
    if (Object.hasOwn(current, '__proto__')) problems.push({ path: formatPath([...path, '__proto__']), expected: 'a known key', found: 'an unknown one' });
    for (const key of Object.keys(current)) {
      if (key !== '__proto__') pending.push({ value: readPath(current, [key]), path: [...path, Array.isArray(current) ? Number(key) : key] });
    }
  }
  return problems;
}

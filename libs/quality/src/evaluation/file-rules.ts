/** Rules about the files behind the data: FileFreshness, FileSize, FileMatch and FileUniqueness. */
import type { SimpleRule, Size } from '../dqdl';
import type { FileFact } from './check';
import { compareAll, meets, showFinding } from './comparison';
import type { CompileRule, CompiledRule, RuleContext } from './compiled-rule';
import { failed, judgeMetric, listMetrics, passed, type Conclusion } from './conclusion';
import { isInterruption } from './measure';
import { filterByPattern } from './name-rule';
import { readMessage, RuleProblem, showPart } from './rule-problem';
import { readArguments, readTag, readTexts, resolveCondition } from './rule-target';
import { resolveThreshold } from './row-rules';
import { resolveMoment } from './time-text';

const FILE_COUNT = 'Dataset.*.FileCount';

/** Runs where the caller knows files. Throws RuleProblem where it does not. */
function withFiles(context: RuleContext, judge: (list: (path?: string) => Promise<readonly FileFact[]>) => Promise<Conclusion>): CompiledRule {
  const { files } = context;
  if (files === undefined) throw new RuleProblem('No files are known here, so a rule about files cannot be evaluated.');
  return { run: () => judge((path) => files(path).catch(refuseFiles)) };
}

/** What keeps the files from being had is no fault of any SQL. Throws what interrupts the run as it is. */
function refuseFiles(error: unknown): never {
  if (isInterruption(error)) throw error;
  throw new RuleProblem(`Its files cannot be read. ${readMessage(error)}`);
}

/** The files below a path, or behind the data, that the rule's `recentFiles` and `uriRegex` leave. */
async function selectFiles({ tags }: SimpleRule, path: string | undefined, list: (path?: string) => Promise<readonly FileFact[]>, context: RuleContext): Promise<FileFact[]> {
  const all = await list(path);
  const pattern = tags.findLast(({ name }) => name.toLowerCase() === 'uriregex')?.value;
  const matching = pattern?.kind === 'text' ? await filterByPattern(all.map((file) => file.path), pattern.text, context) : null;
  const chosen = all.filter((file) => matching === null || matching.has(file.path));
  const recent = readTag(tags, 'recentFiles');
  if (recent === undefined) return chosen;
  if (!/^[1-9]\d*$/.test(recent)) throw new RuleProblem('The tag `with recentFiles` takes a whole number above 0.');
  return chosen.toSorted((a, b) => b.lastModified.getTime() - a.lastModified.getTime()).slice(0, Number(recent));
}

interface Counted {
  rule: SimpleRule;
  metric: string;
  files: readonly FileFact[];
  isMet: (file: FileFact) => boolean;
  metrics?: Record<string, number>;
}

function judgeFiles({ rule, metric, files, isMet, metrics = {} }: Counted, context: RuleContext): Conclusion {
  if (files.length === 0) return failed('There are no files to check.', { [FILE_COUNT]: 0 });
  const threshold = resolveThreshold(rule.threshold, metric, context);
  const others = files.filter((file) => !isMet(file));
  const share = (files.length - others.length) / files.length;
  const found = listMetrics({ [metric]: share, [FILE_COUNT]: files.length, ...metrics });
  if (threshold === null ? others.length === 0 : meets(share, threshold)) return passed(found);
  const expected = threshold === null ? '' : `; ${showFinding(share, 'do', threshold)}`;
  return failed(`${showPart(others.length, files.length, 'files')} do not meet it, ${others[0]?.path ?? ''} among them${expected}.`, found);
}

export const compileFileFreshness: CompileRule = (rule, context) => {
  const { condition } = rule;
  if (condition?.kind !== 'date') throw new RuleProblem('FileFreshness has no condition on dates.');
  const moments = condition.operands.map((operand) => resolveMoment(operand, context.now, readTag(rule.tags, 'timeZone') ?? 'UTC'));
  if (moments.includes(null)) throw new RuleProblem('NULL is no date to compare a file with.');
  const times = moments.map((moment) => moment?.getTime() ?? Number.NaN);
  // `between now() and (now() - 45 minutes)` is how AWS writes a range.
  const operands = condition.operator.endsWith('between') ? times.toSorted((a, b) => a - b) : times;
  const isMet = ({ lastModified }: FileFact) => compareAll(condition.operator, operands, (time) => Math.sign(lastModified.getTime() - time));
  const [path] = readArguments(rule.parameters, context.variables);
  return withFiles(context, async (list) => judgeFiles({ rule, metric: 'Dataset.*.FileFreshness.Compliance', files: await selectFiles(rule, path, list, context), isMet }, context));
};

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];
const toBytes = ({ amount, unit }: Size) => amount * 1024 ** UNITS.indexOf(unit ?? 'B');

export const compileFileSize: CompileRule = (rule, context) => {
  const { condition } = rule;
  if (condition?.kind !== 'size') throw new RuleProblem('FileSize has no condition on sizes.');
  const operands = condition.operands.map(toBytes);
  const isMet = ({ sizeBytes }: FileFact) => compareAll(condition.operator, operands, (bytes) => Math.sign(sizeBytes - bytes));
  const [path] = readArguments(rule.parameters, context.variables);
  return withFiles(context, async (list) => {
    const files = await selectFiles(rule, path, list, context);
    const sizes = files.map(({ sizeBytes }) => sizeBytes);
    const metrics = { 'Dataset.*.MinimumFileSize': sizes.reduce((a, b) => Math.min(a, b), Infinity), 'Dataset.*.MaximumFileSize': sizes.reduce((a, b) => Math.max(a, b), -Infinity) };
    return judgeFiles({ rule, metric: 'Dataset.*.FileSize.Compliance', files, isMet, metrics }, context);
  });
};

const ALGORITHMS: Readonly<Record<string, 'md5' | 'sha1' | 'sha256'>> = { MD5: 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256' };

function readAlgorithm({ tags }: SimpleRule): 'md5' | 'sha1' | 'sha256' {
  const name = readTag(tags, 'hashAlgorithm') ?? 'SHA-256';
  const algorithm = ALGORITHMS[name.toUpperCase()];
  if (algorithm === undefined) throw new RuleProblem(`There is no hashAlgorithm "${name.slice(0, 40)}"; there are MD5, SHA-1 and SHA-256.`);
  return algorithm;
}

/** One file at a time, so that a folder of large files does not crowd the machine. */
async function digestAll(files: readonly FileFact[], algorithm: 'md5' | 'sha1' | 'sha256'): Promise<Map<FileFact, string>> {
  const digests = new Map<FileFact, string>();
  for (const file of files) digests.set(file, (await file.digest(algorithm).catch(refuseFiles)).toLowerCase());
  return digests;
}

export const compileFileUniqueness: CompileRule = (rule, context) => {
  const metric = 'Dataset.*.FileUniquenessRatio';
  if (rule.condition?.kind !== 'number') throw new RuleProblem('FileUniqueness has no condition on numbers.');
  const comparison = resolveCondition(rule.condition, metric, context);
  const algorithm = readAlgorithm(rule);
  const [path] = readArguments(rule.parameters, context.variables);
  return withFiles(context, async (list) => {
    const files = await selectFiles(rule, path, list, context);
    if (files.length === 0) return failed('There are no files to check.', { [FILE_COUNT]: 0 });
    const groups = Map.groupBy((await digestAll(files, algorithm)).values(), (digest) => digest);
    const unique = [...groups.values()].filter(({ length }) => length === 1).length;
    const conclusion = judgeMetric({ metric, value: unique / files.length, comparison, explanation: `${showPart(files.length - unique, files.length, 'files')} have the content of another` });
    return { ...conclusion, metrics: { ...conclusion.metrics, [FILE_COUNT]: files.length } };
  });
};

export const compileFileMatch: CompileRule = (rule, context) => {
  const [path, other] = readArguments(rule.parameters, context.variables);
  const algorithm = readAlgorithm(rule);
  if (other !== undefined) return withFiles(context, async (list) => compareFolders(await selectFiles(rule, path, list, context), await selectFiles(rule, other, list, context), algorithm));
  const { condition } = rule;
  if (condition?.kind !== 'text' || condition.operator.endsWith('matches')) throw new RuleProblem('FileMatch takes checksums after `in`, `=` or their opposites.');
  const checksums = readTexts(condition, context.variables).texts.map((text) => text.toLowerCase());
  const isNegated = condition.operator.startsWith('not') || condition.operator === '!=';
  return withFiles(context, async (list) => {
    const files = await selectFiles(rule, path, list, context);
    if (files.length === 0) return failed('There are no files to check.', { [FILE_COUNT]: 0 });
    const digests = await digestAll(files, algorithm);
    const others = files.filter((file) => checksums.includes(digests.get(file) ?? '') === isNegated);
    const metrics = { [FILE_COUNT]: files.length };
    return others.length === 0 ? passed(metrics) : failed(`The ${algorithm} of ${showPart(others.length, files.length, 'files')} is ${isNegated ? '' : 'not '}among the checksums, ${others[0]?.path ?? ''} among them.`, metrics);
  });
};

/** Both must hold the same contents, each as often. */
async function compareFolders(files: readonly FileFact[], others: readonly FileFact[], algorithm: 'md5' | 'sha1' | 'sha256'): Promise<Conclusion> {
  const metrics = { [FILE_COUNT]: files.length };
  if (files.length === 0 && others.length === 0) return failed('There are no files to compare.', metrics);
  const remaining = [...(await digestAll(others, algorithm)).values()];
  const missing = [...(await digestAll(files, algorithm))].filter(([, digest]) => {
    const at = remaining.indexOf(digest);
    if (at >= 0) remaining.splice(at, 1);
    return at < 0;
  });
  if (missing.length === 0 && remaining.length === 0) return passed(metrics);
  return failed(`${showPart(missing.length, files.length, 'files')} have no counterpart${missing[0] === undefined ? '' : `, ${missing[0][0].path} among them`}; ${showPart(remaining.length, others.length, 'others')} have none.`, metrics);
}

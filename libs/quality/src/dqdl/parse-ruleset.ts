/** Reads a DQDL text: accepts what AWS's own parser (awslabs/dqdl) accepts, and refuses what it refuses. */
import type { RulesetProblem } from '@inlet/errors';
import { parseHeader, SECTION_NAMES, type Header } from './parse-header';
import type { ParseContext } from './parse-context';
import { parseAnalyzers, parseRules } from './parse-rules';
import { composeRulesetError, Problems, TooManyProblems, Unreadable } from './problems';
import type { Analyzer, Rule, Ruleset } from './ruleset';
import { TokenReader } from './token-reader';

export interface ParseOptions {
  /** What the text is called in errors: its file. */
  name?: string;
}

export interface Reading {
  ruleset: Ruleset;
  problems: RulesetProblem[];
  /** Characters scanned: the measure of the work done. */
  steps: number;
}

/** The ruleset that the text is. Throws RulesetError, with every problem that can be found, and nothing else. */
export function parseRuleset(text: string, { name }: ParseOptions = {}): Ruleset {
  const { ruleset, problems } = readRuleset(text);
  if (problems.length > 0) throw composeRulesetError(problems, name);
  return ruleset;
}

/** As parseRuleset, but returns the problems; with any, the ruleset is incomplete. */
export function readRuleset(text: string): Reading {
  const problems = new Problems();
  const reader = new TokenReader(text, problems);
  const ruleset = parseDocumentOrNothing(reader, problems);
  return { ruleset, problems: problems.list(), steps: reader.steps };
}

const NOTHING: Ruleset = { metadata: [], dataSources: [], variables: [], defaultLabels: [], rules: [], analyzers: [], warnings: [] };

function parseDocumentOrNothing(reader: TokenReader, problems: Problems): Ruleset {
  try {
    return parseDocument(reader, problems);
  } catch (error) {
    if (error instanceof Unreadable || error instanceof TooManyProblems) return NOTHING;
    throw error;
  }
}

function parseDocument(reader: TokenReader, problems: Problems): Ruleset {
  const context: ParseContext = { reader, problems, warnings: [], variables: new Map(), defaultLabels: [], areVariablesKnown: true };
  const header = parseHeaderOrRecover(context);
  const body = parseBody(context);
  warnOfRest(context);
  if (problems.isEmpty && body.rules.length === 0 && body.analyzers.length === 0) {
    problems.add({ position: reader.position, what: 'The ruleset is empty', found: 'no rule and no analyzer', expected: ['at least one'] });
  }
  return { ...header, defaultLabels: context.defaultLabels, ...body, warnings: context.warnings };
}

/** After an unreadable header the reading goes on with the rules. */
function parseHeaderOrRecover(context: ParseContext): Header {
  try {
    return parseHeader(context);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    context.reader.recover(Number.POSITIVE_INFINITY, 'Rules', 'Analyzers');
    if (context.reader.isAt('end')) throw error;
    context.reader.depth = 0;
    context.areVariablesKnown = false;
    return { metadata: [], dataSources: [], variables: [] };
  }
}

function parseBody(context: ParseContext): { rules: Rule[]; analyzers: Analyzer[] } {
  const { reader } = context;
  if (reader.skip('Analyzers')) return { rules: [], analyzers: parseAnalyzers(context) };
  reader.expect('Rules', { what: 'The rules are missing', expected: ['`Rules`', '`Analyzers`'], candidates: SECTION_NAMES });
  const rules = parseRules(context);
  return { rules, analyzers: reader.skip('Analyzers') ? parseAnalyzers(context) : [] };
}

/** AWS's parser reads up to the end of the last section and leaves what follows unread, but for the first word. */
function warnOfRest({ reader, warnings }: ParseContext): void {
  if (reader.isAt('end')) return;
  const message = reader.isAt('Rules') ? '`Rules` after `Analyzers` are not read: they must stand before them.' : 'The text goes on after its last section; nothing from here on is read.';
  warnings.push({ position: reader.position, message });
}

/** `inlet check`: rules over a file, without a dataset or a lake. */
import { systemClock } from '@inlet/time';
import { readCheckRequest, readSuggestRequest } from '../check/check-request';
import { formatCheck } from '../check/format-check';
import { runCheck, type CheckDeps, type CheckReport } from '../check/run-check';
import { suggest } from '../check/suggest';
import { terminalWidth, type CliContext } from '../context';
import { writeJson, writeText } from '../output';
import type { CheckOptions } from '../program';
import { escapeControl } from '../render/escape-control';
import { createStyle } from '../render/style';

export async function check(context: CliContext, options: CheckOptions): Promise<void> {
  if (options.suggest) return proposeRules(context, options);
  const request = await readCheckRequest(context, options);
  const report = await runCheck(createDeps(context, options), request);
  if (report.outcome === 'failed') context.exitCode = 3;
  if (options.json) return writeJson(context.stdout, toDocument(report));
  const style = createStyle(context.stdout, context.env);
  return writeText(context.stdout, formatCheck(report, { style, width: terminalWidth(context.stdout, context.env), data: request.data }));
}

async function proposeRules(context: CliContext, options: CheckOptions): Promise<void> {
  const proposal = await suggest(createDeps(context, options), readSuggestRequest(context, options));
  if (options.json) return writeJson(context.stdout, proposal);
  return writeText(context.stdout, proposal.ruleset.trimEnd());
}

/** What `--json` promises. */
function toDocument({ outcome, rules, rows }: CheckReport) {
  return { outcome, rules: rules.map(({ rule, outcome: ruling, metrics, reason, failedRows }) => ({ rule, outcome: ruling, metrics, reason, failedRows })), rows };
}

function createDeps({ stderr, env, cwd }: CliContext, { quiet }: CheckOptions): CheckDeps {
  const style = createStyle(stderr, env);
  return {
    clock: systemClock,
    cwd,
    report: (line) => void (quiet || stderr.write(`${style.dim(escapeControl(line))}\n`)),
    warn: (line) => void stderr.write(`${style.yellow('warning:')} ${escapeControl(line)}\n`),
  };
}

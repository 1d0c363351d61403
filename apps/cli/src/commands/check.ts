/** `inlet check`: rules over a file, without a dataset or a lake. */
import { InterruptedError } from '@inlet/errors';
import { systemClock } from '@inlet/time';
import { readCheckRequest, readSuggestRequest } from '../check/check-request';
import { formatCheck } from '../check/format-check';
import { runCheck, type CheckDeps, type CheckReport } from '../check/run-check';
import { suggest } from '../check/suggest';
import { terminalWidth, type CliContext } from '../context';
import { listenForInterrupts, type SignalSource } from '../interrupt';
import { writeJson, writeText } from '../output';
import type { CheckOptions } from '../program';
import { escapeControl } from '../render/escape-control';
import { createStyle } from '../render/style';

export async function check(context: CliContext, options: CheckOptions): Promise<void> {
  if (options.suggest) return proposeRules(context, options);
  const request = await readCheckRequest(context, options);
  const report = await interruptibly(context, options, (deps) => runCheck(deps, request));
  if (report.outcome === 'failed') context.exitCode = 3;
  if (options.json) return writeJson(context.stdout, toDocument(report));
  const style = createStyle(context.stdout, context.env);
  return writeText(context.stdout, formatCheck(report, { style, width: terminalWidth(context.stdout, context.env), data: request.data }));
}

async function proposeRules(context: CliContext, options: CheckOptions): Promise<void> {
  const request = readSuggestRequest(context, options);
  const proposal = await interruptibly(context, options, (deps) => suggest(deps, request));
  if (options.json) return writeJson(context.stdout, proposal);
  return writeText(context.stdout, proposal.ruleset.trimEnd());
}

/** What `--json` promises. */
function toDocument({ outcome, rules, rows }: CheckReport) {
  return { outcome, rules: rules.map(({ rule, outcome: ruling, metrics, reason, failedRows }) => ({ rule, outcome: ruling, metrics, reason, failedRows })), rows };
}

/** Ctrl-C ends the work in good order: no half of a file stays behind. */
async function interruptibly<Result>({ stderr, env, cwd }: CliContext, { quiet }: CheckOptions, work: (deps: CheckDeps) => Promise<Result>): Promise<Result> {
  const style = createStyle(stderr, env);
  const stopListening: (() => void)[] = [];
  const signals: SignalSource = {
    on: (name, listener) => {
      process.on(name, listener);
      stopListening.push(() => process.off(name, listener));
    },
  };
  const reason = (name: NodeJS.Signals) => new InterruptedError({ what: 'The check was interrupted', found: name, next: 'Nothing was written.' });
  const { signal } = listenForInterrupts({ signals, nowMs: Date.now, onFirst: () => undefined, reason, onSecond: () => process.exit(1) });
  try {
    return await work({
      clock: systemClock,
      cwd,
      signal,
      report: (line) => void (quiet || stderr.write(`${style.dim(escapeControl(line))}\n`)),
      warn: (line) => void stderr.write(`${style.yellow('warning:')} ${escapeControl(line)}\n`),
    });
  } finally {
    for (const stop of stopListening) stop();
  }
}

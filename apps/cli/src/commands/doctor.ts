/** `inlet doctor`: looks at everything a run depends on, and says what to do about each finding. */
import { listDatasetFolders } from '@inlet/dataset';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { terminalWidth, type CliContext, type CommonOptions } from '../context';
import { checkConfig, checkLedger, checkRelease, checkScratch } from '../doctor/check-lake';
import { checkDiskSpace, checkEngine, checkLakeFolder, checkNode } from '../doctor/check-machine';
import { runCheck, type Finding } from '../doctor/finding';
import { requireLocalLake } from '../lake';
import { openStore, withLedger } from '../local-lake';
import { writeJson, writeText } from '../output';
import { escapeLines } from '../report-error';
import { createStyle, type Style } from '../render/style';
import { wrapWords } from '../render/wrap-words';
import { findPlaces, type Places } from '../workspace';

export async function doctor(context: CliContext, options: CommonOptions): Promise<void> {
  requireLocalLake('doctor', options);
  const places = findPlaces(context, options.lake);
  const findings = await examine(places);
  const failed = findings.filter(({ status }) => status === 'fail').length;
  if (failed > 0) context.exitCode = 1;
  if (options.json) return writeJson(context.stdout, { ok: failed === 0, findings });
  const style = createStyle(context.stdout, context.env);
  const width = terminalWidth(context.stdout, context.env);
  const lines = findings.map((finding) => formatFinding(finding, style, width));
  const summary = failed === 0 ? style.green('No check failed.') : style.red(`${failed} ${failed === 1 ? 'check' : 'checks'} failed.`);
  return writeText(context.stdout, [...lines, '', summary].join('\n'));
}

async function examine({ domainsDir, lakeRoot }: Places): Promise<Finding[]> {
  const folders = existsSync(domainsDir) ? await listDatasetFolders(domainsDir) : [];
  const store = openStore(lakeRoot);
  const machine = [await checkNode(process.versions.node), await checkEngine(), await checkLakeFolder(lakeRoot), await checkDiskSpace(lakeRoot)];
  const configs = await Promise.all(folders.map(checkConfig));
  const releases = await Promise.all(folders.map((folder) => checkRelease(store, path.basename(folder))));
  return [...machine, ...(await examineLedger(lakeRoot)), ...configs, ...releases];
}

async function examineLedger(lakeRoot: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const opened = await runCheck('ledger', async () => {
    await withLedger(lakeRoot, async (ledger) => {
      findings.push(await checkLedger(ledger), await checkScratch(lakeRoot, ledger, Date.now()));
    });
    return { status: 'ok', message: '' };
  });
  return opened.status === 'ok' ? findings : [opened];
}

const LABEL_WIDTH = 18;

function formatFinding({ check, status, message, next }: Finding, style: Style, width?: number): string {
  const mark = { ok: style.green('ok  '), warn: style.yellow('warn'), fail: style.red('fail') }[status];
  const bodyWidth = width === undefined ? undefined : Math.max(20, width - LABEL_WIDTH - 6);
  const lines = [message, ...(next === undefined ? [] : [next])].flatMap((text) => escapeLines(text).split('\n')).flatMap((line) => wrapWords(line, bodyWidth));
  const [first = '', ...rest] = lines;
  return [`${mark}  ${check.padEnd(LABEL_WIDTH)}${first}`, ...rest.map((line) => ' '.repeat(LABEL_WIDTH + 6) + line)].join('\n');
}

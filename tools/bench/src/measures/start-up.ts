/** What a command costs before it does anything, over what Node itself costs. */
import type { Bench, Section, Verdict } from '../bench';
import { interleave } from '../interleave';
import { BenchError, type ProcessRun, runNode } from '../measured-process';
import { emptyFolder, runInlet, runNsde } from '../nsde-contenders';
import { milliseconds } from '../render';
import { differenceOf, type Summary, summarise, summarisePairs } from '../statistics';

const MAX_HELP_MS = 100;
const MAX_QUERY_MS = 250;

export async function measureStartUp(bench: Bench): Promise<Section[]> {
  const { startUpRounds } = bench.sizes;
  const lake = await emptyFolder(bench, 'lake');
  await runNsde(bench, { source: await bench.release(bench.sizes.smallRows), lake, expect: 'published' });
  const query = (sql: string) => runInlet(bench, ['query', sql, '--lake', lake]);
  const contenders = {
    nothing: () => runNode(['-e', '0'], { cwd: bench.root }),
    help: () => runInlet(bench, ['--help']),
    query: () => query('select 1'),
    lakeQuery: () => query('select count(*) from nsde.elements'),
  };
  // Once each and not counted: what is compiled now is read from the compile cache ever after.
  const first = await interleave(1, contenders);
  requireOutput(first.help[0], 'Usage: inlet');
  requireOutput(first.query[0], '1');
  const runs = await interleave(startUpRounds, contenders);
  const wall = (name: keyof typeof contenders) => runs[name].map(({ wallMs }) => wallMs);
  const over = (name: keyof typeof contenders) => summarisePairs(wall(name), wall('nothing'), differenceOf);
  const row = (command: string, name: keyof typeof contenders) => [`\`${command}\``, milliseconds(summarise(wall(name))), milliseconds(over(name))];
  return [
    {
      title: 'Start-up',
      text: `Rounds: ${startUpRounds}. By the same Node binary, without npx, with a warm compile cache, as after the first use.`,
      header: ['command', 'wall time', 'over `node -e 0`'],
      rows: [
        ['`node -e 0`', milliseconds(summarise(wall('nothing'))), '0'],
        row('inlet --help', 'help'),
        row('inlet query "select 1"', 'query'),
        row('inlet query "select count(*) from nsde.elements"', 'lakeQuery'),
      ],
      verdicts: [judge('inlet --help', over('help'), MAX_HELP_MS), judge('inlet query "select 1"', over('query'), MAX_QUERY_MS)],
    },
  ];
}

function judge(command: string, over: Summary, maxMs: number): Verdict {
  return { what: `\`${command}\` over \`node -e 0\``, target: `at most ${maxMs} ms`, found: milliseconds(over), met: over.median <= maxMs, kind: 'amount' };
}

function requireOutput(run: ProcessRun | undefined, expected: string): void {
  if (!run?.stdout.includes(expected)) throw new BenchError({ what: 'A measured command printed something else', expected, found: run?.stdout ?? 'nothing' });
}

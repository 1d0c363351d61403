/** What to try next, as commands that can be pasted. */
import type { Layer, Outcome } from '@inlet/manifest';

export interface Situation {
  dataset: string;
  runId: string;
  outcome: Outcome;
  tables: readonly { name: string; layer: Layer; rows: number }[];
  /** Whether the run took a sample release. */
  sample?: boolean;
  /** As given with --lake. */
  lakeOption?: string;
}

/** Three commands with what each is for. */
export function nextCommands(situation: Situation): { command: string; purpose: string }[] {
  const { dataset, runId, outcome, sample } = situation;
  const make = (command: string, purpose: string) => ({ command: inletCommand(command, situation.lakeOption), purpose });
  const show = make(`show ${runId}`, 'everything recorded of this run');
  const history = make(`history ${dataset}`, 'every run, and why it ended as it did');
  if (outcome === 'failed') return [show, make('doctor', 'check this machine, the lake and the configs'), make(`run ${dataset}${sample ? ' --sample' : ''}`, 'try again')];
  if (outcome === 'rejected') return [show, make('status', 'what is published: as before this run'), history];
  const look = make(`query "${sampleQuery(situation)}"`, 'look at the data');
  if (outcome === 'unchanged') return [look, history, make('status', 'what every dataset publishes')];
  return [look, history, sample ? make(`run ${dataset} --sample`, 'take the next sample release') : show];
}

/** A query over the dataset's largest published table. */
export function sampleQuery({ dataset, tables }: Pick<Situation, 'dataset' | 'tables'>): string {
  const published = tables.filter(({ layer }) => layer === 'silver' || layer === 'gold');
  const [largest] = [...published].sort((a, b) => b.rows - a.rows);
  return largest === undefined ? 'show all tables' : `from ${dataset.replaceAll('-', '_')}.${largest.name} limit 5`;
}

/** The command as typed in the workspace's root, with the lake that was asked for. */
export function inletCommand(command: string, lakeOption?: string): string {
  return `npx inlet ${command}${lakeOption === undefined ? '' : ` --lake ${quoteForShell(lakeOption)}`}`;
}

function quoteForShell(text: string): string {
  return /^[\w./~:@%+-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}

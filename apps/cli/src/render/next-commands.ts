/** What to try next, as commands that can be pasted. */
import type { Layer, Outcome } from '@inlet/manifest';
import type { LakeOptions } from '../lake';

export interface Situation {
  dataset: string;
  runId: string;
  outcome: Outcome;
  tables: readonly { name: string; layer: Layer; rows: number; quarantined: number }[];
  /** Whether the run took a sample release. */
  sample?: boolean;
  /** Of the lake that the run was in. */
  lake: LakeOptions;
}

/** Three commands with what each is for. */
export function nextCommands(situation: Situation): { command: string; purpose: string }[] {
  const { dataset, runId, outcome, tables, sample } = situation;
  const make = (command: string, purpose: string) => ({ command: inletCommand(command, situation.lake), purpose });
  const show = make(`show ${runId}`, 'everything recorded of this run');
  const history = make(`history ${dataset}`, 'every run, and why it ended as it did');
  const redrive = make(`redrive ${dataset}`, 'the same again, once what stood in its way is mended');
  if (outcome === 'failed') return [show, situation.lake.aws ? history : make('doctor', 'check this machine, the lake and the configs'), redrive];
  const status = make('status', 'what is published: as before this run');
  // A release that the contract refused has no bronze, and is fetched again.
  if (outcome === 'rejected' && tables.some(({ layer }) => layer === 'bronze')) return [askQuarantine(situation) ?? show, make(`replay ${dataset}`, 'run it again without a fetch, once the rule or the model is mended'), status];
  if (outcome === 'rejected') return [show, status, history];
  const look = make(`query "${sampleQuery(situation)}"`, 'look at the data');
  if (outcome === 'unchanged') return [look, history, make('status', 'what every dataset publishes')];
  return [look, history, sample ? make(`run ${dataset} --sample`, 'take the next sample release') : show];
}

/** What a person wants to see of a rejected release: the rows that were set aside, and why. */
function askQuarantine({ dataset, runId, tables, lake }: Situation): { command: string; purpose: string } | undefined {
  const [most] = tables.filter(({ quarantined }) => quarantined > 0).sort((a, b) => b.quarantined - a.quarantined);
  if (most === undefined) return undefined;
  const sql = `from ${dataset.replaceAll('-', '_')}_quarantine.${most.name} limit 5`;
  return { command: inletCommand(`query "${sql}" --quarantine-of ${runId}`, lake), purpose: 'the rows that were set aside, and why' };
}

/** A query over the dataset's largest published table, in the SQL of the engine that reads the lake. */
export function sampleQuery({ dataset, tables, lake }: Pick<Situation, 'dataset' | 'tables' | 'lake'>): string {
  const published = tables.filter(({ layer }) => layer === 'silver' || layer === 'gold');
  const [largest] = [...published].sort((a, b) => b.rows - a.rows);
  if (largest === undefined) return lake.aws ? 'show databases' : 'show all tables';
  return `${lake.aws ? 'select * ' : ''}from ${dataset.replaceAll('-', '_')}.${largest.name} limit 5`;
}

/** The command as typed in the workspace's root, with the options that reach the lake. */
export function inletCommand(command: string, { lake, aws, profile, region }: LakeOptions): string {
  const options = [
    ...(lake === undefined ? [] : ['--lake', quoteForShell(lake)]),
    ...(aws ? ['--aws'] : []),
    ...(profile === undefined ? [] : ['--profile', quoteForShell(profile)]),
    ...(region === undefined ? [] : ['--region', quoteForShell(region)]),
  ];
  return ['npx inlet', command, ...options].join(' ');
}

function quoteForShell(text: string): string {
  return /^[\w./~:@%+-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}

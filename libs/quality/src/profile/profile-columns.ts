/** Measures a relation, column by column, in few scans and without keeping its values. */
import { quoteName } from '@inlet/sql';
import type { CheckContext, DataColumn, Relation } from '../evaluation/check';
import { listFormsOf, testForm, type TextForm } from './text-forms';

export type Query = CheckContext['query'];
export type ColumnKind = 'text' | 'integer' | 'number' | 'other';

export interface ColumnProfile {
  name: string;
  kind: ColumnKind;
  /** Values that are not NULL. */
  values: number;
  /** About how many different ones, some per cent off. */
  distinct: number;
  /** Of texts, in characters. */
  lengths: { shortest: number; longest: number } | null;
  /** Of numbers. */
  range: { lowest: number; highest: number } | null;
  /** What every text can be read as; null where nothing fits, or more than one form of dates. */
  form: TextForm | null;
}

export interface Profile {
  rows: number;
  columns: ColumnProfile[];
}

/** Columns measured in one scan, so that a wide table makes no endless statement. */
const COLUMNS_PER_SCAN = 50;

export async function profileColumns(relation: Relation, query: Query): Promise<Profile> {
  let rows = 0;
  const columns: ColumnProfile[] = [];
  for (const chunk of splitEvery(relation.columns, COLUMNS_PER_SCAN)) {
    const [row = {}] = await query(`SELECT count(*) AS "rows", ${chunk.flatMap(measureColumn).join(', ')} FROM ${relation.from}`);
    rows = Number(row.rows);
    const measured = chunk.map((column, index) => readMeasures(column, index, row));
    columns.push(...(await addForms(measured, relation, query)));
  }
  return { rows, columns };
}

/** Integers and texts, which can be keys and codes, apart from measures and from what has no order. */
export function classifyType(type: string): ColumnKind {
  const name = type.toUpperCase();
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT$|^U?INTEGER$/.test(name)) return 'integer';
  if (/^(FLOAT|DOUBLE|DECIMAL\([^)]*\))$/.test(name)) return 'number';
  return name === 'VARCHAR' ? 'text' : 'other';
}

export function splitEvery<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

function measureColumn({ name, type }: DataColumn, index: number): string[] {
  const column = quoteName(name);
  const kind = classifyType(type);
  const measures = [`count(${column}) AS values_${index}`];
  if (kind !== 'other') measures.push(`approx_count_distinct(${column}) AS distinct_${index}`);
  if (kind === 'text') {
    measures.push(`min(length(${column})) AS shortest_${index}`, `max(length(${column})) AS longest_${index}`);
    measures.push(`left(min(${column}), 100) AS first_${index}`, `left(max(${column}), 100) AS last_${index}`);
  }
  if (kind === 'integer' || kind === 'number') {
    measures.push(`CAST(min(${column}) AS DOUBLE) AS lowest_${index}`, `CAST(max(${column}) AS DOUBLE) AS highest_${index}`);
  }
  return measures;
}

interface Measured {
  profile: ColumnProfile;
  /** The first and the last text in the order of the alphabet: what has a form has it here too. */
  ends: string[];
}

function readMeasures({ name, type }: DataColumn, index: number, row: Record<string, unknown>): Measured {
  const kind = classifyType(type);
  const values = Number(row[`values_${index}`]);
  const read = (measure: string) => Number(row[`${measure}_${index}`]);
  const isNumber = kind === 'integer' || kind === 'number';
  const profile: ColumnProfile = {
    name, kind, values,
    distinct: kind === 'other' ? 0 : read('distinct'),
    lengths: kind === 'text' && values > 0 ? { shortest: read('shortest'), longest: read('longest') } : null,
    range: isNumber && values > 0 ? { lowest: read('lowest'), highest: read('highest') } : null,
    form: null,
  };
  const ends = kind === 'text' && values > 0 ? [String(row[`first_${index}`]), String(row[`last_${index}`])] : [];
  return { profile, ends };
}

/** Counts, in one scan, the texts of each form that a column's first and last text have. */
async function addForms(measured: readonly Measured[], { from }: Relation, query: Query): Promise<ColumnProfile[]> {
  const tests = measured.flatMap(({ profile, ends }) => (ends.length === 0 ? [] : listFormsOf(ends).map((form) => ({ name: profile.name, values: profile.values, form }))));
  if (tests.length === 0) return measured.map(({ profile }) => profile);
  const counts = tests.map(({ name, form }, index) => `count(*) FILTER (WHERE ${testForm(form, quoteName(name))}) AS form_${index}`);
  const [row = {}] = await query(`SELECT ${counts.join(', ')} FROM ${from}`);
  const fitting = tests.filter(({ values }, index) => Number(row[`form_${index}`]) === values);
  return measured.map(({ profile }) => ({ ...profile, form: chooseForm(fitting.filter(({ name }) => name === profile.name).map(({ form }) => form)) }));
}

/** Days up to the twelfth read as months too: then nobody knows which they are. */
function chooseForm(forms: readonly TextForm[]): TextForm | null {
  const [narrowest] = forms;
  const isAmbiguous = forms.length > 1 && narrowest?.condition.includes('format') === true;
  return narrowest === undefined || isAmbiguous ? null : narrowest;
}

/** What every measure is given and what it gives back. */
import type { Dataset } from '@inlet/dataset';

export interface BenchSizes {
  /** Rows of the NSDE release that FDA would publish today, and of one ten times as large. */
  smallRows: number;
  largeRows: number;
  smallRounds: number;
  largeRounds: number;
  unchangedRounds: number;
  startUpRounds: number;
}

export const FULL: BenchSizes = { smallRows: 450_000, largeRows: 4_500_000, smallRounds: 9, largeRounds: 3, unchangedRounds: 15, startUpRounds: 25 };
export const SMOKE: BenchSizes = { smallRows: 2_000, largeRows: 20_000, smallRounds: 2, largeRounds: 1, unchangedRounds: 2, startUpRounds: 3 };

export interface Bench {
  sizes: BenchSizes;
  /** The workspace's root. */
  root: string;
  /** A folder of this run's own. */
  workDir: string;
  nsde: Dataset;
  /** Path of a zipped NSDE release of that many rows, written when first asked for. */
  release(rows: number): Promise<string>;
}

/** One thing that the project has promised. */
export interface Verdict {
  what: string;
  target: string;
  found: string;
  met: boolean;
  /** A fact must hold at every size; a time or an amount says something at full size only. */
  kind: 'fact' | 'amount';
}

export interface Section {
  title: string;
  text: string;
  header: readonly string[];
  rows: readonly (readonly string[])[];
  verdicts: readonly Verdict[];
}

export type Measure = (bench: Bench) => Promise<Section[]>;

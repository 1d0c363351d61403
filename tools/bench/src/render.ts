/** Results as padded Markdown, which reads as well on a terminal as in docs/benchmarks.md. */
import type { Section, Verdict } from './bench';
import type { Summary } from './statistics';

export function renderSection({ title, text, header, rows }: Section): string {
  return [`### ${title}`, text, renderTable(header, rows)].filter((part) => part !== '').join('\n\n');
}

export function renderVerdicts(verdicts: readonly Verdict[], judged: (verdict: Verdict) => boolean): string {
  const rows = verdicts.map((verdict) => [verdict.what, verdict.target, verdict.found, judged(verdict) ? (verdict.met ? 'met' : '**missed**') : 'not judged']);
  return ['### Targets', renderTable(['target', 'wanted', 'found', ''], rows)].join('\n\n');
}

export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = header.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(all[0] ?? []), rule, ...all.slice(1).map(line)].join('\n');
}

/** `2.31 s (2.25 to 2.60)` */
export function seconds({ median, min, max }: Summary): string {
  return `${(median / 1000).toFixed(2)} s (${(min / 1000).toFixed(2)} to ${(max / 1000).toFixed(2)})`;
}

/** `37 ms (35 to 41)` */
export function milliseconds({ median, min, max }: Summary): string {
  return `${median.toFixed(0)} ms (${min.toFixed(0)} to ${max.toFixed(0)})`;
}

/** `1.42 (1.38 to 1.51)` */
export function times({ median, min, max }: Summary): string {
  return `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

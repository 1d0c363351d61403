/** The sample releases that ship with the repository, and the page that says what they are. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeNsdeChanges, describeNsdeQuirks, NSDE_COLUMNS } from '@inlet/nsde-samples';
import { writeNsdeRelease } from './sample-releases';

const ROWS = 500;
const SEED = 20_260_115;
const RELEASES = [1, 2] as const;

const fileName = (release: number) => `synthetic-nsde-release-${release}.zip`;

/** Writes the committed NSDE samples and their README into `folder`; gives the paths. */
export async function writeCommittedSamples(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const release of RELEASES) {
    const zipPath = path.join(folder, fileName(release));
    const mtime = new Date(Date.UTC(2026, 0, 14 + release, 12));
    await writeNsdeRelease(zipPath, { rows: ROWS, seed: SEED, release }, { mtime, compressionLevel: 9 });
    paths.push(zipPath);
  }
  const readmePath = path.join(folder, 'README.md');
  await writeFile(readmePath, describeCommittedSamples());
  return [...paths, readmePath];
}

/** The README of the samples, with its counts taken from the generator. */
export function describeCommittedSamples(): string {
  const quirks = describeNsdeQuirks({ rows: ROWS, seed: SEED });
  const changes = describeNsdeChanges({ rows: ROWS, seed: SEED, from: 1, to: 2 });
  const list = (values: readonly string[]) => values.map((value) => `\`${value}\``).join(', ');
  const cells = changes.changed.map((cell) => `| \`${cell.itemCode}\` | ${cell.column} | ${shown(cell.from)} | ${shown(cell.to)} |`);
  return `# Synthetic NSDE releases

**These files are synthetic.** Every name, code, date and application number in them is invented by a generator; none describes a real product, and any likeness to one is chance.
They have the shape of FDA's *Comprehensive NDC SPL Data Elements File* (${NSDE_COLUMNS.length} columns, one CSV in a zip), so that \`inlet run nsde --sample\` works without a network.

| file | rows |
|---|---|
${RELEASES.map((release) => `| \`${fileName(release)}\` | ${ROWS} |`).join('\n')}

Made by \`npx nx run samples:samples\` (the same bytes every time: seed ${SEED}, ${ROWS} rows). Do not edit them by hand.

## Odd rows, the same in both releases
- ${quirks.superseded.length} item codes stand on two rows with different content, so that one of the two is superseded: ${list(quirks.superseded)}.
- ${quirks.invalidDates.length} rows hold a date that is none, and belong into quarantine: ${quirks.invalidDates.map((cell) => `\`${cell.itemCode}\` (${cell.column} \`${cell.value}\`)`).join(', ')}.
- ${quirks.unknownItemCodes.length} item codes are neither NDC nor NHRIC nor ISBT: ${list(quirks.unknownItemCodes)}.
- ${quirks.lostZeros.length} rows have an NDC11 without its leading zeros: ${list(quirks.lostZeros)}.
- ${quirks.outerSpaces.length} rows have values in outer spaces: ${list(quirks.outerSpaces)}.

The rest is right, and as varied as the real file: NDCs in 5-3-2, 5-4-1, 4-4-2 and 5-4-2, NHRIC codes of two and three segments, ISBT codes, names beyond ASCII, commas and quotes in fields.

## From release 1 to release 2
${changes.added.length} rows added, ${changes.removed.length} removed, ${changes.changed.length} cells changed.

- Added: ${list(changes.added)}.
- Removed: ${list(changes.removed)}.

| item code | column | release 1 | release 2 |
|---|---|---|---|
${cells.join('\n')}
`;
}

function shown(value: string): string {
  return value === '' ? '(blank)' : `\`${value}\``;
}

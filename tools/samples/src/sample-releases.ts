/** Writes whole sample releases to disk, as FDA would publish them. */
import path from 'node:path';
import { CDER_DIRECTORIES, DIRECTORY_FILES, generateCderRelease, type CderReleaseOptions } from '@inlet/cder-samples';
import { generateNsdeRelease, NSDE_MEMBER_NAME, type NsdeReleaseOptions } from '@inlet/nsde-samples';
import { writeSampleZip, type SampleZipOptions } from './write-sample-zip';

/** One NSDE release as a zip at `zipPath`. */
export async function writeNsdeRelease(zipPath: string, release: NsdeReleaseOptions, zip?: SampleZipOptions): Promise<void> {
  await writeSampleZip(zipPath, [{ name: NSDE_MEMBER_NAME, content: () => generateNsdeRelease(release) }], zip);
}

/** One release of the NDC directory as three zips in `outDir`, under FDA's names; gives their paths. */
export async function writeCderRelease(outDir: string, release: CderReleaseOptions, zip?: SampleZipOptions): Promise<string[]> {
  const members = generateCderRelease(release);
  const paths: string[] = [];
  for (const directory of CDER_DIRECTORIES) {
    const zipPath = path.join(outDir, DIRECTORY_FILES[directory].zip);
    await writeSampleZip(zipPath, members[directory], zip);
    paths.push(zipPath);
  }
  return paths;
}

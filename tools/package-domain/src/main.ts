/** `package-domain <folder> <out folder>`, for the `build` target of every domain. */
import { packageDomain } from './package-domain';

const [folder, outDir] = process.argv.slice(2);
if (folder === undefined || outDir === undefined) {
  console.error('usage: package-domain <folder of the domain> <folder to write>');
  process.exit(2);
}
packageDomain(folder, outDir).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

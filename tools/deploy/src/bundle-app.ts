/** A CDK app as one file that plain Node runs: its TypeScript and the workspace's libraries inside, the CDK itself from node_modules. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '@inlet/errors';
import { build } from 'esbuild';

/** Too large to bundle, and they find files beside themselves. */
const EXTERNAL = ['aws-cdk-lib', 'constructs', 'cdk-nag'];

/** What makes an app fail is written for people: a missing tag, a finding of nag, a wrong context. Where it came from helps only with CDK_DEBUG. */
const SAY_FAULTS_PLAINLY = `process.on('uncaughtException', (error) => {
  console.error(process.env.CDK_DEBUG ? error : error?.message ?? error);
  process.exit(1);
});`;

/** Bundles `<folder>/src/main.ts`; returns the file's path from the workspace's root. Throws a UsageError where there is no app. */
export async function bundleApp(workspaceRoot: string, folder: string): Promise<string> {
  const entry = path.join(workspaceRoot, folder, 'src/main.ts');
  if (!existsSync(entry)) {
    throw new UsageError({ what: 'The project has no CDK app', where: path.join(folder, 'src/main.ts'), next: 'Name the folder of the base stack, apps/lake, or of a dataset, such as domains/nsde.' });
  }
  const file = path.posix.join('dist/cdk', folder.replaceAll(path.sep, '/'), 'main.cjs');
  await build({
    entryPoints: [entry],
    outfile: path.join(workspaceRoot, file),
    absWorkingDir: workspaceRoot,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: EXTERNAL.flatMap((name) => [name, `${name}/*`]),
    tsconfig: path.join(workspaceRoot, 'tsconfig.base.json'),
    banner: { js: SAY_FAULTS_PLAINLY },
    logLevel: 'warning',
  });
  return file;
}

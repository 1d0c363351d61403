/** One Lambda function as one file: everything that it reaches is in it, save what Node and the DuckDB layer bring. */
import { rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { PermanentError } from '@inlet/errors';
import { build, type Metafile, type Plugin } from 'esbuild';

export interface FunctionBuild {
  workspaceRoot: string;
  entry: string;
  outDir: string;
  /** Packages that a layer brings. */
  fromLayer: readonly string[];
  minify: boolean;
}

/** What no function may carry: it would be dead weight in every cold start. */
const UNWANTED = ['aws-cdk-lib', 'constructs', '@duckdb/', 'aws-local-stepfunctions'];

/**
 * Writes `index.js` into `outDir`, and nothing else. CommonJS, because Node looks for a layer's packages (NODE_PATH) only where `require` asks.
 * The same sources give the same bytes on any machine. Throws PermanentError when the bundle has what it must not have, or lacks what it needs.
 */
export async function buildFunction({ workspaceRoot, entry, outDir, fromLayer, minify }: FunctionBuild): Promise<Metafile> {
  await rm(path.join(outDir, 'index.js'), { force: true });
  const { metafile } = await build({
    absWorkingDir: workspaceRoot,
    entryPoints: { index: entry },
    outdir: outDir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    tsconfig: path.join(workspaceRoot, 'tsconfig.base.json'),
    mainFields: ['module', 'main'],
    external: ['@duckdb/*'],
    minify,
    metafile: true,
    logLevel: 'error',
    plugins: [ownModulesArePure(workspaceRoot)],
  });
  checkBundle(metafile, { entry: path.relative(workspaceRoot, entry), fromLayer });
  return metafile;
}

/** No module of this workspace does anything when it is loaded, so one that nobody uses can be left out together with all that it imports. */
function ownModulesArePure(workspaceRoot: string): Plugin {
  const isOwn = (file: string) => {
    const relative = path.relative(workspaceRoot, file);
    return /^(libs|domains)[\\/]/.test(relative);
  };
  return {
    name: 'own-modules-are-pure',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^(@inlet\/|\.)/ }, async ({ path: request, pluginData, importer, namespace, resolveDir, kind }) => {
        if (pluginData === 'resolving' || !isOwn(importer)) return undefined;
        const resolved = await resolve(request, { importer, namespace, resolveDir, kind, pluginData: 'resolving' });
        return resolved.errors.length === 0 && isOwn(resolved.path) ? { ...resolved, sideEffects: false } : resolved;
      });
    },
  };
}

export function checkBundle(metafile: Metafile, { entry, fromLayer }: { entry: string; fromLayer: readonly string[] }): void {
  const inside = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const unwanted = inside.find((file) => UNWANTED.some((name) => file.includes(`node_modules/${name}`)));
  if (unwanted !== undefined) {
    throw new PermanentError({ what: 'A function\'s bundle carries what it must not', where: entry, expected: `nothing of ${UNWANTED.join(', ')}`, found: unwanted, next: 'Look which import reaches it: `esbuild --bundle --analyze=verbose`.' });
  }
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path: name }) => name));
  const missing = outside.find((name) => !isBuiltin(name) && !fromLayer.some((layered) => name === layered || name.startsWith(`${layered}/`)));
  if (missing !== undefined) {
    throw new PermanentError({ what: 'A function\'s bundle lacks a package', where: entry, expected: 'every import in the bundle, in Node or in a layer', found: missing, next: 'Install the package, or name it as part of a layer.' });
  }
}

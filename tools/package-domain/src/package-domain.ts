/** A domain as a deployment takes it: checked, with the state machine document that its config makes. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fingerprintPipeline, readDatasetFolder } from '@inlet/dataset';
import { buildStateMachine } from '@inlet/orchestrator';
import { buildMacros, orderModels } from '@inlet/sql';

/**
 * Writes `dataset.json` (defaults applied), `state-machine.asl.json` (resources as placeholders), `models/*.sql`, `macros.sql` and
 * `pipeline.json` (fingerprint and build order) into `outDir`. The same domain gives the same bytes. Throws ConfigError or ModelError.
 */
export async function packageDomain(folder: string, outDir: string): Promise<void> {
  const dataset = await readDatasetFolder(folder);
  const { config } = dataset;
  const macros = buildMacros(config.format.null_tokens);
  const models = config.models.map(({ name, layer }) => ({ name, layer, sql: dataset.models.find((model) => model.name === name)?.sql ?? '' }));
  const buildOrder = orderModels(models, config.tables.map(({ name }) => name)).map(({ name }) => name);
  const files: Record<string, string> = {
    'dataset.json': toJson(config),
    'state-machine.asl.json': toJson(buildStateMachine(config)),
    'macros.sql': `${macros.join(';\n')};\n`,
    'pipeline.json': toJson({ dataset: config.dataset, fingerprint: fingerprintPipeline(dataset, { macros }), buildOrder }),
    ...Object.fromEntries(models.map(({ name, sql }) => [`models/${name}.sql`, sql])),
  };
  await rm(outDir, { recursive: true, force: true });
  await mkdir(path.join(outDir, 'models'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(outDir, name), text);
}

const toJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Every key of the lake is built here, and nowhere else. */
import type { Layer } from './manifest-schema';

export const rawPrefix = (dataset: string, sha256: string) => `raw/${dataset}/sha256=${sha256}/`;
export const rawKey = (dataset: string, sha256: string, fileName: string) => `${rawPrefix(dataset, sha256)}${fileName}`;
/** The sidecar beside a raw file: url, headers, time, bytes. */
export const rawInfoKey = (key: string) => `${key}.json`;
export const manifestKey = (dataset: string) => `manifests/${dataset}/manifest.json`;
export const runRecordKey = (dataset: string, runId: string) => `manifests/${dataset}/runs/${runId}.json`;
export const bronzePrefix = (dataset: string, runId: string) => `bronze/${dataset}/run=${runId}/`;
export const quarantinePrefix = (dataset: string, runId: string) => `quarantine/${dataset}/run=${runId}/`;
/** Silver and gold share a shape. `version` is the UTC day on which the run started. */
export const modelPrefix = (layer: Extract<Layer, 'silver' | 'gold'>, dataset: string, version: string, runId: string) =>
  `${layer}/${dataset}/version=${version}/run=${runId}/`;

/** Every prefix under which a run may write tables; a dead run is swept by deleting these. */
export function runPrefixes(dataset: string, version: string, runId: string): string[] {
  return [
    bronzePrefix(dataset, runId),
    modelPrefix('silver', dataset, version, runId),
    modelPrefix('gold', dataset, version, runId),
    quarantinePrefix(dataset, runId),
  ];
}

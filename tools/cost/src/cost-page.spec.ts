import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DatasetConfig } from '@inlet/dataset';
import { buildStateMachine } from '@inlet/orchestrator';
import { renderCostPage } from './cost-page';
import { readDatasetConfigs } from './dataset-configs';
import { ALARM_METRICS, FETCH_MEMORY_MB, NETWORK_BASE_USE, PUBLISHED_TRANSITIONS, SCRATCH_MB, SMALL_MEMORY_MB, TRANSFORM_MEMORY_MB, UNCHANGED_TRANSITIONS } from './default-use';

const ROOT = path.resolve(__dirname, '../../..');

interface Choice {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Next: string; Variable?: string; StringEquals?: string }[];
}

/** States entered when every question of the document is answered so that the run ends in `towards`. */
function countTransitions(config: DatasetConfig, answers: Record<string, string>): number {
  const { StartAt, States } = buildStateMachine(config);
  let count = 0;
  for (let name: string | undefined = StartAt; name !== undefined; count += 1) {
    const state = States[name] as unknown as Choice;
    name = state.Type === 'Choice' ? (answers[name] ?? state.Default) : state.Next;
  }
  return count;
}

describe('the cost page', () => {
  it('is what docs/reference/cost.md holds; `npx nx docs cost` writes it anew', async () => {
    const committed = readFileSync(path.join(ROOT, 'docs/reference/cost.md'), 'utf8');
    expect(committed).toBe(renderCostPage(await readDatasetConfigs(ROOT)));
  });

  it('counts the transitions that the state machine makes', async () => {
    for (const config of await readDatasetConfigs(ROOT)) {
      expect(countTransitions(config, {})).toBe(UNCHANGED_TRANSITIONS);
      expect(countTransitions(config, { 'Changed?': 'ChooseEngine', 'Passed?': 'ContentChanged?', 'ContentChanged?': 'UpdateManifest' })).toBe(PUBLISHED_TRANSITIONS);
    }
  });

  it('adds the parts up', async () => {
    const page = renderCostPage(await readDatasetConfigs(ROOT));
    const [, ...parts] = [...page.split('## Base stack')[0]!.matchAll(/^\| (.+?) \| \**([\d.]+)\** \|$/gm)].map(([, , usd]) => Number(usd)).reverse();
    const [total] = [...page.matchAll(/^\| \*\*together\*\* \| \*\*([\d.]+)\*\* \|$/gm)].map(([, usd]) => Number(usd));
    expect(parts.length).toBeGreaterThanOrEqual(3);
    expect(parts.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(total!, 1);
  });
});

describe('the assumptions about what is deployed', () => {
  const template = JSON.parse(readFileSync(path.join(ROOT, 'domains/nsde/template.baseline.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { FunctionName?: string; MemorySize?: number; EphemeralStorage?: { Size: number } } }>;
  };
  const resources = Object.values(template.Resources);

  it('are those of the committed templates', () => {
    const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function').map(({ Properties }) => Properties);
    const memory = Object.fromEntries(functions.map(({ FunctionName, MemorySize }) => [FunctionName, MemorySize]));
    expect(memory).toMatchObject({ 'nsde-fetch-and-hash': FETCH_MEMORY_MB, 'nsde-transform': TRANSFORM_MEMORY_MB, 'nsde-update-manifest': SMALL_MEMORY_MB, 'nsde-catalog': SMALL_MEMORY_MB });
    expect(functions.flatMap(({ EphemeralStorage }) => EphemeralStorage?.Size ?? [])).toEqual([SCRATCH_MB, SCRATCH_MB]);
    expect(resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')).toHaveLength(ALARM_METRICS);
  });

  it('know the endpoints of the network', () => {
    const source = readFileSync(path.join(ROOT, 'libs/constructs/src/base/network.ts'), 'utf8');
    const endpoints = [...source.matchAll(/InterfaceVpcEndpointAwsService\.[A-Z_]+/g)];
    expect(endpoints.length * 2).toBe(NETWORK_BASE_USE.endpointZones);
  });
});

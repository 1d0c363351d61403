import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readDatasetFolder, type DatasetConfig } from '@inlet/dataset';
import { REJECTING_ERROR_NAMES, TRANSIENT_ERROR_NAMES } from '@inlet/errors';
import validate from 'asl-validator';
import { buildStateMachine, resourcePlaceholder, TASK_STATES } from './index';

const domains = path.resolve(__dirname, '../../../domains');
const arnOf = (state: string) => `arn:aws:lambda:us-east-1:123456789012:function:${state}`;

async function readConfig(id: string): Promise<DatasetConfig> {
  return (await readDatasetFolder(path.join(domains, id))).config;
}

describe('buildStateMachine', () => {
  it.each(['nsde', 'cder'])('is a valid document for %s, as an independent validator judges', async (id) => {
    const { isValid, errors } = validate(buildStateMachine(await readConfig(id), arnOf), { checkPaths: true, checkArn: true });
    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
  });
  it('the validator would say no', async () => {
    const document = buildStateMachine(await readConfig('nsde'), arnOf);
    const broken = { ...document, States: { ...document.States, Skip: { ...document.States['Skip'], Next: 'Nowhere' } } };
    expect(validate(broken, { checkPaths: true, checkArn: true }).isValid).toBe(false);
  });
  it('is the same document for the same config', async () => {
    const config = await readConfig('nsde');
    expect(JSON.stringify(buildStateMachine(config))).toBe(JSON.stringify(buildStateMachine(structuredClone(config))));
  });
  it('binds every task to a placeholder that the deployment fills in', async () => {
    const { States } = buildStateMachine(await readConfig('cder'));
    const tasks = Object.entries(States).filter(([, state]) => state['Type'] === 'Task');
    expect(tasks.map(([name]) => name).sort()).toEqual([...TASK_STATES].sort());
    for (const [name, state] of tasks) expect(state['Resource']).toBe(`\${${name}Arn}`);
    expect(resourcePlaceholder('Bronze')).toBe('${BronzeArn}');
  });
  it('retries what is transient after 2, 4 and 8 seconds, and sends everything unknown to the dead letters', async () => {
    const { States } = buildStateMachine(await readConfig('nsde'));
    const retry = (States['Bronze']?.['Retry'] as Record<string, unknown>[])[0];
    expect(retry).toEqual({ ErrorEquals: [...TRANSIENT_ERROR_NAMES], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3 });
    expect(States['Bronze']?.['Catch']).toEqual([
      { ErrorEquals: [...REJECTING_ERROR_NAMES], ResultPath: '$.error', Next: 'Reject' },
      { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'DeadLetter' },
    ]);
  });
  it('takes the engine limit from the config', async () => {
    const config = structuredClone(await readConfig('nsde')) as DatasetConfig;
    config.engine.duckdb_max_bytes = 12345;
    expect(JSON.stringify(buildStateMachine(config).States['ChooseEngine'])).toContain('"NumericGreaterThan":12345');
  });
  it('stays far below the size that Step Functions allows', async () => {
    const text = JSON.stringify(buildStateMachine(await readConfig('cder')));
    expect(text.length).toBeLessThan(100_000);
    expect(JSON.parse(await readFile(path.join(domains, 'cder/config/dataset.json'), 'utf8'))).toHaveProperty('dataset', 'cder');
  });
});

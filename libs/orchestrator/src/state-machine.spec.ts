import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readDatasetFolder, type DatasetConfig } from '@inlet/dataset';
import { REJECTING_ERROR_NAMES, TRANSIENT_ERROR_NAMES } from '@inlet/errors';
import validate from 'asl-validator';
import { buildStateMachine, FUNCTION_OF_STATE, functionPlaceholder, TASK_STATES } from './index';

const domains = path.resolve(__dirname, '../../../domains');
const bindings = { functionArn: (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}` };

async function readConfig(id: string): Promise<DatasetConfig> {
  return (await readDatasetFolder(path.join(domains, id))).config;
}

describe('buildStateMachine', () => {
  it.each(['nsde', 'cder'])('is a valid document for %s, as an independent validator judges', async (id) => {
    const { isValid, errors } = validate(buildStateMachine(await readConfig(id), bindings), { checkPaths: true, checkArn: true });
    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
  });
  it('the validator would say no', async () => {
    const document = buildStateMachine(await readConfig('nsde'), bindings);
    const broken = { ...document, States: { ...document.States, Skip: { ...document.States['Skip'], Next: 'Nowhere' } } };
    expect(validate(broken, { checkPaths: true, checkArn: true }).isValid).toBe(false);
  });
  it('is the same document for the same config', async () => {
    const config = await readConfig('nsde');
    expect(JSON.stringify(buildStateMachine(config))).toBe(JSON.stringify(buildStateMachine(structuredClone(config))));
  });
  it('binds every function to a placeholder that the deployment fills in, and tells it the state, the execution and the document', async () => {
    const { States } = buildStateMachine(await readConfig('cder'));
    const tasks = Object.entries(States).filter(([, state]) => state['Type'] === 'Task');
    expect(tasks.map(([name]) => name).sort()).toEqual([...TASK_STATES].sort());
    for (const [name, fn] of Object.entries(FUNCTION_OF_STATE)) {
      expect(States[name]?.['Resource']).toBe(functionPlaceholder(fn));
      expect(States[name]?.['Parameters']).toEqual({ state: name, 'executionId.$': '$$.Execution.Id', 'requestedAt.$': '$$.Execution.StartTime', 'document.$': '$' });
    }
    expect(functionPlaceholder('update-manifest')).toBe('${UpdateManifestFunctionArn}');
  });
  it('runs Glue jobs with the workers that their plans ask for, and waits for them', async () => {
    const config = await readConfig('cder');
    const { States } = buildStateMachine(config, { partition: 'aws-us-gov' });
    expect(States['SilverOnSpark']).toMatchObject({
      Resource: 'arn:aws-us-gov:states:::glue:startJobRun.sync',
      Parameters: { JobName: config.silver_job_name, WorkerType: 'G.1X', 'NumberOfWorkers.$': '$.silverPlan.workers', Arguments: { '--lake_root.$': '$.silverPlan.lakeRoot', '--plan_key.$': '$.silverPlan.planKey' } },
      ResultPath: null,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'DeadLetter' }],
      Next: 'CollectSilverFromSpark',
    });
    expect(States['BronzeOnSpark']).toMatchObject({ Parameters: { JobName: config.bronze_job_name } });
  });
  it('retries what is transient after 2, 4 and 8 seconds, and sends everything unknown to the dead letters', async () => {
    const { States } = buildStateMachine(await readConfig('nsde'));
    const [retry, ofLambda] = States['Bronze']?.['Retry'] as Record<string, unknown>[];
    expect(retry).toEqual({ ErrorEquals: [...TRANSIENT_ERROR_NAMES], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3 });
    const failures = ['ClientExecutionTimeoutException', 'ServiceException', 'AWSLambdaException', 'SdkClientException', 'TooManyRequestsException'];
    expect(ofLambda).toEqual({ ErrorEquals: failures.map((name) => `Lambda.${name}`), IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3 });
    expect(States['Bronze']?.['Catch']).toEqual([
      { ErrorEquals: [...REJECTING_ERROR_NAMES], ResultPath: '$.error', Next: 'Reject' },
      { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'DeadLetter' },
    ]);
  });
  it('asks for no fetch and builds no bronze where a run is replayed, and goes on with either engine from there', async () => {
    const { States } = buildStateMachine(await readConfig('nsde'));
    expect(States['BeginRun']).toMatchObject({ Next: 'Replay?' });
    expect(States['Replay?']).toEqual({ Type: 'Choice', Choices: [{ Variable: '$.replay', IsPresent: true, Next: 'LoadRelease' }], Default: 'FetchAndHash' });
    expect(States['LoadRelease']).toMatchObject({ Type: 'Task', Next: 'ChooseEngineOfReplay' });
    expect(States['LoadRelease']).not.toHaveProperty('ResultPath');
    const [bronze, silver] = [States['ChooseEngine'], States['ChooseEngineOfReplay']].map((state) => JSON.stringify(state));
    expect(silver).toBe(bronze?.replaceAll('"PlanBronzeOnSpark"', '"PlanSilverOnSpark"').replace('"Bronze"', '"Silver"'));
  });
  it('judges whatever either engine built before it asks whether the content is new, so that rules that changed are asked where tables did not', async () => {
    const { States } = buildStateMachine(await readConfig('nsde'));
    expect([States['Silver'], States['CollectSilverFromSpark']].map((state) => state?.['Next'])).toEqual(['QualityGate', 'QualityGate']);
    expect(States['QualityGate']).toMatchObject({ Next: 'Passed?' });
    expect(States['Passed?']).toMatchObject({ Choices: [{ Variable: '$.gate.passed', BooleanEquals: true, Next: 'ContentChanged?' }], Default: 'Reject' });
    expect(States['ContentChanged?']).toMatchObject({ Choices: [{ Variable: '$.silver.changed', BooleanEquals: true, Next: 'UpdateManifest' }], Default: 'Skip' });
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

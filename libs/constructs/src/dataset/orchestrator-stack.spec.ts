import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  CatalogEnvironmentSchema,
  FetchEnvironmentSchema,
  TransformEnvironmentSchema,
  TriggerEnvironmentSchema,
  UpdateManifestEnvironmentSchema,
} from '@inlet/deployment';
import { buildStateMachine } from '@inlet/orchestrator';
import { findStaleSuppressions, findViolations, listSuppressions } from '../shared/nag';
import { buildStack, describeEnvironment, readDomain, resourcesOf, resourcesOfType, standInAssets } from './stacks.test-support';

const SCHEMAS = {
  'fetch-and-hash': FetchEnvironmentSchema,
  transform: TransformEnvironmentSchema,
  'update-manifest': UpdateManifestEnvironmentSchema,
  catalog: CatalogEnvironmentSchema,
  trigger: TriggerEnvironmentSchema,
};
const KINDS = Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[];

interface FunctionProperties {
  FunctionName: string;
  Environment: { Variables: Record<string, unknown> };
  Architectures: string[];
  VpcConfig?: unknown;
  Layers?: unknown[];
  MemorySize: number;
}

const withNetwork = () => describeEnvironment({ network: { enabled: true, nat: false } });

describe('OrchestratorStack', () => {
  it.each(['nsde', 'cder'])('holds %s under its agreed names', async (id) => {
    const stack = await buildStack(id);
    expect(stack.stackName).toBe(`PP-RAWS-${id.toUpperCase()}-Orchestrator`);
    const names = resourcesOfType<FunctionProperties>(stack, 'AWS::Lambda::Function').map(({ FunctionName }) => FunctionName);
    expect(names.sort()).toEqual(KINDS.map((kind) => `${id}-${kind}`).sort());
    Template.fromStack(stack).hasResourceProperties('AWS::StepFunctions::StateMachine', { StateMachineName: `inlet-${id}`, StateMachineType: 'STANDARD' });
  });

  it('gives each function the variables that it reads when it starts, and no other', async () => {
    const functions = resourcesOfType<FunctionProperties>(await buildStack('nsde'), 'AWS::Lambda::Function');
    for (const kind of KINDS) {
      const { Variables } = functions.find(({ FunctionName }) => FunctionName === `nsde-${kind}`)!.Environment;
      const values = Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, typeof value === 'string' ? value : 'https://deployed.example/value']));
      expect(SCHEMAS[kind].parse(values)).toEqual(values);
      const needed = Object.entries(SCHEMAS[kind].shape).filter(([, value]) => !value.isOptional()).map(([name]) => name);
      expect(Object.keys(values).sort()).toEqual(needed.sort());
    }
  });

  it('lets requests name the hosts of the config and the mirrors of the environment', async () => {
    const functions = resourcesOfType<FunctionProperties>(await buildStack('cder', { environment: describeEnvironment({ mirror_hosts: ['127.0.0.1:8080'] }) }), 'AWS::Lambda::Function');
    for (const kind of ['fetch-and-hash', 'trigger']) {
      expect(functions.find(({ FunctionName }) => FunctionName === `cder-${kind}`)?.Environment.Variables['SOURCE_HOSTS']).toBe('www.accessdata.fda.gov,127.0.0.1:8080');
    }
  });

  it('encrypts and retains the logs of every function and of the state machine, and traces all of them', async () => {
    const stack = await buildStack('nsde', { environment: describeEnvironment({ log_retention_days: 90 }) });
    const groups = resourcesOfType<{ KmsKeyId?: unknown; RetentionInDays?: number }>(stack, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(6);
    expect(groups.every(({ KmsKeyId, RetentionInDays }) => KmsKeyId !== undefined && RetentionInDays === 90)).toBe(true);
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' }, Runtime: 'nodejs24.x', LoggingConfig: { LogGroup: Match.anyValue(), LogFormat: 'JSON' } });
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', { TracingConfiguration: { Enabled: true }, LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false } });
  });

  it('keeps its logs unless they may be destroyed', async () => {
    const policies = async (destroyData?: boolean) =>
      new Set(Object.values(resourcesOf(await buildStack('nsde', { destroyData }))).filter(({ Type }) => Type === 'AWS::Logs::LogGroup').map(({ DeletionPolicy }) => DeletionPolicy));
    expect(await policies()).toEqual(new Set(['Retain']));
    expect(await policies(true)).toEqual(new Set(['Delete']));
  });

  it('runs the document that runs locally, with the functions bound', async () => {
    const stack = await buildStack('cder');
    const [machine] = resourcesOfType<{ DefinitionString: string; DefinitionSubstitutions: Record<string, unknown> }>(stack, 'AWS::StepFunctions::StateMachine');
    const { config } = await readDomain('cder');
    const document = machine!.DefinitionString.replaceAll('${Partition}', 'aws');
    expect(JSON.parse(document)).toEqual(buildStateMachine(config));
    const placeholders = new Set([...machine!.DefinitionString.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    expect(placeholders).toEqual(new Set(Object.keys(machine!.DefinitionSubstitutions)));
    expect(placeholders.size).toBe(5);
  });

  it('puts each definition in service as a version of its own that is kept, behind the alias live', async () => {
    const stack = await buildStack('nsde');
    const template = Template.fromStack(stack);
    template.hasResource('AWS::StepFunctions::StateMachineVersion', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { StateMachineRevisionId: Match.anyValue() } });
    template.hasResourceProperties('AWS::StepFunctions::StateMachineAlias', { Name: 'live', RoutingConfiguration: [{ Weight: 100, StateMachineVersionArn: Match.anyValue() }] });
  });

  it.each(['AWS::StepFunctions::StateMachineVersion', 'AWS::StepFunctions::StateMachineAlias', 'AWS::Glue::SecurityConfiguration'])('has nothing else that takes a value from its %s', async (type) => {
    const resources = resourcesOf(await buildStack('nsde', { crawler: true }));
    const ids = Object.entries(resources).filter(([, { Type }]) => Type === type).map(([id]) => id);
    expect(ids).toHaveLength(1);
    const others = Object.entries(resources).filter(([, { Type }]) => Type !== type && !Type.startsWith('AWS::StepFunctions::StateMachineAlias'));
    expect(others.filter(([, { Properties }]) => JSON.stringify(Properties).includes(`"${ids[0]}"`))).toEqual([]);
  });

  it('runs on the schedule of the config and starts what is in service', async () => {
    const stack = await buildStack('nsde');
    const template = Template.fromStack(stack);
    const target = { Input: '{"force":false}', DeadLetterConfig: { Arn: Match.anyValue() }, RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 10 } };
    template.hasResourceProperties('AWS::Scheduler::Schedule', { Name: 'inlet-nsde', ScheduleExpression: 'cron(30 6 * * ? *)', ScheduleExpressionTimezone: 'America/New_York', Target: target });
    template.hasResourceProperties('AWS::Scheduler::Schedule', { Name: 'inlet-nsde-freshness', ScheduleExpression: 'rate(1 hours)', Target: { Input: '{"measure":"freshness"}' } });
    const [alias] = Object.keys(template.findResources('AWS::StepFunctions::StateMachineAlias'));
    template.hasResource('AWS::Scheduler::Schedule', { DependsOn: Match.arrayWith([alias]), Properties: { Name: 'inlet-nsde' } });
    const [run] = resourcesOfType<{ Target: { Arn: unknown } }>(stack, 'AWS::Scheduler::Schedule').filter((schedule) => JSON.stringify(schedule).includes('"inlet-nsde"'));
    expect(JSON.stringify(run!.Target.Arn)).toContain(':states:eu-west-1:111111111111:stateMachine:inlet-nsde:live');
  });

  it('tells the topic of failed runs, dead letters, long runs and overdue releases', async () => {
    const alarms = resourcesOfType<{ AlarmName: string; AlarmActions: unknown[]; Threshold: number; TreatMissingData: string }>(await buildStack('nsde', { maxDuration: Duration.minutes(30) }), 'AWS::CloudWatch::Alarm');
    expect(Object.fromEntries(alarms.map(({ AlarmName, Threshold, TreatMissingData }) => [AlarmName, [Threshold, TreatMissingData]]))).toEqual({
      'inlet-nsde-failed': [0, 'notBreaching'],
      'inlet-nsde-timed-out': [0, 'notBreaching'],
      'inlet-nsde-aborted': [0, 'notBreaching'],
      'inlet-nsde-dead-letters': [0, 'ignore'],
      'inlet-nsde-duration': [30 * 60_000, 'notBreaching'],
      'inlet-nsde-overdue': [39, 'breaching'],
    });
    expect(alarms.every(({ AlarmActions }) => AlarmActions.length === 1)).toBe(true);
  });

  it('has no alarm for overdue releases where the schedule comes to an end', async () => {
    const dataset = await readDomain('nsde');
    const ending = { ...dataset, config: { ...dataset.config, schedule: { expression: 'cron(0 0 1 1 ? 2030)', time_zone: 'UTC' } } };
    Template.fromStack(await buildStack('nsde', { dataset: ending })).resourceCountIs('AWS::CloudWatch::Alarm', 5);
  });

  it('has a database, two encrypted jobs with the sizes of the config, and a crawler only where one is wanted', async () => {
    const without = Template.fromStack(await buildStack('nsde'));
    without.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'inlet_nsde' } });
    without.allResourcesProperties('AWS::Glue::Job', { SecurityConfiguration: 'inlet-nsde', GlueVersion: '5.0', WorkerType: 'G.1X', NumberOfWorkers: 2 });
    without.resourceCountIs('AWS::Glue::Job', 2);
    without.resourceCountIs('AWS::Glue::Crawler', 0);
    Template.fromStack(await buildStack('nsde', { crawler: true })).hasResourceProperties('AWS::Glue::Crawler', { Name: 'inlet-nsde-bronze', CrawlerSecurityConfiguration: 'inlet-nsde', TablePrefix: 'bronze_' });
  });

  it('keeps fetch-and-hash out of the private network, and puts the other functions into it', async () => {
    const inNetwork = async (environment = describeEnvironment()) =>
      resourcesOfType<FunctionProperties>(await buildStack('nsde', { environment }), 'AWS::Lambda::Function').filter(({ VpcConfig }) => VpcConfig !== undefined).map(({ FunctionName }) => FunctionName).sort();
    expect(await inNetwork()).toEqual([]);
    expect(await inNetwork(withNetwork())).toEqual(['nsde-catalog', 'nsde-transform', 'nsde-trigger', 'nsde-update-manifest']);
    const policies = Object.values(Template.fromStack(await buildStack('nsde', { environment: withNetwork() })).findResources('AWS::IAM::ManagedPolicy'));
    expect(policies.filter((policy) => JSON.stringify(policy).includes('ec2:AssignPrivateIpAddresses'))).toHaveLength(4);
  });

  it.each(['arm64', 'x86_64'])('builds functions and layer for %s', async (architecture) => {
    const stack = await buildStack('nsde', { environment: describeEnvironment({ architecture }) });
    const functions = resourcesOfType<FunctionProperties>(stack, 'AWS::Lambda::Function');
    expect(new Set(functions.flatMap(({ Architectures }) => Architectures))).toEqual(new Set([architecture]));
    expect(functions.filter(({ Layers }) => Layers !== undefined).map(({ FunctionName }) => FunctionName)).toEqual(['nsde-transform']);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::LayerVersion', { CompatibleArchitectures: [architecture] });
  });

  it('gives transform what DuckDB may use and room beside it', async () => {
    const dataset = await readDomain('nsde');
    const memoryOf = async (memory_mb: number) => {
      const changed = { ...dataset, config: { ...dataset.config, engine: { ...dataset.config.engine, memory_mb } } };
      return resourcesOfType<FunctionProperties>(await buildStack('nsde', { dataset: changed }), 'AWS::Lambda::Function').find(({ FunctionName }) => FunctionName === 'nsde-transform')?.MemorySize;
    };
    expect(await memoryOf(512)).toBe(1769);
    expect(await memoryOf(4000)).toBe(5512);
    expect(await memoryOf(10_000)).toBe(10_240);
  });

  it('tags its resources with the dataset\'s own owner and cost centre', async () => {
    const stack = await buildStack('nsde');
    const tags = resourcesOfType<{ FunctionName: string; Tags: { Key: string; Value: string }[] }>(stack, 'AWS::Lambda::Function').map(({ Tags }) => Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])));
    expect(tags).toHaveLength(5);
    for (const tag of tags) expect(tag).toEqual({ Environment: 'dev', Owner: 'data-platform', CostCenter: 'drug-reference' });
  });

  it('takes values from the base stack by parameters, and neither imports nor exports', async () => {
    const template = Template.fromStack(await buildStack('nsde', { environment: withNetwork() })).toJSON() as { Outputs?: Record<string, { Export?: unknown }>; Parameters: Record<string, { Type: string; Default?: string }> };
    expect(JSON.stringify(template)).not.toContain('Fn::ImportValue');
    expect(Object.values(template.Outputs ?? {}).filter((output) => output.Export !== undefined)).toEqual([]);
    const names = Object.values(template.Parameters).filter(({ Type }) => Type === 'AWS::SSM::Parameter::Value<String>').map((parameter) => parameter.Default);
    expect(names).toEqual(expect.arrayContaining(['/inlet/lake-bucket', '/inlet/raw-bucket', '/inlet/key-arn', '/inlet/topic-arn', '/inlet/subnet-ids', '/inlet/security-group-id']));
  });

  it.each([
    ['as it comes', {}],
    ['in a private network, with a crawler', { crawler: true, environment: withNetwork() }],
  ])('passes the three rule packs %s, with no suppression that says nothing', async (_case, changes) => {
    const stack = await buildStack('nsde', changes);
    expect(findViolations(stack)).toEqual([]);
    expect(findStaleSuppressions(stack).map(({ id, construct }) => `${construct.node.path}: ${id}`)).toEqual([]);
    const suppressions = listSuppressions(stack);
    expect(suppressions.length).toBeGreaterThan(10);
    for (const { reason } of suppressions) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
  });

  it.each([
    ['as it comes', {}],
    ['in a private network, with a crawler', { crawler: true, environment: withNetwork() }],
  ])('grants %s no action with a wildcard, the key only through a service, and nothing of another dataset', async (_case, changes) => {
    const stack = await buildStack('nsde', changes);
    const policies = resourcesOfType<{ PolicyDocument: { Statement: { Action: string | string[]; Condition?: Record<string, Record<string, unknown>> }[] } }>(stack, 'AWS::IAM::ManagedPolicy');
    const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).map(({ Action, Condition }) => ({ actions: [Action].flat(), condition: Condition }));
    expect(statements.length).toBeGreaterThan(40);
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    const ofKey = statements.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')));
    expect(ofKey.length).toBeGreaterThan(5);
    expect(ofKey.filter(({ condition }) => condition?.['StringEquals']?.['kms:ViaService'] === undefined)).toEqual([]);
    expect(JSON.stringify(resourcesOf(stack))).not.toContain('cder');
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  it('lets the schedule and the trigger start nothing but the alias, which Step Functions takes as a condition on the state machine', async () => {
    const statements = resourcesOfType<{ PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown; Condition?: unknown }[] } }>(await buildStack('nsde'), 'AWS::IAM::ManagedPolicy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'states:StartExecution');
    expect(statements).toHaveLength(2);
    for (const { Resource, Condition } of statements) {
      expect(JSON.stringify(Resource)).toMatch(/:stateMachine:inlet-nsde"/);
      expect(Condition).toEqual({ 'ForAnyValue:StringEquals': { 'states:StateMachineQualifier': ['live'] } });
    }
  });

  it('lets functions put only events of published releases on the bus', async () => {
    const [statement] = resourcesOfType<{ PolicyDocument: { Statement: { Action: string | string[]; Condition?: unknown }[] } }>(await buildStack('nsde'), 'AWS::IAM::ManagedPolicy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'events:PutEvents');
    expect(statement?.Condition).toEqual({ StringEquals: { 'events:source': 'inlet', 'events:detail-type': 'Release Published' } });
  });

  it('says which bundle is missing, and how to make it', async () => {
    await expect(buildStack('nsde', { ...standInAssets(), functionsDir: '/nowhere' })).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringMatching(/\/nowhere\/fetch-and-hash.*npx nx bundle nsde/) });
    await expect(buildStack('nsde', { ...standInAssets(), layerDir: '/nowhere' })).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining('npx nx run bundle:layer-arm64') });
  });
});

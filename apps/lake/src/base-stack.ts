/** The stack that every dataset's stack stands on: where data lies, what is known of runs, who is told, what it may cost. */
import { BASE_STACK_NAME, LEDGER_TABLE, WORKGROUP } from '@inlet/deployment';
import {
  Alerts,
  AthenaWorkgroup,
  AuditTrail,
  type Deployment,
  dataRemovalPolicy,
  LakeBuckets,
  LakeKey,
  listTwoZones,
  MonthlyBudget,
  Network,
  Parameters,
  RunLedger,
} from '@inlet/constructs';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const TRAIL_NAME = 'inlet-data-access';

export class BaseStack extends Stack {
  private readonly key: LakeKey;
  private readonly buckets: LakeBuckets;
  private readonly alerts: Alerts;

  constructor(scope: Construct, private readonly deployment: Deployment) {
    const { account, region } = deployment.environment;
    super(scope, 'Base', {
      stackName: BASE_STACK_NAME,
      description: 'Inlet: the shared lake, its ledger, notifications, budget and audit trail',
      env: { account, region },
      terminationProtection: !deployment.destroyData,
    });
    this.key = this.createKey();
    this.buckets = this.createBuckets();
    this.createLedger();
    this.alerts = this.createAlerts();
    this.createBudget();
    this.createAuditTrail();
    this.createWorkgroup();
    this.createParameters(this.createNetwork());
  }

  /** Left to the CDK, these would be looked up in the account. */
  override get availabilityZones(): string[] {
    return listTwoZones();
  }

  private createKey(): LakeKey {
    return new LakeKey(this, 'Key', { alias: 'inlet', trailName: TRAIL_NAME, removalPolicy: dataRemovalPolicy(this.deployment) });
  }

  private createBuckets(): LakeBuckets {
    return new LakeBuckets(this, 'Buckets', { environmentName: this.deployment.environment.name, encryptionKey: this.key, removalPolicy: dataRemovalPolicy(this.deployment) });
  }

  private createLedger(): void {
    new RunLedger(this, 'Ledger', { encryptionKey: this.key, removalPolicy: dataRemovalPolicy(this.deployment) });
  }

  private createAlerts(): Alerts {
    return new Alerts(this, 'Alerts', { encryptionKey: this.key, emails: this.deployment.environment.alert_emails, removalPolicy: dataRemovalPolicy(this.deployment) });
  }

  private createBudget(): void {
    const { name, monthly_budget_usd } = this.deployment.environment;
    new MonthlyBudget(this, 'MonthlyBudget', { environmentName: name, limitUsd: monthly_budget_usd, topic: this.alerts.topic });
  }

  private createAuditTrail(): void {
    const { accessLogs, lake, raw } = this.buckets;
    new AuditTrail(this, 'AuditTrail', { trailName: TRAIL_NAME, watched: [lake, raw], destination: accessLogs, encryptionKey: this.key });
  }

  private createWorkgroup(): void {
    const { destroyData, environment } = this.deployment;
    new AthenaWorkgroup(this, 'Athena', { lake: this.buckets.lake, encryptionKey: this.key, scanLimitBytes: environment.athena_scan_limit_bytes, destroyData });
  }

  private createNetwork(): Network | undefined {
    const { network } = this.deployment.environment;
    return network.enabled ? new Network(this, 'Network', { encryptionKey: this.key, nat: network.nat }) : undefined;
  }

  private createParameters(network: Network | undefined): void {
    const { deadLetters, topic } = this.alerts;
    new Parameters(this, 'Parameters', {
      environment: this.deployment.environment.name,
      lakeBucket: this.buckets.lake.bucketName,
      rawBucket: this.buckets.raw.bucketName,
      ledgerTable: LEDGER_TABLE,
      keyArn: this.key.keyArn,
      topicArn: topic.topicArn,
      deadLetterQueueUrl: deadLetters.queueUrl,
      deadLetterQueueArn: deadLetters.queueArn,
      workgroup: WORKGROUP,
      vpcId: network?.vpc.vpcId,
      subnetIds: network?.subnetIds.join(','),
      securityGroupId: network?.securityGroup.securityGroupId,
    });
  }
}

/** Whom a run's end, an alarm or the budget is told to, and where what could not be processed waits. */
import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { suppress } from '../shared/nag';
import { PUBLISHERS } from './lake-key';

export interface AlertsProps {
  readonly encryptionKey: IKey;
  /** Each is sent a message that asks to confirm the subscription. @default none */
  readonly emails?: readonly string[];
  readonly removalPolicy: RemovalPolicy;
}

/** As long as SQS keeps anything. */
const DEAD_LETTER_DAYS = 14;

export class Alerts extends Construct {
  readonly topic: ITopic;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, private readonly props: AlertsProps) {
    super(scope, id);
    this.topic = this.createTopic();
    this.deadLetters = this.createDeadLetters();
  }

  private createTopic(): Topic {
    const topic = new Topic(this, 'Topic', { topicName: 'inlet-notifications', displayName: 'Inlet', masterKey: this.props.encryptionKey, enforceSSL: true });
    for (const email of this.props.emails ?? []) topic.addSubscription(new EmailSubscription(email));
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Publishers',
        principals: PUBLISHERS.map((name) => new ServicePrincipal(name)),
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return topic;
  }

  private createDeadLetters(): Queue {
    const { encryptionKey, removalPolicy } = this.props;
    const queue = new Queue(this, 'DeadLetters', {
      queueName: 'inlet-dead-letters',
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
      removalPolicy,
    });
    suppress(queue, [{ id: 'AwsSolutions-SQS3', reason: 'This is the dead-letter queue; what it holds is replayed with `inlet redrive`, and read by people.' }]);
    return queue;
  }
}

/** What the account may cost in a month, and who hears of it at 80 and at 100 %. */
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface MonthlyBudgetProps {
  readonly environmentName: string;
  readonly limitUsd: number;
  readonly topic: ITopic;
}

const ALERT_PERCENT = [80, 100];

/** Of the whole account, for it holds one environment; those who are told are the topic's subscribers. */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, { environmentName, limitUsd, topic }: MonthlyBudgetProps) {
    super(scope, id);
    const budget = new CfnBudget(this, 'Budget', {
      budget: { budgetName: `inlet-${environmentName}-monthly`, budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: limitUsd, unit: 'USD' } },
      notificationsWithSubscribers: ALERT_PERCENT.map((threshold) => ({
        notification: { notificationType: 'ACTUAL', comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
        subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
      })),
    });
    // With the topic comes the policy that lets Budgets publish: a budget may have something to tell as soon as it is made.
    budget.node.addDependency(topic);
  }
}

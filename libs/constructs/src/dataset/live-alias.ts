/** The state machine's version in service, as those who start it name it: built from names, so that they need nothing of the state machine itself. */
import { Stack } from 'aws-cdk-lib';
import { LIVE_ALIAS, stateMachineName } from '@inlet/deployment';
import type { Construct } from 'constructs';
import type { Grant } from './workload-role';

export function liveAliasArn(scope: Construct, dataset: string): string {
  return `${stateMachineArn(scope, dataset)}:${LIVE_ALIAS}`;
}

/** Step Functions looks up rights by the ARN without the alias, which is a condition: https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html */
export function startLiveAlias(scope: Construct, dataset: string): Grant {
  return {
    actions: ['states:StartExecution'],
    resources: [stateMachineArn(scope, dataset)],
    conditions: { 'ForAnyValue:StringEquals': { 'states:StateMachineQualifier': [LIVE_ALIAS] } },
  };
}

function stateMachineArn(scope: Construct, dataset: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:states:${region}:${account}:stateMachine:${stateMachineName(dataset)}`;
}

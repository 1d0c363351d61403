export { awsErrorName, isTransientAnswer, readAwsAnswer, type AwsAnswer } from './aws-answer';
export { describeAwsFailure, type AwsAttempt } from './describe-aws-failure';

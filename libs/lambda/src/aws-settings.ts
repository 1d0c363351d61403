/** Settings that every AWS client of a function shares. */
import type { EnvironmentVariables } from './lambda-context';

/** Where the services are, where it is not the account and region that the function runs in. */
export interface AwsSettings {
  endpoint?: string;
  region?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** `AWS_ENDPOINT_URL`, as the SDK itself reads it: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
export function readAwsSettings(variables: EnvironmentVariables): AwsSettings {
  return { endpoint: variables['AWS_ENDPOINT_URL'] || undefined };
}

/** A connection that says nothing for a minute is given up and tried again: a function that waits for ever is only killed. */
export function clientSettings({ endpoint, ...aws }: AwsSettings) {
  return { ...aws, ...(endpoint !== undefined && { endpoint }), requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 } };
}

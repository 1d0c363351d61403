/** What would make a deployment fail halfway, found before it begins: one clear sentence each, and a next step. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { BASE_STACK_NAME, type Environment, PARAMETERS } from '@inlet/deployment';
import { PermanentError, redactUrl } from '@inlet/errors';
import { type Credentials, getCallerAccount } from './caller-identity';

export interface PreflightRequest {
  environment: Environment;
  /** Of the project to deploy: the base stack's, or a dataset's. */
  folder: string;
  /** Names of the base stack's buckets. */
  bucketNames: readonly string[];
  /** Whether buckets that exist already are to become the stack's. */
  importsExisting: boolean;
  /** Where all of AWS is reached, for an emulator. */
  endpoint?: string;
  profile?: string;
}

/** Of what `cdk bootstrap` makes, without a qualifier of one's own. */
const BOOTSTRAP_VERSION = '/cdk-bootstrap/hnb659fds/version';
const BASE_FOLDER = 'apps/lake';

/** Throws a PermanentError for the first thing that is amiss. What may not be looked at with these credentials is passed over: the CDK uses roles of its own. */
export async function checkBeforeDeploy(request: PreflightRequest): Promise<void> {
  await checkEndpoint(request);
  const credentials = await findCredentials(request);
  await checkAccount(request, credentials);
  await checkBootstrap(request);
  if (request.folder === BASE_FOLDER) await checkBuckets(request);
  await checkBase(request);
}

function settingsOf({ endpoint, environment, profile }: PreflightRequest) {
  return { region: environment.region, ...(endpoint !== undefined && { endpoint }), ...(profile !== undefined && { profile }), maxAttempts: 2 };
}

async function checkEndpoint({ endpoint }: PreflightRequest): Promise<void> {
  if (endpoint === undefined) return;
  try {
    const answer = await fetch(endpoint, { signal: AbortSignal.timeout(10_000) });
    await answer.body?.cancel();
  } catch (cause) {
    throw new PermanentError({
      what: 'The AWS endpoint does not answer',
      where: `AWS_ENDPOINT_URL ${redactUrl(endpoint)}`,
      next: 'Start the emulator there, or unset AWS_ENDPOINT_URL to deploy to AWS itself.',
      cause,
    });
  }
}

async function findCredentials(request: PreflightRequest): Promise<Credentials> {
  const client = new CloudFormationClient(settingsOf(request));
  try {
    return await client.config.credentials();
  } catch (cause) {
    throw new PermanentError({
      what: 'There are no AWS credentials',
      ...(request.profile !== undefined && { where: `profile ${request.profile}` }),
      found: cause instanceof Error ? cause.message : String(cause),
      next: 'Sign in with `aws sso login --profile <profile>` and name that profile in AWS_PROFILE or with --profile.',
      cause,
    });
  } finally {
    client.destroy();
  }
}

async function checkAccount({ endpoint, environment }: PreflightRequest, credentials: Credentials): Promise<void> {
  const answer = await getCallerAccount(credentials, environment.region, endpoint).catch((cause: unknown) => {
    throw new PermanentError({ what: 'AWS does not answer', where: `STS in ${environment.region}`, next: 'Check this machine\'s way to the internet, and run it again.', cause });
  });
  if ('refusal' in answer) {
    throw new PermanentError({ what: 'AWS refuses the credentials', found: answer.refusal, next: 'Sign in again, such as with `aws sso login`.' });
  }
  if (answer.account !== environment.account) {
    throw new PermanentError({
      what: `The credentials are of another account than the environment ${environment.name}`,
      expected: `account ${environment.account}`,
      found: `account ${answer.account}`,
      next: `Choose another profile or another --environment, or correct the account of ${environment.name} in environments.json.`,
    });
  }
}

async function checkBootstrap(request: PreflightRequest): Promise<void> {
  const { account, region } = request.environment;
  if ((await readParameter(request, BOOTSTRAP_VERSION)) !== 'missing') return;
  throw new PermanentError({ what: 'The account is not prepared for the CDK', where: `account ${account} in ${region}`, next: `Run \`npx cdk bootstrap aws://${account}/${region}\` once.` });
}

/** The base stack has to be there before a dataset's, and be of the same environment. */
async function checkBase(request: PreflightRequest): Promise<void> {
  const { environment, folder } = request;
  const found = await readParameter(request, PARAMETERS.environment);
  if (found === 'unknown') return;
  const where = `account ${environment.account} in ${environment.region}`;
  if (found === 'missing') {
    if (folder === BASE_FOLDER) return;
    throw new PermanentError({ what: `The base stack ${BASE_STACK_NAME} is not deployed`, where, next: `Run \`npx nx deploy lake --environment ${environment.name}\` first.` });
  }
  if (found.value !== environment.name) {
    throw new PermanentError({ what: 'The account already holds another environment', where, expected: environment.name, found: found.value, next: `Give ${environment.name} an account or a region of its own in environments.json.` });
  }
}

async function readParameter(request: PreflightRequest, name: string): Promise<{ value: string } | 'missing' | 'unknown'> {
  const client = new SSMClient(settingsOf(request));
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    return { value: Parameter?.Value ?? '' };
  } catch (error) {
    if (isNamed(error, 'ParameterNotFound')) return 'missing';
    if (isNamed(error, 'AccessDeniedException')) return 'unknown';
    throw error;
  } finally {
    client.destroy();
  }
}

/** Buckets outlive a stack that is deleted, and a new stack cannot make what is there. */
async function checkBuckets(request: PreflightRequest): Promise<void> {
  if (request.importsExisting || (await baseStackExists(request))) return;
  for (const bucket of request.bucketNames) {
    if (!(await bucketExists(request, bucket))) continue;
    throw new PermanentError({
      what: 'A bucket of the base stack exists already, and the stack does not',
      where: bucket,
      next: `If an earlier stack has left it, adopt it with \`npx nx deploy lake --environment ${request.environment.name} --import-existing-resources\`; else empty and delete it.`,
    });
  }
}

async function baseStackExists(request: PreflightRequest): Promise<boolean> {
  const client = new CloudFormationClient(settingsOf(request));
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: BASE_STACK_NAME }));
    // A stack under review has never been made: it is what a change set that failed leaves.
    return (Stacks ?? []).some(({ StackStatus }) => StackStatus !== 'REVIEW_IN_PROGRESS');
  } catch (error) {
    if (isNamed(error, 'ValidationError')) return false;
    if (isNamed(error, 'AccessDenied') || isNamed(error, 'AccessDeniedException')) return true;
    throw error;
  } finally {
    client.destroy();
  }
}

/** Somebody else's bucket counts: names are the whole world's. */
async function bucketExists(request: PreflightRequest, bucket: string): Promise<boolean> {
  const client = new S3Client({ ...settingsOf(request), forcePathStyle: request.endpoint !== undefined, followRegionRedirects: true });
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return false;
    if (status === 403 || status === 301) return true;
    throw error;
  } finally {
    client.destroy();
  }
}

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

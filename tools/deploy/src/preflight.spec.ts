import { createServer } from 'node:net';
import { once } from 'node:events';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { EnvironmentSchema, PARAMETERS } from '@inlet/deployment';
import { PermanentError } from '@inlet/errors';
import { prepareMinistack, type RunningMinistack, skipAloud, tempDir } from '@inlet/testing';
import { checkBeforeDeploy, type PreflightRequest } from './preflight';

const ACCOUNT = '111111111111';
const BUCKET = 'inlet-dev-lake-111111111111-us-east-1';
const environment = EnvironmentSchema.parse({ name: 'dev', account: ACCOUNT, region: 'us-east-1', tags: { Environment: 'dev', Owner: 'team', CostCenter: 'cc-1' } });

const request = (changes: Partial<PreflightRequest> = {}): PreflightRequest => ({ environment, folder: 'apps/lake', bucketNames: [BUCKET], importsExisting: false, ...changes });

/** Nothing of the machine's own AWS settings reaches the SDK. */
function isolate(changes: Record<string, string> = {}): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, { HOME: tempDir(), AWS_EC2_METADATA_DISABLED: 'true', ...changes });
}

const original = { ...process.env };
afterEach(() => {
  process.env = { ...original };
});

describe('checkBeforeDeploy, with nothing to talk to', () => {
  it('says that an endpoint is down, without its query', async () => {
    isolate();
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    const checked = checkBeforeDeploy(request({ endpoint: `http://127.0.0.1:${port}/?token=secret` }));
    await expect(checked).rejects.toThrow(`The AWS endpoint does not answer (AWS_ENDPOINT_URL http://127.0.0.1:${port}/?token=…). Start the emulator there, or unset AWS_ENDPOINT_URL to deploy to AWS itself.`);
  });

  it('says that there are no credentials, and how to get some', async () => {
    isolate();
    await expect(checkBeforeDeploy(request())).rejects.toThrow(/^There are no AWS credentials: .*aws sso login --profile <profile>/);
    await expect(checkBeforeDeploy(request({ profile: 'mine' }))).rejects.toThrow(/^There are no AWS credentials \(profile mine\)/);
  });
});

const ministack = prepareMinistack();
if (!ministack.available) skipAloud('the checks before a deployment against a real server', ministack.reason);

(ministack.available ? describe : describe.skip)('checkBeforeDeploy, against a server', () => {
  let server: RunningMinistack;

  beforeAll(async () => {
    if (ministack.available) server = await ministack.start();
  });
  afterAll(() => server?.stop());

  /** The emulator takes an access key of twelve digits for an account. */
  const signIn = (account = ACCOUNT) => isolate({ AWS_ACCESS_KEY_ID: account, AWS_SECRET_ACCESS_KEY: 'test' });
  const check = (changes: Partial<PreflightRequest> = {}) => checkBeforeDeploy(request({ endpoint: server.endpoint, ...changes }));
  const settings = () => ({ endpoint: server.endpoint, region: 'us-east-1', credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' } });
  const put = (Name: string, Value: string) => new SSMClient(settings()).send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  const remove = (Name: string) => new SSMClient(settings()).send(new DeleteParameterCommand({ Name }));

  it('tells the account that was meant from the one of the credentials', async () => {
    signIn('999999999999');
    await expect(check()).rejects.toThrow('The credentials are of another account than the environment dev: expected account 111111111111, found account 999999999999. Choose another profile');
    await expect(check()).rejects.toBeInstanceOf(PermanentError);
  });

  it('goes from the account to the base stack, one missing thing at a time', async () => {
    signIn();
    await expect(check()).rejects.toThrow('The account is not prepared for the CDK (account 111111111111 in us-east-1). Run `npx cdk bootstrap aws://111111111111/us-east-1` once.');
    await put('/cdk-bootstrap/hnb659fds/version', '30');
    await expect(check()).resolves.toBeUndefined();
    await expect(check({ folder: 'domains/nsde' })).rejects.toThrow('The base stack PP-RAWS-DataLake-Base is not deployed (account 111111111111 in us-east-1). Run `npx nx deploy lake --environment dev` first.');
    await put(PARAMETERS.environment, 'dev');
    await expect(check({ folder: 'domains/nsde' })).resolves.toBeUndefined();
    await put(PARAMETERS.environment, 'staging');
    await expect(check({ folder: 'domains/nsde' })).rejects.toThrow(/already holds another environment .*: expected dev, found staging\. Give dev an account or a region of its own/);
    await remove(PARAMETERS.environment);
  });

  it('finds a bucket that an earlier stack has left, unless it is to be adopted', async () => {
    signIn();
    await put('/cdk-bootstrap/hnb659fds/version', '30');
    await new S3Client({ ...settings(), forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: BUCKET }));
    await expect(check()).rejects.toThrow(`A bucket of the base stack exists already, and the stack does not (${BUCKET}). If an earlier stack has left it, adopt it with \`npx nx deploy lake --environment dev --import-existing-resources\`; else empty and delete it.`);
    await expect(check({ importsExisting: true })).resolves.toBeUndefined();
  });
});

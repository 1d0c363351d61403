import { UsageError } from '@inlet/errors';
import { describeAwsFailure } from './describe-aws-failure';

const failure = (name: string, message: string, over: object = {}) => Object.assign(new Error(message), { name, ...over });
const describeIt = (error: unknown) => describeAwsFailure(error, { what: 'The lake cannot be found', where: '/inlet/lake-bucket' });

describe('describeAwsFailure', () => {
  it.each([
    ['no region', new Error('Region is missing'), 'ConfigError', /--region/],
    ['no credentials', failure('CredentialsProviderError', 'Could not load credentials from any providers'), 'ConfigError', /--profile/],
    ['an SSO session that has ended', failure('CredentialsProviderError', 'The SSO session token associated with profile=x was not found or is invalid. To refresh run aws sso login'), 'ConfigError', /aws sso login/],
    ['expired credentials', failure('ExpiredTokenException', 'The security token included in the request is expired'), 'ConfigError', /Sign in again/],
    ['unknown keys', failure('UnrecognizedClientException', 'The security token included in the request is invalid.'), 'ConfigError', /keys are unknown/],
    ['a right that is missing', failure('AccessDeniedException', 'User: arn:aws:iam::1:user/x is not authorized to perform: ssm:GetParameters on resource: y because no identity-based policy allows it'), 'PermanentError', /expected the right ssm:GetParameters/],
    ['a bare 403', failure('Forbidden', 'no', { $metadata: { httpStatusCode: 403 } }), 'PermanentError', /Ask for it/],
    ['throttling', failure('ThrottlingException', 'Rate exceeded'), 'TransientError', /Try again/],
    ['a fault of the service', failure('Whatever', 'oops', { $metadata: { httpStatusCode: 503 } }), 'TransientError', /oops/],
    ['an endpoint that is down', failure('Error', 'connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' }), 'TransientError', /AWS_ENDPOINT_URL/],
    ['an endpoint that is down at all its addresses', Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:1')], ''), { code: 'ECONNREFUSED' }), 'TransientError', /ECONNREFUSED ::1:1/],
    ['an endpoint that is down, wrapped', new Error('AWS SDK error wrapper for Error: connect ECONNREFUSED 127.0.0.1:1'), 'TransientError', /found connect ECONNREFUSED.*AWS_ENDPOINT_URL/],
    ['what it does not know', failure('OddException', 'odd'), 'PermanentError', /OddException: odd/],
    ['no error at all', 'odd', 'PermanentError', /odd/],
  ])('%s', (_what, error, name, message) => {
    const described = describeIt(error);
    expect(described).toMatchObject({ name, message: expect.stringMatching(message) });
    expect((described as Error).message).toContain('The lake cannot be found');
    expect((described as Error).message).not.toContain('\n');
  });

  it.each([
    ['NoSuchThing', 400, /found NoSuchThing: x\. Look for it\.$/],
    ['AccessDeniedException', 400, /found AccessDeniedException: x\. Give it the right\.$/],
    ['Forbidden', 403, /Give it the right\.$/],
    ['Locked', 403, /found Locked: x\. Unlock it\.$/],
    ['Other', 400, /found Other: x\.$/],
  ])('says what the caller knows to do about %s (%i)', (name, httpStatusCode, message) => {
    const nextSteps = { NoSuchThing: 'Look for it.', AccessDenied: 'Give it the right.', Locked: 'Unlock it.' };
    const described = describeAwsFailure(failure(name, 'x', { $metadata: { httpStatusCode } }), { what: 'It failed', where: 'it', nextSteps });
    expect(described).toMatchObject({ name: 'PermanentError', message: expect.stringMatching(message) });
  });

  it('lets Inlet\'s own errors, aborts and faults of the code through', () => {
    for (const error of [new UsageError({ what: 'x' }), failure('AbortError', 'stop'), new TypeError('x')]) expect(describeIt(error)).toBe(error);
  });
});

import { signHeaders } from './caller-identity';

describe('signHeaders', () => {
  it('signs the worked example of the AWS documentation as it is signed there', () => {
    const { authorization } = signHeaders(
      {
        url: new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'),
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        service: 'iam',
        region: 'us-east-1',
        at: new Date('2015-08-30T12:36:00Z'),
      },
      { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
    );
    expect(authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });

  it('signs the token of temporary credentials too', () => {
    const headers = signHeaders({ url: new URL('https://sts.us-east-1.amazonaws.com/'), headers: {}, service: 'sts', region: 'us-east-1', at: new Date(0) }, { accessKeyId: 'A', secretAccessKey: 'B', sessionToken: 'C' });
    expect(headers).toMatchObject({ 'x-amz-security-token': 'C', authorization: expect.stringContaining('SignedHeaders=host;x-amz-date;x-amz-security-token,') });
  });
});

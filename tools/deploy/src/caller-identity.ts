/** Which AWS account some credentials are of: STS's GetCallerIdentity, which needs no permission, signed by hand because nothing else here needs STS's client. */
import { createHash, createHmac } from 'node:crypto';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface UnsignedRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  service: string;
  region: string;
  at: Date;
}

/** The account's twelve digits; a text that says why not, where STS refuses. Throws where nothing answers. */
export async function getCallerAccount(credentials: Credentials, region: string, endpoint = `https://sts.${region}.amazonaws.com`): Promise<{ account: string } | { refusal: string }> {
  const url = new URL('/?Action=GetCallerIdentity&Version=2011-06-15', endpoint);
  const headers = signHeaders({ url, headers: {}, service: 'sts', region, at: new Date() }, credentials);
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
  const text = await answer.text();
  const account = /<Account>(\d{12})<\/Account>/.exec(text)?.[1];
  if (answer.ok && account !== undefined) return { account };
  return { refusal: /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? `status ${answer.status}` };
}

/**
 * The headers of a GET without a body, signed with AWS Signature Version 4:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signHeaders({ url, headers, service, region, at }: UnsignedRequest, { accessKeyId, secretAccessKey, sessionToken }: Credentials): Record<string, string> {
  const stamp = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${stamp.slice(0, 8)}/${region}/${service}/aws4_request`;
  const all: Record<string, string> = { ...headers, host: url.host, 'x-amz-date': stamp, ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }) };
  const names = Object.keys(all).sort();
  const query = [...url.searchParams].map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`).sort().join('&');
  const canonical = ['GET', url.pathname, query, ...names.map((name) => `${name}:${all[name]?.trim()}`), '', names.join(';'), sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n');
  const key = [stamp.slice(0, 8), region, service, 'aws4_request'].reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return { ...all, authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}` };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** As RFC 3986 has it: encodeURIComponent leaves five characters that a signature wants encoded. */
const encodeStrictly = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

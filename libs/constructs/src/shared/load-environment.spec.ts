import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempDir } from '@inlet/testing';
import { EnvironmentsError, loadEnvironment, parseEnvironments } from './load-environment';

const COMMITTED = path.resolve(__dirname, '../../../../environments.json');

const dev = { name: 'dev', account: '111111111111', region: 'us-east-1', tags: { Environment: 'dev', Owner: 'team', CostCenter: 'cc-1' } };

const parse = (...environments: object[]) => parseEnvironments(JSON.stringify({ environments }), 'environments.json');

function problemsOf(...environments: object[]): string[] {
  try {
    parse(...environments);
  } catch (error) {
    if (error instanceof EnvironmentsError) return error.problems.map(({ path: where, problem }) => `${where}: ${problem}`);
    throw error;
  }
  return [];
}

describe('loadEnvironment', () => {
  it.each(['dev', 'staging', 'prod'])('finds %s in the committed file', (name) => {
    const environment = loadEnvironment(name, COMMITTED);
    expect(environment.name).toBe(name);
    expect(environment.tags.Environment).toBe(name);
  });

  it('names the environments that there are when asked for another', () => {
    expect(() => loadEnvironment('qa', COMMITTED)).toThrow(/There is no such environment \(.*environments\.json\): expected dev or staging or prod, found "qa"\. Choose one of them with --environment, such as --environment dev\./);
  });

  it('says what to do when the file is not there', () => {
    expect(() => loadEnvironment('dev', path.join(tempDir(), 'environments.json'))).toThrow(/cannot be read .*Run the command from the workspace/);
  });

  it('reads a file with a byte order mark', () => {
    const file = path.join(tempDir(), 'environments.json');
    writeFileSync(file, `\uFEFF${JSON.stringify({ environments: [dev] })}`);
    expect(loadEnvironment('dev', file)).toMatchObject({ architecture: 'arm64', destroy_data: false, network: { enabled: false, nat: false } });
  });
});

describe('parseEnvironments', () => {
  it('reports every problem at once, with its path', () => {
    expect(problemsOf({ ...dev, account: '12', tags: { Environment: 'dev', CostCenter: '' } }, { ...dev, name: 'qa', colour: 'blue' })).toEqual([
      'environments[0].account: twelve digits',
      'environments[0].tags.Owner: the mandatory tag is missing',
      expect.stringMatching(/^environments\[0\]\.tags\.CostCenter: /),
      expect.stringMatching(/^environments\[1\]\.name: /),
      'environments[1].colour: there is no such key',
    ]);
  });

  it('refuses two environments of one name, two in one place, and NAT without a network', () => {
    expect(problemsOf(dev, { ...dev, network: { nat: true } })).toEqual([
      'environments[1].name: "dev" is described twice',
      'environments[1].account: another environment already has account 111111111111 in us-east-1',
      'environments[1].network.nat: a NAT gateway needs network.enabled',
    ]);
  });

  it('lists the problems in its message', () => {
    expect(() => parse({ ...dev, region: 'Mars' })).toThrow('The file of environments has a problem (environments.json). Correct it there:\n  environments[0].region: an AWS region such as eu-west-1');
  });

  it('says where text is no JSON', () => {
    expect(() => parseEnvironments('{ "environments": [', 'environments.json')).toThrow(/\(whole file\): no JSON: /);
  });
});

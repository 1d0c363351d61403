import { EnvironmentSchema } from './index';

const tags = { Environment: 'dev', Owner: 'team', CostCenter: 'cc-1' };
const written = { name: 'dev', account: '111111111111', region: 'eu-west-1', tags };
const pathsOf = (value: unknown) => EnvironmentSchema.safeParse(value).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('EnvironmentSchema', () => {
  it('fills in what keeps data, costs least and holds functions back', () => {
    expect(EnvironmentSchema.parse(written)).toEqual({
      ...written,
      alert_emails: [],
      monthly_budget_usd: 100,
      athena_scan_limit_bytes: 10_000_000_000,
      network: { enabled: false, nat: false },
      architecture: 'arm64',
      log_retention_days: 365,
      mirror_hosts: [],
      destroy_data: false,
    });
  });
  it.each([
    ['a tag too few', { ...written, tags: { Environment: 'dev', Owner: 'team' } }, ['tags.CostCenter']],
    ['an empty tag', { ...written, tags: { ...tags, Owner: '' } }, ['tags.Owner']],
    ['an account that is none', { ...written, account: '1234' }, ['account']],
    ['a region that is none', { ...written, region: 'europe' }, ['region']],
    ['a name that is none of three', { ...written, name: 'qa' }, ['name']],
    ['an unknown key', { ...written, regoin: 'eu-west-1' }, ['']],
    ['everything at once', { ...written, account: '', region: '', monthly_budget_usd: 0 }, ['account', 'region', 'monthly_budget_usd']],
  ])('refuses %s', (_what, value, paths) => {
    expect(pathsOf(value)).toEqual(paths);
  });
});
